import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#event-store';
import type { CasebookEvent } from './casebook.js';
import {
  BASELINE,
  change,
  enrolment,
  entered,
  FOLLOW_UP,
  instant,
  KEY,
  place,
  reason,
  recorded,
  sealed,
  study,
  value,
} from './casebook.spec-kit.js';
import { historyOf } from './history.js';
import { readerOf } from './reader.js';

const everything = readerOf({ identity: true, arms: true, item: () => true }, KEY, place);

const corrected = (...changes: ReturnType<typeof change>[]): CasebookEvent => ({
  type: 'ItemsCorrected',
  data: { ...BASELINE, changes, reason },
});

/** As the log would give them back, ten positions apart. */
const logged = (...events: CasebookEvent[]) =>
  recorded(events).map(
    (event): RecordedEvent => ({
      ...event,
      log: 'S',
      stream: 'subject/FR01-0001',
      salt: '',
      schemaVersion: 1,
      position: event.revision * 10,
    }),
  );

describe('the history of a form', () => {
  const events = logged(
    enrolment,
    entered({
      'I.NAME': sealed('I.NAME', 'Anna'),
      'I.DX': value('2025'),
      'I.STAY': value(3),
      'I.CENTRAL': value('x'),
    }),
    entered({ 'I.HB': value(12) }, FOLLOW_UP),
    corrected(
      change('I.DX', value('2025'), { missing: 'unknown' }),
      change('I.NAME', sealed('I.NAME', 'Anna'), null),
    ),
    entered({ 'IG.TL/a/I.TLSITE': value('LIVER') }),
  );

  it('has every value of every item, in order, with who, when, why and where in the log', () => {
    const common = {
      enteredBy: 'anna',
      reason: null,
      position: 10,
      enteredAt: instant(1),
      version: 1,
      missing: null,
    };
    expect(historyOf(events, BASELINE, study, everything)).toEqual([
      { ...common, item: 'I.NAME', value: 'Anna' },
      { ...common, item: 'I.DX', value: '2025' },
      { ...common, item: 'I.STAY', value: 3 },
      { ...common, item: 'I.CENTRAL', value: 'x' },
      {
        ...common,
        item: 'I.DX',
        value: null,
        missing: 'unknown',
        version: 2,
        reason,
        position: 30,
        enteredAt: instant(3),
      },
      { ...common, item: 'I.NAME', value: null, version: 2, reason, position: 30, enteredAt: instant(3) },
      {
        ...common,
        item: 'I.TLSITE',
        group: 'IG.TL',
        rowKey: 'a',
        value: 'LIVER',
        position: 40,
        enteredAt: instant(4),
      },
    ]);
  });

  it('is that of the one form', () => {
    expect(historyOf(events, FOLLOW_UP, study, everything)).toMatchObject([{ item: 'I.HB', value: 12 }]);
    expect(historyOf(events, { visit: 'FU~2', form: 'LB' }, study, everything)).toEqual([]);
  });

  it('masks and leaves out as the form does', () => {
    const sight = {
      identity: false,
      arms: false,
      item: (item: { hiddenFrom?: readonly string[] }) => !item.hiddenFrom,
    };
    const history = historyOf(events, BASELINE, study, readerOf(sight, KEY, place));
    expect(history.map(({ item, masked }) => [item, masked])).toEqual([
      ['I.NAME', 'identifying'],
      ['I.DX', undefined],
      ['I.STAY', 'blinded'],
      ['I.DX', undefined],
      ['I.NAME', 'identifying'],
      ['I.TLSITE', undefined],
    ]);
    expect(JSON.stringify(history)).not.toContain('Anna');
  });
});
