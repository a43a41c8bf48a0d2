import { describe, expect, it } from 'vitest';
import { type Query, Tally } from '#odm';
import { OdmQueries } from './odm-query.js';

const place = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX' };

/** What a document's queries come to, and what of them is noted. */
function actsOf(...queries: Partial<Query>[]) {
  const tally = new Tally();
  const read = new OdmQueries(tally);
  const acts = queries.flatMap((query) =>
    read.acts('S', place, {
      oid: 'Q1',
      source: 'Site Monitor',
      type: 'Manual',
      state: 'Open',
      lastUpdate: '2026-01-31T00:00:00Z',
      text: 'Really?',
      ...query,
    }),
  );
  return { acts, notes: tally.list().map(({ reason }) => reason) };
}

const raised = { act: 'RaiseQuery', odmQuery: 'Q1', command: { ...place, text: 'Really?' } };

describe('queries of a document', () => {
  it('are raised, and taken from state to state', () => {
    const { acts, notes } = actsOf(
      {},
      { state: 'Answered', text: 'Yes' },
      { state: 'Open', text: 'Sure?' },
      { state: 'Answered', text: 'Yes!' },
      { state: 'Resolved', text: 'Well' },
    );
    expect(acts).toEqual([
      raised,
      { act: 'AnswerQuery', odmQuery: 'Q1', text: 'Yes' },
      { act: 'ReopenQuery', odmQuery: 'Q1', text: 'Sure?' },
      { act: 'AnswerQuery', odmQuery: 'Q1', text: 'Yes!' },
      { act: 'CloseQuery', odmQuery: 'Q1', text: 'Well' },
    ]);
    expect(notes).toEqual([]);
  });

  it.each<[string, Partial<Query>[], number]>([
    ['of an edit check', [{ type: 'System' }], 0],
    ['of a system that does not say more', [{ source: 'System', type: undefined as never }], 0],
    ['whose beginning the document does not have', [{ state: 'Closed' }], 0],
    ['that is only proposed', [{ state: 'Candidate' }], 0],
    ['a second time in the same state', [{}, { text: 'And?' }], 1],
  ])('are not raised, and noted: one %s', (_, queries, count) => {
    const { acts, notes } = actsOf(...queries);
    expect([acts.length, notes.length]).toEqual([count, 1]);
  });
});
