import { describe, expect, it } from 'vitest';
import { dependentsOf } from './affected.js';
import { casebookView } from './casebook-view.js';
import { compileCheckSet } from './check-set.js';
import { at, casebook, environment } from './checks.spec-kit.js';
import type { ConditionDefinition } from './conditions.js';
import type { FormFacts } from './facts.js';

const packs: ConditionDefinition = { item: 'I.DM.PACKS', when: "SMOKER == 'Y'", required: true };

function compiled(condition: ConditionDefinition) {
  const result = compileCheckSet({ checks: [], derivations: [], conditions: [condition] }, environment);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result.checkSet.checks;
}

/** Which of the checks that a condition implies are violated. */
function violated(items: FormFacts['items'], complete: boolean, condition = packs): string[] {
  const form = at('V0/DM', items, { complete });
  const view = casebookView(casebook([form]), environment);
  return compiled(condition)
    .filter((check) => check.evaluate(view, form) === true)
    .map(({ oid }) => oid);
}

const due = 'due:I.DM.PACKS';
const surplus = 'surplus:I.DM.PACKS';

describe('the condition of an item', () => {
  it.each([
    ['asks for it where it certainly holds, once the form is complete', { SMOKER: 'Y' }, true, [due]],
    ['does not ask before', { SMOKER: 'Y' }, false, []],
    ['is content with a reason', { SMOKER: 'Y', PACKS: { missing: 'refused' } }, true, []],
    ['asks for nothing where it does not hold', { SMOKER: 'N' }, true, []],
    ['asks for nothing where it is not known', { SMOKER: { missing: 'unknown' } }, true, []],
    ['doubts a value where it certainly does not hold', { SMOKER: 'N', PACKS: 3 }, false, [surplus]],
    ['has nothing against a reason there', { SMOKER: 'N', PACKS: { missing: 'not-applicable' } }, true, []],
    ['has nothing against a value where it is not known', { PACKS: 3 }, true, []],
  ] as const)('%s', (_, items, complete, expected) => {
    expect(violated(items as FormFacts['items'], complete)).toEqual(expected);
  });

  it('asks for nothing of an item that is not required', () => {
    expect(violated({ SMOKER: 'Y' }, true, { ...packs, required: false })).toEqual([]);
    expect(violated({ SMOKER: 'N', PACKS: 1 }, true, { ...packs, required: false })).toEqual([surplus]);
  });

  it('is asked again when the item, or what it reads, changes', () => {
    const dependents = dependentsOf(compiled(packs));
    const form = at('V0/DM');
    const view = casebookView(casebook([form]), environment);
    const affected = (items: string[], standing = false) =>
      dependents
        .affectedBy([{ place: form, items, standing }], [], view)
        .map(({ dependent }) => dependent.oid);
    expect(affected(['I.DM.SMOKER'])).toEqual([due, surplus]);
    expect(affected(['I.DM.PACKS'])).toEqual([due, surplus]);
    expect(affected([], true)).toEqual([due, surplus]);
    expect(affected(['I.DM.NOTE'])).toEqual([]);
  });

  it('is a query about the item', () => {
    const form = at('V0/DM');
    const view = casebookView(casebook([form]), environment);
    expect(compiled(packs).map((check) => [check.level, check.items, check.message(view, form)])).toEqual([
      ['soft', ['I.DM.PACKS'], 'I.DM.PACKS is required: enter it, or say why it is missing.'],
      ['soft', ['I.DM.PACKS'], 'I.DM.PACKS does not apply here, but is entered. Please check.'],
    ]);
  });

  it.each([
    ['of an item that is not there', { item: 'I.DM.NONE' }, 'unknown-name'],
    [
      'of an item in rows that reads all of them',
      { item: 'I.FU.MM', when: "size(rows('TL')) > 1" },
      'unsupported',
    ],
    [
      'of an item in rows that reads the item of the row',
      { item: 'I.FU.MM', when: 'MM > 1.0' },
      'unsupported',
    ],
    [
      'of an item of the form that reads one in rows',
      { item: 'I.FU.ECOG', when: "SITE == 'BONE'" },
      'unknown-name',
    ],
    ['that depends on the item itself', { when: 'PACKS > 3' }, 'unsupported'],
    ['that is neither true nor false', { when: 'SMOKER' }, 'wrong-type'],
    ['with a code that there is none of', { when: "SMOKER == 'X'" }, 'unknown-code'],
  ])('is refused: one %s', (_, change, code) => {
    const conditions = [{ ...packs, ...change }];
    const result = compileCheckSet({ checks: [], derivations: [], conditions }, environment);
    expect(result).toMatchObject({ faults: [{ pointer: '/conditions/0/when', code }] });
  });
});

describe('the condition of an item in rows', () => {
  const size: ConditionDefinition = {
    item: 'I.FU.MM',
    when: "SITE == 'BONE' && WEIGHT > 50.0",
    required: true,
  };

  /** What is violated in a form's rows, one after the other, and in one that is not there. */
  function rowByRow(rows: readonly FormFacts['items'][], { complete = true, WEIGHT = 60 } = {}) {
    const keys = rows.map((_, i) => `key ${i}`);
    const form = at('V1/FU', { WEIGHT }, { complete, rows: { TL: rows }, rowKeys: { TL: keys } });
    const view = casebookView(casebook([form]), environment);
    const placed = [...keys, 'none'].map((row) => ({ ...form, row }));
    return placed.map((place) =>
      compiled(size)
        .filter((check) => check.evaluate(view, place) === true)
        .map(({ oid }) => oid.split(':')[0]),
    );
  }

  it('reads the items of the row, and those of the form', () => {
    const rows = [{ SITE: 'BONE' }, { SITE: 'LIVER' }, { SITE: 'LIVER', MM: 12 }, { SITE: 'BONE', MM: 12 }];
    expect(rowByRow(rows)).toEqual([['due'], [], ['surplus'], [], []]);
    expect(rowByRow(rows, { WEIGHT: 40 })).toEqual([[], [], ['surplus'], ['surplus'], []]);
    expect(rowByRow(rows, { complete: false })).toEqual([[], [], ['surplus'], [], []]);
  });

  it('says nothing where the row does not decide it', () => {
    expect(rowByRow([{ MM: 12 }, { SITE: { missing: 'unknown' } }])).toEqual([[], [], []]);
  });

  it('is one of each row, and asked again when an item of a row changes', () => {
    const checks = compiled(size);
    expect(checks.map(({ byRow }) => byRow)).toEqual([true, true]);
    expect(compiled(packs).map(({ byRow }) => byRow)).toEqual([undefined, undefined]);
    expect([...checks[0]!.reads.own].sort()).toEqual(['I.FU.MM', 'I.FU.SITE', 'I.FU.WEIGHT']);
  });
});
