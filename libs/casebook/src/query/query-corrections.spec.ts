import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#event-store';
import type { CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  change,
  enrolment,
  instant,
  lineage,
  reason,
  recorded,
  SUBJECT,
  value,
} from '../casebook.spec-kit.js';
import { correctionsOf } from './query-corrections.js';

const Q1 = `${SUBJECT}-Q1`;
const everything = { arms: true, item: () => true };
const corrected = (query: string | undefined, ...paths: string[]): CasebookEvent => ({
  type: 'ItemsCorrected',
  data: {
    ...BASELINE,
    changes: paths.map((path) => change(path, value('a'), value('b'))),
    reason,
    ...(query && { query }),
  },
});
const logged = (...events: CasebookEvent[]) =>
  recorded([enrolment, ...events]).map(
    (event): RecordedEvent => ({
      ...event,
      ...{
        log: 'S',
        stream: `subject/${SUBJECT}`,
        salt: '',
        schemaVersion: 1,
        position: event.revision * 10,
      },
    }),
  );

describe('what was corrected because of a query', () => {
  it('is what names it, with where it stands in the log', () => {
    const raised: CasebookEvent = { type: 'QueryRaised', data: { ...BASELINE, query: Q1, text: '?' } };
    const events = logged(
      raised,
      corrected(undefined, 'I.SEX'),
      corrected(`${SUBJECT}-Q2`, 'I.SEX'),
      corrected(Q1, 'I.SEX', 'IG.TL/a/I.TLSITE'),
    );
    expect(correctionsOf(events, Q1, lineage, everything)).toEqual([
      {
        ...BASELINE,
        position: 40,
        at: instant(4),
        by: 'anna',
        reason,
        items: [{ item: 'I.SEX' }, { item: 'I.TLSITE', group: 'IG.TL', rowKey: 'a' }],
      },
    ]);
  });

  it('C-23: is left out as far as the reader must not know of it', () => {
    const events = logged(corrected(Q1, 'I.STAY'), corrected(Q1, 'I.STAY', 'I.SEX'));
    const blinded = correctionsOf(events, Q1, lineage, { arms: false, item: () => true });
    expect(blinded.map(({ items }) => items)).toEqual([[{ item: 'I.SEX' }]]);
  });
});
