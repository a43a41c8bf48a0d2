import { describe, expect, it } from 'vitest';
import type { Sight } from '#access';
import type { Definition } from '#study';
import type { FormAddress } from '../address.js';
import { formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  ADVERSE_EVENT,
  BASELINE,
  change,
  DEATH,
  enrolment,
  entered,
  FOLLOW_UP,
  folded as foldedAlone,
  instant,
  itemOf,
  KEY,
  lineage,
  lineageOf,
  place,
  reason,
  SUBJECT,
  sealed,
  value,
  withoutItem,
} from '../casebook.spec-kit.js';
import type { Held } from '../held.js';
import { readerOf } from './reader.js';
import { isFormThereFor, type Reader, viewForm } from './view.js';

/** What is entered is entered into the casebook of an enrolled subject. */
const folded = (events: readonly CasebookEvent[]) => foldedAlone([enrolment, ...events]);

const everything: Sight = { identity: true, arms: true, item: () => true };
const reader = (own: Partial<Sight> = {}, key: Uint8Array | undefined = KEY): Reader =>
  readerOf({ ...everything, ...own }, key, place);

const view = (casebook: Casebook, by: Reader, address: FormAddress = BASELINE) =>
  viewForm(casebook.forms[formKey(address)]!, Object.values(casebook.queries), lineage, by);

const filled = entered({
  'I.NAME': sealed('I.NAME', 'Anna Abel'),
  'I.BIRTH': { missing: 'refused' },
  'I.SEX': value('F'),
  'I.SYMPT': value(['PAIN', 'FLUSH']),
  'I.STAY': value(12),
  'I.CENTRAL': value('agreed'),
});

describe('a form, for a reader of everything', () => {
  const seen = view(folded([filled]), reader());

  it('shows values as they were entered, sealed ones opened', () => {
    expect(seen.items).toMatchObject({
      'I.NAME': { value: 'Anna Abel', missing: null },
      'I.SEX': { value: 'F', missing: null },
      'I.SYMPT': { value: ['PAIN', 'FLUSH'], missing: null },
      'I.STAY': { value: 12, missing: null },
      'I.CENTRAL': { value: 'agreed', missing: null },
    });
    expect(Object.values(seen.items).filter((item) => 'masked' in item)).toEqual([]);
  });

  it('shows why there is no value', () => {
    expect(seen.items['I.BIRTH']).toMatchObject({ value: null, missing: 'refused' });
  });

  it('tells who entered which version when, and what was emptied', () => {
    const emptied: CasebookEvent = {
      type: 'ItemsCorrected',
      data: { ...BASELINE, changes: [change('I.SEX', value('F'), null)], reason },
      actor: { user: 'berta', role: 'coordinator' },
    };
    expect(view(folded([filled, emptied]), reader()).items['I.SEX']).toEqual({
      value: null,
      missing: null,
      version: 2,
      enteredBy: 'berta',
      enteredAt: instant(2),
      verified: false,
      openQueries: 0,
    });
  });

  it('says where it stands and whether it is complete', () => {
    expect(seen).toMatchObject({ ...BASELINE, complete: false, rows: {} });
    const complete = folded([filled, { type: 'FormCompleted', data: BASELINE }]);
    expect(view(complete, reader()).complete).toBe(true);
  });

  it('leaves out items that no definition ever had', () => {
    expect(
      view(folded([entered({ 'I.GONE': value('x'), 'I.SEX': value('F') })]), reader()).items,
    ).not.toHaveProperty('I.GONE');
  });
});

describe('a form, for others', () => {
  const casebook = folded([filled]);

  it('masks what identifies the subject, missing codes too', () => {
    const seen = view(casebook, reader({ identity: false }));
    for (const item of ['I.NAME', 'I.BIRTH'])
      expect(seen.items[item]).toMatchObject({ value: null, missing: null, masked: 'identifying' });
    expect(seen.items['I.SEX']).toMatchObject({ value: 'F' });
  });

  it('C-23: leaves out what tells the arms apart: that it was entered could, too', () => {
    const seen = view(casebook, reader({ arms: false }));
    expect(seen.items).not.toHaveProperty('I.STAY');
    expect(seen.items['I.NAME']).toMatchObject({ value: 'Anna Abel' });
  });

  it('C-23: is not there where only that was entered, but is where nothing was', () => {
    const isThere = (items: Record<string, Held>, own: Partial<Sight>) =>
      isFormThereFor(reader(own), folded([entered(items)]).forms['V1/DM']!, lineage);
    expect(isThere({ 'I.STAY': value(3) }, { arms: false })).toBe(false);
    expect(isThere({ 'I.STAY': value(3) }, {})).toBe(true);
    expect(isThere({ 'I.STAY': value(3), 'I.SEX': value('F') }, { arms: false })).toBe(true);
    expect(isThere({}, { arms: false })).toBe(true);
  });

  it('leaves out what is hidden from the role', () => {
    const seen = view(casebook, reader({ item: ({ hiddenFrom }) => !hiddenFrom }));
    expect(seen.items).not.toHaveProperty('I.CENTRAL');
    expect(seen.items).toHaveProperty('I.SEX');
  });

  it('says that the identity was erased, but only of sealed values', () => {
    const seen = view(casebook, { ...reader(), unseal: () => undefined });
    expect(seen.items['I.NAME']).toMatchObject({ value: null, missing: null, masked: 'erased' });
    expect(seen.items['I.BIRTH']).toMatchObject({ missing: 'refused' });
    expect(seen.items['I.BIRTH']).not.toHaveProperty('masked');
  });

  it('never has a sealed text in it', () => {
    for (const own of [{}, { identity: false }, { arms: false }])
      expect(JSON.stringify(view(casebook, reader(own)))).not.toContain('sealed');
  });
});

describe('a form, after another version was adopted', () => {
  const casebook = folded([filled, { type: 'DefinitionAdopted', data: { definition: 2 } }]);
  const viewAfter = (by: Reader, ...steps: ((next: Definition) => unknown)[]) =>
    viewForm(casebook.forms['V1/DM']!, [], lineageOf(...steps), by);
  const relabel = (next: Definition) => {
    itemOf(next, 'I.SEX').label = 'Sex at birth';
    next.codeLists[0]!.codes = [{ code: 'F', label: 'Woman' }];
  };

  it('shows entries in the terms that they were made in', () => {
    const { items } = viewAfter(reader(), relabel);
    expect(items['I.SEX']).toMatchObject({ value: 'F', definition: 1, label: 'Sex', codes: { F: 'F' } });
    expect(items['I.STAY']).toMatchObject({ value: 12, label: 'Stay' });
    expect(items['I.STAY']).not.toHaveProperty('codes');
    expect(items['I.SEX']).not.toHaveProperty('retired');
  });

  it('shows entries of the version that is followed without them', () => {
    const again = folded([
      filled,
      { type: 'DefinitionAdopted', data: { definition: 2 } },
      { type: 'ItemsCorrected', data: { ...BASELINE, changes: [change('I.SEX', value('F'), null)], reason } },
    ]);
    const { items } = viewForm(again.forms['V1/DM']!, [], lineageOf(relabel), reader());
    expect(items['I.SEX']).toMatchObject({ version: 2 });
    for (const told of ['definition', 'label']) expect(items['I.SEX']).not.toHaveProperty(told);
  });

  it('shows what is gone as retired: an item, a group that is no more in rows, the whole form', () => {
    const { items, ...form } = viewAfter(reader(), withoutItem('I.SEX'));
    expect(items['I.SEX']).toMatchObject({ value: 'F', retired: true, label: 'Sex', codes: { F: 'F' } });
    expect(items['I.STAY']).not.toHaveProperty('retired');
    expect(form).not.toHaveProperty('retired');
    const gone = viewAfter(reader(), ({ visits }) => visits[0]!.forms.shift());
    expect(gone).toMatchObject({ retired: true, items: { 'I.SEX': { value: 'F', retired: true } } });
  });

  it('shows nobody what the newest version hides from them, nor what was sealed when entered', () => {
    const hide = (next: Definition) => {
      itemOf(next, 'I.SEX').hiddenFrom = ['monitor'];
      itemOf(next, 'I.SYMPT').identifying = true;
      itemOf(next, 'I.NAME').identifying = false;
    };
    const monitor = reader({ identity: false, item: ({ hiddenFrom }) => !hiddenFrom });
    const { items } = viewAfter(monitor, hide);
    expect(items).not.toHaveProperty('I.SEX');
    for (const oid of ['I.SYMPT', 'I.NAME'])
      expect(items[oid]).toMatchObject({ value: null, masked: 'identifying' });
    expect(viewAfter(monitor, hide, withoutItem('I.SEX')).items).not.toHaveProperty('I.SEX');
    expect(viewAfter(reader(), hide).items['I.NAME']).toMatchObject({ value: 'Anna Abel' });
  });
});

describe('a reader', () => {
  it('without the subject’s key cannot open anything', () => {
    const { unseal } = readerOf(everything, undefined, place);
    expect(unseal('I.NAME', { sealed: 'AAAA' })).toBeUndefined();
  });

  it('is not shown a value that was sealed for another place', () => {
    const moved = folded([entered({ 'I.NAME': sealed('I.BIRTH', '1961') })]);
    expect(() => view(moved, reader())).toThrow();
  });
});

describe('rows', () => {
  const rows = entered({
    'IG.TL/b/I.TLSITE': value('LIVER'),
    'IG.TL/a/I.TLSITE': value('NODE'),
    'IG.TL/b/I.TLDIAM': value(31),
    'IG.TL/b/I.TLREVIEW': value('agreed'),
  });

  it('stand in the order of their first entry, with their keys', () => {
    expect(view(folded([rows]), reader()).rows).toMatchObject({
      'IG.TL': [
        { rowKey: 'b', items: { 'I.TLSITE': { value: 'LIVER' }, 'I.TLDIAM': { value: 31 } } },
        { rowKey: 'a', items: { 'I.TLSITE': { value: 'NODE' } } },
      ],
    });
    expect(view(folded([rows]), reader()).items).toEqual({});
  });

  it('are gone when nothing is left of them', () => {
    const removed: CasebookEvent = {
      type: 'ItemsCorrected',
      data: { ...BASELINE, changes: [change('IG.TL/a/I.TLSITE', value('NODE'), null)], reason },
    };
    expect(view(folded([rows, removed]), reader()).rows['IG.TL']?.map(({ rowKey }) => rowKey)).toEqual(['b']);
  });

  it('show no item that is hidden from the role', () => {
    const seen = view(folded([rows]), reader({ item: ({ hiddenFrom }) => !hiddenFrom }));
    expect(seen.rows['IG.TL']?.[0]?.items).not.toHaveProperty('I.TLREVIEW');
  });
});

describe('open queries of an item', () => {
  const query = (
    n: number,
    address: FormAddress,
    item?: Partial<{ item: string; group: string; row: string }>,
  ) =>
    ({
      type: 'QueryRaised',
      data: { ...address, ...item, query: `${SUBJECT}-Q${n}`, text: 'Why?' },
    }) as CasebookEvent;
  const step = (type: 'QueryAnswered' | 'QueryClosed' | 'QueryCancelled', n: number): CasebookEvent => ({
    type,
    data: { query: `${SUBJECT}-Q${n}`, text: 'So.' },
  });

  it('are those open or answered, not those closed or cancelled, nor those on the whole form', () => {
    const events = [
      entered({ 'I.SEX': value('F'), 'I.WEIGHT': value(60) }),
      ...[1, 2, 3, 4].map((n) => query(n, BASELINE, { item: 'I.SEX' })),
      query(5, BASELINE),
      step('QueryAnswered', 2),
      step('QueryAnswered', 3),
      step('QueryClosed', 3),
      step('QueryCancelled', 4),
    ];
    const { items } = view(folded(events), reader());
    expect(items['I.SEX']!.openQueries).toBe(2);
    expect(items['I.WEIGHT']!.openQueries).toBe(0);
  });

  it('are those of the same form in the same visit', () => {
    const later = { visit: 'FU~2', form: 'LB' };
    const events = [
      entered({ 'I.HB': value(40) }, FOLLOW_UP),
      entered({ 'I.HB': value(12) }, later),
      query(1, FOLLOW_UP, { item: 'I.HB' }),
      query(2, ADVERSE_EVENT, { item: 'I.HB' }),
      query(3, DEATH),
    ];
    const casebook = folded(events);
    expect(view(casebook, reader(), FOLLOW_UP).items['I.HB']!.openQueries).toBe(1);
    expect(view(casebook, reader(), later).items['I.HB']!.openQueries).toBe(0);
  });

  it('are those that the reader may see, also of checks that look at something hidden, too', () => {
    const check = {
      type: 'QueryRaised' as const,
      data: {
        ...BASELINE,
        ...{ item: 'I.SEX', items: ['I.SEX', 'I.CENTRAL'], check: 'C1' },
        query: `${SUBJECT}-Q1`,
        text: 'Why?',
      },
    };
    const casebook = folded([entered({ 'I.SEX': value('F') }), check]);
    expect(view(casebook, reader()).items['I.SEX']!.openQueries).toBe(1);
    const site = reader({ item: ({ hiddenFrom }) => !hiddenFrom });
    expect(view(casebook, site).items['I.SEX']!.openQueries).toBe(0);
  });

  it('are those of the same row', () => {
    const events = [
      entered({ 'IG.TL/a/I.TLDIAM': value(500), 'IG.TL/b/I.TLDIAM': value(20) }),
      query(1, BASELINE, { item: 'I.TLDIAM', group: 'IG.TL', row: 'a' }),
    ];
    const rows = view(folded(events), reader()).rows['IG.TL']!;
    expect(rows.map(({ items }) => items['I.TLDIAM']!.openQueries)).toEqual([1, 0]);
  });
});
