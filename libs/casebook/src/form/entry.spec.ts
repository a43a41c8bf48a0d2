import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import {
  BASELINE,
  enter,
  folded,
  given,
  reason,
  sealed,
  seesAsInvestigator,
  study,
  TODAY,
  value,
} from '../casebook.spec-kit.js';
import { type EnterForm, prepareForm } from './entry.js';
import type { EntryFacts } from './form-reader.js';

type Body = Parameters<typeof enter>[0];

/** The faults with which a body is refused, as `code pointer`. */
function faults(body: Body): string[] {
  try {
    enter(body)(folded([]));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid-value') throw error;
    return error.details.errors!.map(({ code, pointer }) => `${code} ${pointer}`);
  }
  return [];
}

/** What a form holds after one first entry of a body, by item path. */
function kept(body: Body) {
  const decided = given().when(enter(body));
  if (!Array.isArray(decided)) throw new Error(JSON.stringify(decided));
  return decided.flatMap((event) =>
    event.type === 'ItemsEntered' ? event.data.changes.map(({ item, row, to }) => [row, item, to]) : [],
  );
}

describe('values', () => {
  it('of every type are kept as they come', () => {
    const items = {
      'I.SEX': 'F',
      'I.WEIGHT': 61.5,
      'I.SYMPT': ['FLUSH', 'PAIN'],
      'I.SEEN': TODAY,
      'I.STAY': 0,
    };
    expect(kept({ items })).toEqual(
      Object.entries(items).map(([item, value]) => [undefined, item, { value }]),
    );
  });

  it.each(['2025', '2025-11', '2025-11-03'])('of a partial date are kept at their precision: %s', (date) => {
    expect(kept({ items: { 'I.DX': date } })).toEqual([[undefined, 'I.DX', value(date)]]);
  });

  it.each([
    ['wrong-type', 'I.SEX', 1],
    ['not-in-code-list', 'I.SEX', 'X'],
    ['not-in-code-list', 'I.SEX', 'toString'],
    ['wrong-type', 'I.WEIGHT', '61'],
    ['out-of-range', 'I.WEIGHT', -1],
    ['not-an-integer', 'I.STAY', 1.5],
    ['wrong-type', 'I.SYMPT', 'PAIN'],
    ['empty', 'I.SYMPT', []],
    ['repeated-code', 'I.SYMPT', ['PAIN', 'PAIN']],
    ['impossible-date', 'I.DX', '2025-13'],
    ['impossible-date', 'I.DX', '2025-02-29'],
    ['future-date', 'I.DX', '2027'],
    ['impossible-date', 'I.SEEN', '2026-02'],
    ['future-date', 'I.SEEN', '2026-03-02'],
    ['empty', 'I.NAME', ' '],
    ['wrong-type', 'I.NAME', { sealed: 'AAAA' }],
    ['wrong-type', 'I.SEX', undefined],
  ])('are refused: %s in %s', (code, item, wrong) => {
    expect(faults({ items: { [item]: wrong } })).toEqual([`${code} /items/${item}`]);
  });

  it('are refused all at once, each with its place', () => {
    expect(
      faults({
        items: { 'I.SEX': 'X', 'I.WEIGHT': 60, 'I.DX': '2025-00' },
        missing: { 'I.SYMPT': 'forgotten' },
        rows: { 'IG.TL': [{ rowKey: '1', items: { 'I.TLDIAM': 'big' } }], 'IG.XX': [] },
      }),
    ).toEqual([
      'not-in-code-list /items/I.SEX',
      'impossible-date /items/I.DX',
      'not-in-code-list /missing/I.SYMPT',
      'wrong-type /rows/IG.TL/0/items/I.TLDIAM',
      'unknown-group /rows/IG.XX',
    ]);
  });
});

describe('items', () => {
  it.each([
    ['that no form has', 'I.XX'],
    ['of another form', 'I.HB'],
    ['of a repeating group, outside its rows', 'I.TLSITE'],
    ['that the role must not touch, as if it did not exist', 'I.CENTRAL'],
    ['with a name that objects have', 'constructor'],
  ])('are refused: one %s', (_, item) => {
    expect(faults({ items: { [item]: 'x' } })).toEqual([`unknown-item /items/${item}`]);
    expect(faults({ items: { [item]: null } })).toEqual([`unknown-item /items/${item}`]);
    expect(faults({ missing: { [item]: 'unknown' } })).toEqual([`unknown-item /missing/${item}`]);
  });

  it('are told apart from those of an object’s own kind', () => {
    expect(faults({ items: JSON.parse('{"__proto__": 1}') })).toEqual(['unknown-item /items/__proto__']);
  });

  it('are named by a JSON Pointer, escaped', () => {
    expect(faults({ items: { 'a/b~c': 1 } })).toEqual(['unknown-item /items/a~1b~0c']);
  });

  it('are refused when derived, whatever is sent', () => {
    expect(faults({ items: { 'I.BMI': 22 } })).toEqual(['derived-item /items/I.BMI']);
    expect(faults({ items: { 'I.BMI': null } })).toEqual(['derived-item /items/I.BMI']);
    expect(faults({ missing: { 'I.BMI': 'unknown' } })).toEqual(['derived-item /missing/I.BMI']);
  });
});

describe('missing codes', () => {
  it.each(['not-done', 'unknown', 'not-applicable', 'refused'] as const)('say why: %s', (code) => {
    expect(kept({ missing: { 'I.WEIGHT': code } })).toEqual([[undefined, 'I.WEIGHT', { missing: code }]]);
  });

  it('may stand beside null', () => {
    expect(kept({ items: { 'I.WEIGHT': null }, missing: { 'I.WEIGHT': 'unknown' } })).toEqual([
      [undefined, 'I.WEIGHT', { missing: 'unknown' }],
    ]);
  });

  it('do not stand beside a value', () => {
    expect(faults({ items: { 'I.WEIGHT': 60 }, missing: { 'I.WEIGHT': 'unknown' } })).toEqual([
      'value-and-missing /items/I.WEIGHT',
    ]);
  });

  it.each(['lost', '', null, 7, ['unknown']])('are one of four, not %j', (code) => {
    expect(faults({ missing: { 'I.WEIGHT': code } })).toEqual(['not-in-code-list /missing/I.WEIGHT']);
  });

  it('go in the clear for identifying items: they identify nobody', () => {
    expect(kept({ missing: { 'I.NAME': 'refused' } })).toEqual([
      [undefined, 'I.NAME', { missing: 'refused' }],
    ]);
  });
});

describe('identifying values', () => {
  it('are sealed to their place', () => {
    expect(kept({ items: { 'I.NAME': 'Anna Abel', 'I.BIRTH': '1961-04' } })).toEqual([
      [undefined, 'I.NAME', sealed('I.NAME', 'Anna Abel')],
      [undefined, 'I.BIRTH', sealed('I.BIRTH', '1961-04')],
    ]);
  });

  it('are checked before they are sealed', () => {
    const body = { items: { 'I.BIRTH': '1961-13' } };
    const refused = () => enter(body, { seal: () => expect.unreachable() })(folded([]));
    expect(refused).toThrow(expect.objectContaining({ code: 'invalid-value' }));
  });

  it('do not stand in a refusal', () => {
    const wrong = { 'I.NAME': 'Anna\u0000Abel', 'I.BIRTH': '1961-04-31' };
    const refused = () => enter({ items: wrong })(folded([]));
    expect(refused).toThrow(
      expect.toSatisfy((problem: Problem) => !/Anna|1961/.test(JSON.stringify(problem) + problem.message)),
    );
  });

  it('cannot be entered once the identity was erased', () => {
    const erased = () => {
      throw new Problem('erased', 'The identity was erased.');
    };
    expect(given().when(enter({ items: { 'I.NAME': 'Anna' } }, { seal: erased }))).toEqual({
      refused: 'erased',
    });
    expect(given().when(enter({ items: { 'I.SEX': 'F' } }, { seal: erased }))).toHaveLength(1);
  });
});

describe('rows', () => {
  const row = (rowKey: unknown, site = 'LIVER') => ({ rowKey, items: { 'I.TLSITE': site } });
  const rowFaults = (rows: unknown) => faults({ rows: { 'IG.TL': rows } });

  it('have a key of the client’s', () => {
    const rows = { 'IG.TL': [row('a'), { rowKey: 'B_2-x', missing: { 'I.TLDIAM': 'not-done' } }] };
    expect(kept({ rows })).toEqual([
      ['a', 'I.TLSITE', value('LIVER')],
      ['B_2-x', 'I.TLDIAM', { missing: 'not-done' }],
    ]);
  });

  it('without items leave no trace', () => {
    expect(kept({ rows: { 'IG.TL': [{ rowKey: 'a' }, row('b')] } })).toEqual([
      ['b', 'I.TLSITE', value('LIVER')],
    ]);
  });

  it.each([
    ['no list', { rowKey: 'a' }],
    ['null', null],
    ['a text', ['a']],
    ['no key', [{ items: {} }]],
    ['a number for a key', [row(1)]],
    ['an empty key', [row('')]],
    ['a key with a slash', [row('a/b')]],
    ['a long key', [row('a'.repeat(37))]],
    ['items that are a list', [{ rowKey: 'a', items: [] }]],
    ['missing codes that are null', [{ rowKey: 'a', missing: null }]],
    ['a member that no row has', [{ ...row('a'), order: 1 }]],
  ])('are refused with %s', (_, rows) => {
    expect(rowFaults(rows)).toEqual(['wrong-type /rows/IG.TL']);
  });

  it('are refused with a key that stands there twice', () => {
    expect(rowFaults([row('a'), row('a', 'NODE')])).toEqual(['duplicate-row /rows/IG.TL/1/rowKey']);
  });

  it('are refused when there are too many', () => {
    expect(rowFaults([row('a'), row('b')])).toEqual([]);
    for (const third of [row('c'), { rowKey: 'c' }])
      expect(rowFaults([row('a'), row('b'), third])).toEqual(['too-many-rows /rows/IG.TL']);
  });

  it('are refused in a group that does not repeat, or is none of the form', () => {
    for (const group of ['IG.DM', 'IG.LB', 'IG.XX'])
      expect(faults({ rows: { [group]: [] } })).toEqual([`unknown-group /rows/${group}`]);
  });

  it('take only the items of their group that the role may touch', () => {
    const wrong = { rowKey: 'a', items: { 'I.SEX': 'F', 'I.TLREVIEW': 'agreed' } };
    expect(rowFaults([wrong])).toEqual([
      'unknown-item /rows/IG.TL/0/items/I.SEX',
      'unknown-item /rows/IG.TL/0/items/I.TLREVIEW',
    ]);
  });
});

describe('a form that is not planned', () => {
  it.each([
    ['unknown visit', { visit: 'V9', form: 'DM' }],
    ['unknown form', { visit: 'V1', form: 'XX' }],
    ['form of another visit', { visit: 'V1', form: 'LB' }],
    ['repeat of what does not repeat', { visit: 'V1', form: 'DM~2' }],
  ])('is not found: %s', (_, address) => {
    expect(given().when(enter({ ...address, items: { 'I.SEX': 'F' } }))).toEqual({ refused: 'not-found' });
  });
});

describe('a prepared form', () => {
  const command: EnterForm = {
    subject: 'FR01-0001',
    ...BASELINE,
    items: { 'I.SEX': 'F' },
    missing: {},
    rows: {},
    whole: true,
    reason,
  };
  const facts: EntryFacts = {
    study,
    today: TODAY,
    mayEnter: seesAsInvestigator,
    seal: () => ({ sealed: 'c2VhbGVk' }),
  };

  it('keeps no value in the clear that identifies', () => {
    expect(
      JSON.stringify(prepareForm({ ...command, items: { 'I.NAME': 'Anna Abel' } }, facts)),
    ).not.toContain('Anna');
  });

  it('holds just what the request named, so that a retry is the same command', () => {
    expect(prepareForm(command, facts)).toEqual({
      subject: 'FR01-0001',
      ...BASELINE,
      whole: true,
      reason,
      entries: [{ item: 'I.SEX', to: value('F'), pointer: '/items/I.SEX' }],
    });
  });
});
