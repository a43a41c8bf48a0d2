import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#event-store';
import type { CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  change,
  enrolment,
  entered,
  FOLLOW_UP,
  instant,
  itemOf,
  KEY,
  lineage,
  lineageOf,
  place,
  reason,
  recorded,
  sealed,
  value,
  withoutItem,
} from '../casebook.spec-kit.js';
import { historyOf } from './history.js';
import { readerOf } from './reader.js';

const everything = readerOf({ identity: true, arms: true, item: () => true }, KEY, place);

const shows = () => true;

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
      definition: 1,
      missing: null,
    };
    expect(historyOf(events, BASELINE, lineage, everything, shows)).toEqual([
      { ...common, item: 'I.NAME', label: 'Name', value: 'Anna' },
      { ...common, item: 'I.DX', label: 'Diagnosis', value: '2025' },
      { ...common, item: 'I.STAY', label: 'Stay', value: 3 },
      { ...common, item: 'I.CENTRAL', label: 'Central review', value: 'x' },
      {
        ...common,
        item: 'I.DX',
        label: 'Diagnosis',
        value: null,
        missing: 'unknown',
        version: 2,
        reason,
        position: 30,
        enteredAt: instant(3),
      },
      {
        ...common,
        item: 'I.NAME',
        label: 'Name',
        value: null,
        version: 2,
        reason,
        position: 30,
        enteredAt: instant(3),
      },
      {
        ...common,
        item: 'I.TLSITE',
        label: 'Site',
        group: 'IG.TL',
        rowKey: 'a',
        value: 'LIVER',
        position: 40,
        enteredAt: instant(4),
      },
    ]);
  });

  it('is that of the one form', () => {
    expect(historyOf(events, FOLLOW_UP, lineage, everything, shows)).toMatchObject([
      { item: 'I.HB', value: 12 },
    ]);
    expect(historyOf(events, { visit: 'FU~2', form: 'LB' }, lineage, everything, shows)).toEqual([]);
  });

  it('C-23: masks and leaves out as the form does', () => {
    const sight = {
      identity: false,
      arms: false,
      item: (item: { hiddenFrom?: readonly string[] }) => !item.hiddenFrom,
    };
    const history = historyOf(events, BASELINE, lineage, readerOf(sight, KEY, place), shows);
    expect(history.map(({ item, masked }) => [item, masked])).toEqual([
      ['I.NAME', 'identifying'],
      ['I.DX', undefined],
      ['I.DX', undefined],
      ['I.NAME', 'identifying'],
      ['I.TLSITE', undefined],
    ]);
    expect(JSON.stringify(history)).not.toContain('Anna');
  });

  it('names the query because of which something was entered, to whoever may know of it', () => {
    const query = 'FR01-0001-Q1';
    const data = { ...BASELINE, changes: [change('I.SEX', null, value('F'))], first: true, query };
    const asked = logged(enrolment, { type: 'ItemsEntered', data });
    expect(historyOf(asked, BASELINE, lineage, everything, shows)).toMatchObject([{ query }]);
    expect(historyOf(asked, BASELINE, lineage, everything, () => false)[0]).not.toHaveProperty('query');
  });

  it('tells each value in the terms of the version that it was entered with, retired ones too', () => {
    const versions = lineageOf((next) => {
      itemOf(next, 'I.DX').label = 'Date of diagnosis';
      itemOf(next, 'I.SEX').label = 'Sex at birth';
      next.codeLists[0]!.codes = [{ code: 'F', label: 'Woman' }];
    }, withoutItem('I.SEX'));
    const adopt = (definition: number): CasebookEvent => ({
      type: 'DefinitionAdopted',
      data: { definition },
    });
    const turned = logged(
      enrolment,
      entered({ 'I.SEX': value('M'), 'I.DX': value('2024') }),
      adopt(2),
      corrected(change('I.SEX', value('M'), value('F'))),
      adopt(3),
      corrected(change('I.DX', value('2024'), value('2025'))),
    );
    expect(historyOf(turned, BASELINE, versions, everything, shows)).toMatchObject([
      { item: 'I.SEX', definition: 1, label: 'Sex', value: 'M', codes: { M: 'M' } },
      { item: 'I.DX', definition: 1, label: 'Diagnosis' },
      { item: 'I.SEX', definition: 2, label: 'Sex at birth', value: 'F', codes: { F: 'Woman' } },
      { item: 'I.DX', definition: 3, label: 'Date of diagnosis', value: '2025' },
    ]);
  });
});
