import { describe, expect, it } from 'vitest';
import { compile, shippedStudies } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  ADVERSE_EVENT,
  BASELINE,
  change,
  DEATH,
  enrolment,
  enter,
  entered,
  FOLLOW_UP,
  folded,
  given,
  reason,
  sealed,
  value,
} from '../casebook.spec-kit.js';
import { formTag } from './enter-form.js';

const corrected = (...changes: ReturnType<typeof change>[]): CasebookEvent => ({
  type: 'ItemsCorrected',
  data: { ...BASELINE, changes, reason },
});
const filled = entered({ 'I.SEX': value('F'), 'I.DX': value('2025-11') });
const withdrawn: CasebookEvent = { type: 'SubjectWithdrawn', data: { date: '2026-02-10', reason } };

describe('entering a form', () => {
  it('enters values and missing codes, and says that it is the first time', () => {
    const body = { items: { 'I.SEX': 'F', 'I.DX': '2025-11' }, missing: { 'I.SEEN': 'not-done' } };
    expect(given().when(enter(body))).toEqual([
      entered({ 'I.SEX': value('F'), 'I.DX': value('2025-11'), 'I.SEEN': { missing: 'not-done' } }),
    ]);
  });

  it('enters what was empty without a reason, and says that it is not the first time', () => {
    expect(given(filled).when(enter({ items: { 'I.SEEN': '2026-02-01' } }))).toEqual([
      {
        type: 'ItemsEntered',
        data: { ...BASELINE, first: false, changes: [change('I.SEEN', null, value('2026-02-01'))] },
      },
    ]);
  });

  it('keeps visits and forms that repeat apart', () => {
    const first = entered({ 'I.HB': value(12) }, FOLLOW_UP);
    const second = { visit: 'FU~2', form: 'LB' };
    expect(given(first).when(enter({ ...second, items: { 'I.HB': 11 } }))).toEqual([
      entered({ 'I.HB': value(11) }, second),
    ]);
    const event = { ...ADVERSE_EVENT, form: 'AE~2' };
    expect(
      given(entered({ 'I.AETERM': value('Rash') }, ADVERSE_EVENT)).when(
        enter({ ...event, items: { 'I.AETERM': 'Fever' } }),
      ),
    ).toEqual([entered({ 'I.AETERM': value('Fever') }, event)]);
  });

  it('changes nothing when nothing is other than it was', () => {
    expect(given().when(enter({}))).toEqual([]);
    expect(given().when(enter({ items: { 'I.SEX': null } }))).toEqual([]);
    expect(given(filled).when(enter({ items: { 'I.SEX': 'F' } }))).toEqual([]);
    expect(given(filled).when(enter({ items: { 'I.SEX': 'F', 'I.DX': '2025-11' }, whole: true }))).toEqual(
      [],
    );
  });
});

describe('correcting a form', () => {
  it('changes a value with a reason, and keeps what it was', () => {
    expect(given(filled).when(enter({ items: { 'I.SEX': 'M' }, reason }))).toEqual([
      corrected(change('I.SEX', value('F'), value('M'))),
    ]);
  });

  it.each([
    ['another value', { items: { 'I.DX': '2025' } }, { value: '2025' }],
    ['a missing code', { missing: { 'I.DX': 'unknown' } }, { missing: 'unknown' }],
    ['nothing', { items: { 'I.DX': null } }, null],
  ] as const)('puts %s in a value’s place', (_, body, to) => {
    expect(given(filled).when(enter({ ...body, reason }))).toEqual([
      corrected(change('I.DX', value('2025-11'), to)),
    ]);
  });

  it('puts a value in a missing code’s place, with a reason too', () => {
    const missing = entered({ 'I.DX': { missing: 'unknown' } });
    expect(given(missing).when(enter({ items: { 'I.DX': '2025' }, reason }))).toEqual([
      corrected(change('I.DX', { missing: 'unknown' }, value('2025'))),
    ]);
    expect(given(missing).when(enter({ items: { 'I.DX': '2025' } }))).toEqual({
      refused: 'reason-required',
      at: ['/items/I.DX'],
    });
  });

  it('is refused without a reason, at every value that would change', () => {
    const body = { items: { 'I.SEX': 'M', 'I.SEEN': '2026-02-01' }, missing: { 'I.DX': 'unknown' } };
    expect(given(filled).when(enter(body))).toEqual({
      refused: 'reason-required',
      at: ['/items/I.SEX', '/missing/I.DX'],
    });
  });

  it('goes with what is entered for the first time, as events of their own', () => {
    expect(given(filled).when(enter({ items: { 'I.SEX': 'M', 'I.SEEN': '2026-02-01' }, reason }))).toEqual([
      {
        type: 'ItemsEntered',
        data: { ...BASELINE, first: false, changes: [change('I.SEEN', null, value('2026-02-01'))] },
      },
      corrected(change('I.SEX', value('F'), value('M'))),
    ]);
  });

  it('lets an emptied item be entered again without a reason', () => {
    const emptied = corrected(change('I.SEX', value('F'), null));
    expect(given(filled, emptied).when(enter({ items: { 'I.SEX': 'M' } }))).toMatchObject([
      { type: 'ItemsEntered', data: { changes: [change('I.SEX', null, value('M'))] } },
    ]);
  });
});

describe('a whole form', () => {
  it('empties what it does not name', () => {
    expect(given(filled).when(enter({ items: { 'I.SEX': 'F' }, whole: true, reason }))).toEqual([
      corrected(change('I.DX', value('2025-11'), null)),
    ]);
  });

  it('empties only with a reason', () => {
    expect(given(filled).when(enter({ items: { 'I.SEX': 'F' }, whole: true }))).toEqual({
      refused: 'reason-required',
      at: ['/items/I.DX'],
    });
  });

  it('leaves what the role cannot see, what is derived and what the definition no longer has', () => {
    const unseen = entered({
      'I.CENTRAL': value('agreed'),
      'I.BMI': value(22),
      'I.GONE': value('x'),
      'IG.TL/a/I.TLREVIEW': value('agreed'),
    });
    expect(given(filled, unseen).when(enter({ whole: true, reason }))).toEqual([
      corrected(change('I.SEX', value('F'), null), change('I.DX', value('2025-11'), null)),
    ]);
  });

  it('does not empty what is empty already', () => {
    const emptied = corrected(change('I.DX', value('2025-11'), null));
    expect(given(filled, emptied).when(enter({ items: { 'I.SEX': 'F' }, whole: true }))).toEqual([]);
  });

  it('touches no other form', () => {
    const later = entered({ 'I.HB': value(12) }, FOLLOW_UP);
    expect(given(later).when(enter({ items: { 'I.SEX': 'F' }, whole: true }))).toEqual([
      entered({ 'I.SEX': value('F') }),
    ]);
  });
});

describe('a part of a form', () => {
  it('leaves what it does not name, rows too', () => {
    const rows = entered({ 'IG.TL/a/I.TLSITE': value('LIVER'), 'IG.TL/a/I.TLDIAM': value(31) });
    const body = { rows: { 'IG.TL': [{ rowKey: 'a', items: { 'I.TLDIAM': 28 } }] }, reason };
    expect(given(filled, rows).when(enter(body))).toEqual([
      corrected(change('IG.TL/a/I.TLDIAM', value(31), value(28))),
    ]);
  });
});

describe('rows', () => {
  const row = (rowKey: string, items: object) => ({ rowKey, items });
  const rows = entered({
    'IG.TL/a/I.TLSITE': value('LIVER'),
    'IG.TL/a/I.TLDIAM': value(31),
    'IG.TL/b/I.TLSITE': value('NODE'),
  });

  it('are entered', () => {
    const body = {
      rows: {
        'IG.TL': [row('a', { 'I.TLSITE': 'LIVER', 'I.TLDIAM': 31 }), row('b', { 'I.TLSITE': 'NODE' })],
      },
    };
    expect(given().when(enter(body))).toEqual([rows]);
  });

  it('are known by their key, not by their place', () => {
    const body = {
      rows: {
        'IG.TL': [row('b', { 'I.TLSITE': 'NODE' }), row('a', { 'I.TLSITE': 'LIVER', 'I.TLDIAM': 31 })],
      },
    };
    expect(given(rows).when(enter({ ...body, whole: true }))).toEqual([]);
  });

  it('are removed by a whole form that does not name them, with a reason', () => {
    const body = { rows: { 'IG.TL': [row('b', { 'I.TLSITE': 'NODE' })] }, whole: true };
    expect(given(rows).when(enter({ ...body, reason }))).toEqual([
      corrected(
        change('IG.TL/a/I.TLSITE', value('LIVER'), null),
        change('IG.TL/a/I.TLDIAM', value(31), null),
      ),
    ]);
    expect(given(rows).when(enter(body))).toEqual({
      refused: 'reason-required',
      at: ['/rows/IG.TL', '/rows/IG.TL'],
    });
  });

  it('lose the items that a whole form does not name', () => {
    const body = { rows: { 'IG.TL': [row('a', { 'I.TLSITE': 'LIVER' }), row('b', { 'I.TLSITE': 'NODE' })] } };
    expect(given(rows).when(enter({ ...body, whole: true, reason }))).toEqual([
      corrected(change('IG.TL/a/I.TLDIAM', value(31), null)),
    ]);
  });

  it('are never more than the group may have, those there already counted', () => {
    const third = { rows: { 'IG.TL': [row('c', { 'I.TLSITE': 'BONE' })] } };
    expect(given(rows).when(enter(third))).toEqual({ refused: 'invalid-value', at: ['/rows/IG.TL'] });
    expect(given(rows).when(enter({ ...third, whole: true, reason }))).toMatchObject([
      { type: 'ItemsEntered' },
      { type: 'ItemsCorrected' },
    ]);
  });

  it('make room when one is emptied in the same act', () => {
    const swap = {
      rows: { 'IG.TL': [row('b', { 'I.TLSITE': null }), row('c', { 'I.TLSITE': 'BONE' })] },
      reason,
    };
    expect(given(rows).when(enter(swap))).toHaveLength(2);
  });

  it('that are too many under a later definition can be corrected, but not added to', () => {
    const over = entered({
      'IG.TL/a/I.TLSITE': value('LIVER'),
      'IG.TL/b/I.TLSITE': value('NODE'),
      'IG.TL/c/I.TLSITE': value('BONE'),
    });
    const correction = { rows: { 'IG.TL': [row('a', { 'I.TLSITE': 'LUNG' })] }, reason };
    const addition = { rows: { 'IG.TL': [row('d', { 'I.TLSITE': 'LUNG' })] } };
    expect(given(over).when(enter(correction))).toHaveLength(1);
    expect(given(over).when(enter(addition))).toEqual({ refused: 'invalid-value', at: ['/rows/IG.TL'] });
  });
});

describe('identifying items', () => {
  const body = { items: { 'I.NAME': 'Anna Abel', 'I.BIRTH': '1961-04', 'I.SEX': 'F' } };

  it('are never in an event in the clear', () => {
    const first = given().when(enter(body));
    const second = given(...(first as CasebookEvent[])).when(
      enter({ items: { 'I.NAME': 'Anna Bebel' }, reason }),
    );
    expect(JSON.stringify([first, second])).not.toMatch(/Anna|Abel|Bebel|1961/);
    expect(second).toEqual([
      corrected(change('I.NAME', sealed('I.NAME', 'Anna Abel'), sealed('I.NAME', 'Anna Bebel'))),
    ]);
  });

  it('do not change when the same value comes again', () => {
    const casebook = folded(given().when(enter(body)) as CasebookEvent[]);
    expect(enter(body)(casebook)).toEqual([]);
    expect(enter({ ...body, whole: true })(casebook)).toEqual([]);
  });

  it('are emptied without their value being opened', () => {
    const named = entered({ 'I.NAME': sealed('I.NAME', 'Anna Abel') });
    expect(given(named).when(enter({ whole: true, reason }))).toEqual([
      corrected(change('I.NAME', sealed('I.NAME', 'Anna Abel'), null)),
    ]);
  });
});

describe('If-Match', () => {
  const again = { items: { 'I.SEX': 'M' }, reason };
  const casebook = folded([enrolment, filled]);
  const tag = formTag(casebook.forms['V1/DM']!);

  it('is not needed at the first entry', () => {
    expect(given().when(enter(again, { ifMatch: undefined }))).toHaveLength(1);
  });

  it('is needed once the form has data, even if nothing would change', () => {
    for (const body of [again, { items: { 'I.SEX': 'F' } }, {}])
      expect(given(filled).when(enter(body, { ifMatch: undefined }))).toEqual({
        refused: 'precondition-required',
      });
  });

  it('is met by the form’s ETag, among others too, and by *', () => {
    for (const ifMatch of [{ tags: [tag] }, { tags: ['x', tag] }, { any: true as const }])
      expect(given(filled).when(enter(again, { ifMatch }))).toHaveLength(1);
  });

  it('is stale with any other, and the problem shows the form as the caller may see it', () => {
    expect(given(filled).when(enter(again, { ifMatch: { tags: ['0', '2', ''] } }))).toEqual({
      refused: 'stale',
    });
    const stale = () => enter(again, { ifMatch: { tags: [] }, view: () => 'as seen' })(casebook);
    expect(stale).toThrow(expect.objectContaining({ details: { extensions: { current: 'as seen' } } }));
  });

  it('is stale where there is no form, * too', () => {
    for (const ifMatch of [{ tags: ['0'] }, { any: true as const }]) {
      expect(given().when(enter(again, { ifMatch }))).toEqual({ refused: 'stale' });
      expect(() => enter(again, { ifMatch })(folded([]))).toThrow(
        expect.objectContaining({ details: { extensions: { current: null } } }),
      );
    }
  });

  it('looks at the one form: what happens elsewhere does not make it stale', () => {
    const elsewhere = folded([entered({ 'I.HB': value(12) }, FOLLOW_UP), withdrawn], casebook);
    expect(enter(again, { ifMatch: { tags: [tag] } })(elsewhere)).toHaveLength(1);
  });

  it('comes before the reason: who has not seen the data is not asked why', () => {
    expect(given(filled).when(enter({ items: { 'I.SEX': 'M' } }, { ifMatch: undefined }))).toEqual({
      refused: 'precondition-required',
    });
  });
});

describe('completeness', () => {
  const complete: CasebookEvent = { type: 'FormCompleted', data: FOLLOW_UP };
  const reopened: CasebookEvent = { type: 'FormReopened', data: FOLLOW_UP };
  const hb = entered({ 'I.HB': value(12) }, FOLLOW_UP);

  it('is declared with the data or after them, once', () => {
    expect(given().when(enter({ ...FOLLOW_UP, items: { 'I.HB': 12 }, complete: true }))).toEqual([
      hb,
      complete,
    ]);
    expect(given(hb).when(enter({ ...FOLLOW_UP, complete: true }))).toEqual([complete]);
    expect(given(hb, complete).when(enter({ ...FOLLOW_UP, complete: true }))).toEqual([]);
  });

  it('is taken back', () => {
    expect(given(hb, complete).when(enter({ ...FOLLOW_UP, complete: false }))).toEqual([reopened]);
    expect(given(hb).when(enter({ ...FOLLOW_UP, complete: false }))).toEqual([]);
  });

  it('stays when nothing is said of it', () => {
    const correction = enter({ ...FOLLOW_UP, items: { 'I.HB': 11 }, whole: true, reason });
    expect(given(hb, complete).when(correction)).toMatchObject([{ type: 'ItemsCorrected' }]);
  });
});

describe('the date of death', () => {
  const dead = (date: string, before: string | null = null): CasebookEvent[] => [
    before === null
      ? entered({ 'I.DTH': value(date) }, DEATH)
      : {
          type: 'ItemsCorrected',
          data: { ...DEATH, changes: [change('I.DTH', value(before), value(date))], reason },
        },
    { type: 'SubjectDied', data: { date }, actor: { system: 'milestone' } },
  ];
  const retracted: CasebookEvent = { type: 'DeathRetracted', data: {}, actor: { system: 'milestone' } };
  const status = (casebook: Casebook) => [casebook.status, casebook.died];

  it('makes the subject dead, by the system', () => {
    expect(given().when(enter({ ...DEATH, items: { 'I.DTH': '2026-02' } }))).toEqual(dead('2026-02'));
    expect(status(folded(dead('2026-02')))).toEqual(['dead', '2026-02']);
  });

  it('is corrected', () => {
    expect(
      given(...dead('2026-02')).when(enter({ ...DEATH, items: { 'I.DTH': '2026-01-31' }, reason })),
    ).toEqual(dead('2026-01-31', '2026-02'));
  });

  it.each([
    ['emptied', { items: { 'I.DTH': null } }],
    ['a missing code', { missing: { 'I.DTH': 'unknown' } }],
    ['not in the whole form', { items: { 'I.CAUSE': 'OTHER' }, whole: true }],
  ])('is retracted when it is %s', (_, body) => {
    const decided = given(...dead('2026-02')).when(enter({ ...DEATH, ...body, reason })) as CasebookEvent[];
    expect(decided.at(-1)).toEqual(retracted);
    expect(status(folded(decided, folded(dead('2026-02'))))).toEqual(['enrolled', undefined]);
  });

  it('does not move with other items', () => {
    expect(given(...dead('2026-02')).when(enter({ ...DEATH, items: { 'I.CAUSE': 'OTHER' } }))).toHaveLength(
      1,
    );
    expect(given(...dead('2026-02')).when(enter({ items: { 'I.SEX': 'F' } }))).toHaveLength(1);
    expect(given().when(enter({ ...DEATH, missing: { 'I.DTH': 'unknown' } }))).toHaveLength(1);
  });

  it('leaves who had withdrawn withdrawn when it is retracted', () => {
    const casebook = folded([withdrawn, ...dead('2026-02')]);
    expect(status(casebook)).toEqual(['dead', '2026-02']);
    expect(status(folded([retracted], casebook))).toEqual(['withdrawn', undefined]);
  });
});

describe('a subject who has withdrawn', () => {
  it('gets no new form, not even an empty one', () => {
    for (const body of [{ items: { 'I.HB': 12 } }, { missing: { 'I.HB': 'refused' } }, { complete: true }])
      expect(given(filled, withdrawn).when(enter({ ...FOLLOW_UP, ...body }))).toEqual({
        refused: 'subject-withdrawn',
      });
  });

  it('has forms that can be corrected', () => {
    expect(given(filled, withdrawn).when(enter({ items: { 'I.SEX': 'M' }, reason }))).toEqual([
      corrected(change('I.SEX', value('F'), value('M'))),
    ]);
  });

  it('gets new forms after reinstatement', () => {
    const reinstated: CasebookEvent = { type: 'SubjectReinstated', data: { reason } };
    expect(given(withdrawn, reinstated).when(enter({ items: { 'I.SEX': 'F' } }))).toHaveLength(1);
  });
});

describe('the siNET study', () => {
  const study = compile(shippedStudies().find(({ study }) => study.oid === 'SINET')!, 1);

  it('keeps a demographics form: names sealed, an incomplete birth date, a weight to be checked', () => {
    const body = {
      visit: 'V_SCR',
      form: 'DM',
      items: { 'I.DM.NAME': 'Anna Abel', 'I.DM.BIRTHDT': '1961-04', 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 300 },
      missing: { 'I.DM.ECOG': 'not-done', 'I.DM.MRN': 'unknown' },
      complete: true,
    };
    const decided = given().when(enter(body, { study })) as CasebookEvent[];
    expect(decided.map(({ type }) => type)).toEqual([
      'ItemsEntered',
      'FormCompleted',
      'ItemsDerived',
      'QueryRaised',
      'QueryRaised',
    ]);
    expect(decided.slice(2)).toMatchObject([
      { data: { changes: [{ item: 'I.DM.AGE', from: null, to: value(64) }] } },
      { data: { item: 'I.DM.WEIGHT', check: 'range' } },
      { data: { item: 'I.DM.COUNTRY', check: 'required' } },
    ]);
    expect(JSON.stringify(decided)).not.toMatch(/Anna|1961/);
  });

  it('follows the death form of the end of study', () => {
    const body = { visit: 'V_EOS', form: 'DD', items: { 'I.DD.DTHDAT': '2026-02' } };
    expect(given().when(enter(body, { study }))).toMatchObject([
      { type: 'ItemsEntered' },
      { type: 'SubjectDied', data: { date: '2026-02' } },
    ]);
  });
});
