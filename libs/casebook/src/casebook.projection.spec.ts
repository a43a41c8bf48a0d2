import { describe, expect, it } from 'vitest';
import { type Casebook, type CasebookEvent, emptyCasebook } from './casebook.js';
import { formRows, projectCasebook, subjectRows } from './casebook.projection.js';
import {
  BASELINE,
  enrolment,
  entered,
  FOLLOW_UP,
  folded,
  instant,
  reason,
  SUBJECT,
  value,
} from './casebook.spec-kit.js';
import { queryRows } from './query/query.projection.js';

const query = (number: number): CasebookEvent => ({
  type: 'QueryRaised',
  data: { ...BASELINE, query: `${SUBJECT}-Q${number}`, text: 'Why?' },
});
const answered: CasebookEvent = { type: 'QueryAnswered', data: { query: `${SUBJECT}-Q1`, text: 'So.' } };
const closed: CasebookEvent = { type: 'QueryClosed', data: { query: `${SUBJECT}-Q1`, text: 'Good.' } };
const before = folded([
  enrolment,
  entered({ 'I.SEX': value('F') }),
  entered({ 'I.HB': value(1) }, FOLLOW_UP),
  query(1),
]);

/** The rows by table, of those tables that have any. */
function rows(before: Casebook, after: Casebook) {
  const sets = projectCasebook(before, after, 'S').filter(({ rows }) => rows.length > 0);
  return Object.fromEntries(sets.map(({ model, rows }) => [model.table, rows]));
}

describe('the rows of a casebook', () => {
  it('are a subject’s, its forms’ and its queries’', () => {
    const common = { study: 'S', subject: SUBJECT };
    expect(rows(emptyCasebook, before)).toEqual({
      subject: [
        {
          ...common,
          site: 'FR01',
          series: 'FR01',
          number: 1,
          status: 'enrolled',
          arm: null,
          definition: 1,
          consented: '2026-01-15',
          enrolled: instant(0),
          openqueries: 1,
        },
      ],
      form: [
        { ...common, visit: 'V1', form: 'DM', complete: false, state: before.forms['V1/DM'] },
        { ...common, visit: 'FU', form: 'LB', complete: false, state: before.forms['FU/LB'] },
      ],
      query: [
        {
          ...common,
          number: 1,
          site: 'FR01',
          status: 'open',
          raised: instant(3),
          changed: instant(3),
          visit: 'V1',
          form: 'DM',
          items: [],
          check: null,
          state: before.queries[`${SUBJECT}-Q1`],
        },
      ],
    });
  });

  it('have just the columns of their tables', () => {
    for (const { model, rows } of projectCasebook(emptyCasebook, before, 'S'))
      for (const row of rows) expect(Object.keys(row).sort()).toEqual([...model.columns].sort());
  });

  it('are none where nothing changed', () => {
    expect(rows(before, before)).toEqual({});
  });

  it('are those of the form that was entered', () => {
    const after = folded([{ type: 'FormCompleted', data: FOLLOW_UP }], before);
    expect(rows(before, after)).toEqual({ form: [expect.objectContaining({ visit: 'FU', complete: true })] });
  });

  it('are those of the query that moved, and the subject’s while the number of open ones changes', () => {
    const raised = folded([query(2)], before);
    expect(rows(before, raised)).toMatchObject({ subject: [{ openqueries: 2 }], query: [{ number: 2 }] });
    const after = folded([answered], before);
    expect(rows(before, after)).toEqual({
      query: [expect.objectContaining({ number: 1, status: 'answered' })],
    });
    expect(rows(after, folded([closed], after))).toMatchObject({
      subject: [{ openqueries: 0 }],
      query: [{ number: 1, status: 'closed' }],
    });
  });

  it('are the subject’s when arm or status change; the arm stays as first allocated', () => {
    const allocated = folded([{ type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-20' } }], before);
    expect(rows(before, allocated)).toEqual({ subject: [expect.objectContaining({ arm: 'A' })] });
    const crossedOver = folded(
      [{ type: 'ArmCrossedOver', data: { from: 'A', to: 'B', date: '2026-02-01', reason } }],
      allocated,
    );
    expect(rows(allocated, crossedOver)).toEqual({});
    const dead = folded([{ type: 'SubjectDied', data: { date: '2026-02' } }], before);
    expect(rows(before, dead)).toEqual({
      subject: [expect.objectContaining({ status: 'dead' })],
      adjudication: [expect.objectContaining({ status: 'pending', died: '2026-02' })],
    });
  });

  it('count numbers within the series of the subject key, whatever hyphens a site’s code has', () => {
    const other = { ...enrolment.data, subject: 'FR-01-B-0042' } as typeof enrolment.data;
    const after = folded([{ ...enrolment, data: other } as CasebookEvent]);
    expect(rows(emptyCasebook, after)).toMatchObject({ subject: [{ series: 'FR-01-B', number: 42 }] });
  });

  it('have keys under which an upsert finds them again', () => {
    expect([subjectRows, formRows, queryRows].map(({ table, key }) => [table, key])).toEqual([
      ['subject', ['study', 'subject']],
      ['form', ['study', 'subject', 'visit', 'form']],
      ['query', ['study', 'subject', 'number']],
    ]);
  });
});
