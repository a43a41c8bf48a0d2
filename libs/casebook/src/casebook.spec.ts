import { describe, expect, it } from 'vitest';
import { formKey, itemPath } from './address.js';
import { type CasebookEvent, emptyCasebook, evolve } from './casebook.js';
import {
  ADVERSE_EVENT,
  BASELINE,
  change,
  enrolment,
  entered,
  FOLLOW_UP,
  folded,
  instant,
  reason,
  recorded,
  SUBJECT,
  value,
} from './casebook.spec-kit.js';
import { rowsOf } from './form/form-state.js';

const allocated: CasebookEvent = { type: 'ArmAllocated', data: { arm: 'A', date: '2026-01-20' } };
const crossover = (from: string, to: string, date: string): CasebookEvent => ({
  type: 'ArmCrossedOver',
  data: { from, to, date, reason },
});

describe('a casebook', () => {
  it('begins with the enrolment', () => {
    expect(emptyCasebook.status).toBe('absent');
    expect(folded([enrolment])).toEqual({
      subject: SUBJECT,
      site: 'FR01',
      status: 'enrolled',
      definition: 1,
      consentDate: '2026-01-15',
      enrolledAt: instant(0),
      crossovers: [],
      withdrawn: false,
      revision: 0,
      forms: {},
      queries: {},
      signatures: {},
      left: [],
      locks: {},
    });
  });

  it('stands at the revision of its last event', () => {
    expect(folded([enrolment, allocated]).revision).toBe(1);
  });

  it('keeps the first arm for ever and lists the crossovers', () => {
    const after = folded([
      enrolment,
      allocated,
      crossover('A', 'B', '2026-02-01'),
      crossover('B', 'A', '2026-02-20'),
    ]);
    expect(after.arm).toEqual({ code: 'A', date: '2026-01-20' });
    expect(after.crossovers).toEqual([
      { to: 'B', date: '2026-02-01' },
      { to: 'A', date: '2026-02-20' },
    ]);
  });

  it('knows no event of another kind', () => {
    const [stranger] = recorded([{ type: 'SubjectVanished', data: {} } as unknown as CasebookEvent]);
    expect(() => evolve(emptyCasebook, stranger!)).toThrow(/SubjectVanished/);
  });

  it('is not changed by what follows: each state is one of its own', () => {
    const before = folded([enrolment, entered({ 'I.SEX': value('F') })]);
    const copy = structuredClone(before);
    folded(
      [entered({ 'I.DX': value('2025') }), allocated, { type: 'FormCompleted', data: BASELINE }],
      before,
    );
    expect(before).toEqual(copy);
  });
});

describe('the status', () => {
  const died: CasebookEvent = { type: 'SubjectDied', data: { date: '2026-02' } };
  const retracted: CasebookEvent = { type: 'DeathRetracted', data: {} };
  const withdrawn: CasebookEvent = { type: 'SubjectWithdrawn', data: { date: '2026-02-10', reason } };
  const reinstated: CasebookEvent = { type: 'SubjectReinstated', data: { reason } };

  it.each<[string, CasebookEvent[]]>([
    ['enrolled', []],
    ['withdrawn', [withdrawn]],
    ['enrolled', [withdrawn, reinstated]],
    ['dead', [died]],
    ['dead', [died, { ...died, data: { date: '2026-01' } }]],
    ['enrolled', [died, retracted]],
    ['dead', [withdrawn, died]],
    ['withdrawn', [withdrawn, died, retracted]],
    ['dead', [withdrawn, died, reinstated]],
    ['withdrawn', [withdrawn, allocated]],
  ])('is %s after %j', (status, events) => {
    expect(folded([enrolment, ...events]).status).toBe(status);
  });
});

describe('a form', () => {
  const first = entered({ 'I.SEX': value('F'), 'I.DX': value('2025') });
  const correction: CasebookEvent = {
    type: 'ItemsCorrected',
    data: { ...BASELINE, changes: [change('I.DX', value('2025'), { missing: 'unknown' })], reason },
    actor: { user: 'berta', role: 'coordinator' },
  };

  it('holds what was last entered in each item, with version, author and time', () => {
    const { forms } = folded([enrolment, first, correction]);
    expect(forms).toEqual({
      'V1/DM': {
        ...BASELINE,
        revision: 2,
        complete: false,
        items: {
          'I.SEX': { item: 'I.SEX', held: value('F'), definition: 1, version: 1, by: 'anna', at: instant(1) },
          'I.DX': {
            item: 'I.DX',
            held: { missing: 'unknown' },
            definition: 1,
            version: 2,
            by: 'berta',
            at: instant(2),
          },
        },
      },
    });
  });

  it('holds each item in the terms of the definition that was followed when it was entered', () => {
    const adopted: CasebookEvent = { type: 'DefinitionAdopted', data: { definition: 2 } };
    const { definition, forms } = folded([enrolment, first, adopted, correction]);
    expect(definition).toBe(2);
    const { items } = forms['V1/DM']!;
    expect([items['I.SEX']!.definition, items['I.DX']!.definition]).toEqual([1, 2]);
  });

  it('counts versions through emptiness', () => {
    const emptied: CasebookEvent = {
      type: 'ItemsCorrected',
      data: { ...BASELINE, changes: [change('I.DX', value('2025'), null)], reason },
    };
    const { items } = folded([first, emptied, entered({ 'I.DX': value('2024') })]).forms['V1/DM']!;
    expect(items['I.DX']).toMatchObject({ held: value('2024'), version: 3 });
  });

  it('has a revision that moves with itself alone, completeness included', () => {
    const revisions = (...events: CasebookEvent[]) => folded(events).forms['V1/DM']!.revision;
    const query: CasebookEvent = {
      type: 'QueryRaised',
      data: { ...BASELINE, query: `${SUBJECT}-Q1`, text: '?' },
    };
    expect(revisions(first, allocated, query, entered({ 'I.HB': value(1) }, FOLLOW_UP))).toBe(0);
    expect(revisions(first, { type: 'FormCompleted', data: BASELINE })).toBe(1);
    expect(
      revisions(first, { type: 'FormCompleted', data: BASELINE }, { type: 'FormReopened', data: BASELINE }),
    ).toBe(2);
  });

  it('is complete from its completion to its reopening', () => {
    const complete = (...events: CasebookEvent[]) => folded([first, ...events]).forms['V1/DM']!.complete;
    expect(complete()).toBe(false);
    expect(complete({ type: 'FormCompleted', data: BASELINE })).toBe(true);
    expect(complete({ type: 'FormCompleted', data: BASELINE }, correction)).toBe(true);
    expect(
      complete({ type: 'FormCompleted', data: BASELINE }, { type: 'FormReopened', data: BASELINE }),
    ).toBe(false);
  });

  it('is kept apart from other repeats, and is the same object when it was not touched', () => {
    const before = folded([enrolment, first, entered({ 'I.AETERM': value('Rash') }, ADVERSE_EVENT)]);
    const after = folded(
      [entered({ 'I.AETERM': value('Fever') }, { ...ADVERSE_EVENT, form: 'AE~2' })],
      before,
    );
    expect(Object.keys(after.forms)).toEqual(['V1/DM', 'LOG/AE', 'LOG/AE~2']);
    expect(after.forms['V1/DM']).toBe(before.forms['V1/DM']);
    expect(after.forms['LOG/AE']).toBe(before.forms['LOG/AE']);
  });

  it('has the rows of which something is left', () => {
    const rows = entered({ 'IG.TL/a/I.TLSITE': value('LIVER'), 'IG.TL/b/I.TLSITE': { missing: 'unknown' } });
    const removed: CasebookEvent = {
      type: 'ItemsCorrected',
      data: { ...BASELINE, changes: [change('IG.TL/a/I.TLSITE', value('LIVER'), null)], reason },
    };
    expect([...rowsOf(folded([rows]).forms['V1/DM'], 'IG.TL')]).toEqual(['a', 'b']);
    expect([...rowsOf(folded([rows, removed]).forms['V1/DM'], 'IG.TL')]).toEqual(['b']);
    expect([...rowsOf(folded([rows]).forms['V1/DM'], 'IG.DM')]).toEqual([]);
    expect([...rowsOf(undefined, 'IG.TL')]).toEqual([]);
  });
});

describe('a query', () => {
  const query = `${SUBJECT}-Q1`;
  const raised: CasebookEvent = {
    type: 'QueryRaised',
    data: { ...BASELINE, item: 'I.SEX', query, text: 'Sure?', check: 'range' },
    actor: { system: 'edit check' },
  };

  it('is a thread: who said what when, at each step', () => {
    const answered: CasebookEvent = { type: 'QueryAnswered', data: { query, text: 'Yes.' } };
    const { [query]: thread } = folded([enrolment, raised, answered]).queries;
    expect(thread).toEqual({
      ...BASELINE,
      item: 'I.SEX',
      query,
      text: 'Sure?',
      check: 'range',
      status: 'answered',
      raisedAt: instant(1),
      changedAt: instant(2),
      messages: [
        { type: 'QueryRaised', by: 'edit check', at: instant(1), text: 'Sure?' },
        { type: 'QueryAnswered', by: 'anna', role: 'investigator', at: instant(2), text: 'Yes.' },
      ],
    });
  });
});

describe('keys', () => {
  it('of a form join visit and form, repeats and all', () => {
    expect(formKey({ visit: 'FU~3', form: 'LB' })).toBe('FU~3/LB');
  });

  it('of an item are its OID, or group, row and OID', () => {
    expect(itemPath({ item: 'I.SEX' })).toBe('I.SEX');
    expect(itemPath({ item: 'I.TLSITE', group: 'IG.TL', row: 'a' })).toBe('IG.TL/a/I.TLSITE');
  });
});
