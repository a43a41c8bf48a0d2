import { describe, expect, it } from 'vitest';
import { casebookView } from './casebook-view.js';
import {
  type CheckDefinition,
  type CheckSetDefinition,
  compileCheckSet,
  type DerivationDefinition,
} from './check-set.js';
import { at, casebook, environment, study } from './checks.spec-kit.js';
import { environmentOf } from './environment.js';

const heavy: CheckDefinition = {
  oid: 'HEAVY',
  forms: ['DM', 'FU'],
  level: 'soft',
  when: 'WEIGHT > 150.0',
  text: '{WEIGHT} kg is a lot',
  items: ['I.DM.WEIGHT', 'I.FU.WEIGHT'],
};
const bmi: DerivationDefinition = { item: 'I.DM.BMI', expression: 'WEIGHT / (HEIGHT * HEIGHT / 10000.0)' };
const obese: DerivationDefinition = { item: 'I.DM.OBESE', expression: "BMI > 30.0 ? 'Y' : 'N'" };

function compiled(definition: Partial<CheckSetDefinition>) {
  const result = compileCheckSet({ checks: [], derivations: [], ...definition }, environment);
  return 'checkSet' in result ? result.checkSet : expect.fail(JSON.stringify(result.faults));
}

function faults(definition: Partial<CheckSetDefinition>) {
  const result = compileCheckSet({ checks: [], derivations: [], ...definition }, environment);
  return 'faults' in result ? result.faults : expect.fail('compiles');
}

describe('a set of checks', () => {
  it('has each check once for each of its forms, with the items that are there', () => {
    const { checks } = compiled({ checks: [heavy] });
    expect(checks.map(({ form, oid, level, items }) => [form, oid, level, items])).toEqual([
      ['DM', 'HEAVY', 'soft', ['I.DM.WEIGHT']],
      ['FU', 'HEAVY', 'soft', ['I.FU.WEIGHT']],
    ]);
    const form = at('V1/FU', { WEIGHT: 160 });
    const view = casebookView(casebook([form]), environment);
    expect(checks[1]?.evaluate(view, form)).toBe(true);
    expect(checks[1]?.message(view, form)).toBe('160 kg is a lot');
  });

  it('orders derivations so that each finds what it reads', () => {
    expect(compiled({ derivations: [obese, bmi] }).derivations.map(({ item }) => item)).toEqual([
      'I.DM.BMI',
      'I.DM.OBESE',
    ]);
  });
});

describe('a set with faults', () => {
  it('is refused with all of them, each in its place', () => {
    const result = faults({
      checks: [
        { ...heavy, when: 'WEIGHT > 150' },
        { ...heavy, oid: 'B', when: 'WAIST > 1.0', forms: ['DM'], text: '{WEIGHT', items: ['I.DM.WEIGHT'] },
      ],
      derivations: [{ ...bmi, expression: 'WEIGHT /' }],
    });
    expect(result.map(({ pointer, code, offset }) => [pointer, code, offset])).toEqual([
      ['/checks/1/when', 'unknown-name', 0],
      ['/checks/1/text', 'syntax', 0],
      ['/derivations/0/expression', 'syntax', 8],
    ]);
  });

  it('is one with names that are given twice or lead nowhere', () => {
    const result = faults({
      checks: [heavy, { ...heavy, items: ['I.DM.WEIGHT', 'I.LAB.CGA'] }],
      derivations: [bmi, bmi],
    });
    expect(result.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/checks/1/oid', 'duplicate'],
      ['/derivations/1/item', 'duplicate'],
      ['/checks/1/items/1', 'dangling'],
      ['/checks/1/forms/1', 'dangling'],
    ]);
  });

  it.each([
    ['itself', [{ item: 'I.DM.BMI', expression: 'BMI + 1.0' }], 'I.DM.BMI needs I.DM.BMI'],
    [
      'itself at an earlier visit',
      [{ item: 'I.FU.ECOG', expression: "previous('FU').ECOG" }],
      'I.FU.ECOG needs',
    ],
    [
      'one that depends on it',
      [obese, { item: 'I.DM.BMI', expression: "OBESE == 'Y' ? 31.0 : 25.0" }],
      'I.DM.OBESE needs I.DM.BMI needs I.DM.OBESE',
    ],
    [
      'one of another form that depends on it',
      [
        { item: 'I.DM.WEIGHT', expression: "latest('FU').WEIGHT" },
        { item: 'I.FU.WEIGHT', expression: "forms('DM').WEIGHT" },
      ],
      'I.DM.WEIGHT needs I.FU.WEIGHT needs I.DM.WEIGHT',
    ],
  ])('is one with a derivation that depends on %s', (_, derivations, message) => {
    const [fault, ...others] = faults({ derivations });
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ pointer: '/derivations/0/expression', code: 'cycle' });
    expect(fault?.message).toContain(message);
  });

  it('names every circle of derivations', () => {
    const result = faults({
      derivations: [
        obese,
        { item: 'I.DM.BMI', expression: "OBESE == 'Y' ? 31.0 : 25.0" },
        { item: 'I.FU.ECOG', expression: "previous('FU').ECOG" },
      ],
    });
    expect(result.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/derivations/0/expression', 'cycle'],
      ['/derivations/2/expression', 'cycle'],
    ]);
  });

  it('is one about forms and items that there are not', () => {
    const result = faults({
      checks: [{ ...heavy, forms: ['DM', 'XX', 'FU'] }],
      derivations: [{ item: 'I.DM.NONE', expression: '1' }],
    });
    expect(result.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/checks/0/forms/1', 'dangling'],
      ['/derivations/0/item', 'dangling'],
    ]);
  });

  describe('is one whose queries would tell', () => {
    const [dm, ...others] = study.forms;
    const masking = (oid: string) =>
      oid === 'I.DM.PACKS' || oid === 'I.DM.NOTE' ? { revealsArm: true } : {};
    const masked = {
      ...study,
      forms: [
        {
          ...dm!,
          groups: dm!.groups.map((group) => ({
            ...group,
            items: group.items.map((item) => ({ ...item, ...masking(item.oid) })),
          })),
        },
        ...others,
      ],
    };
    const check = { ...heavy, forms: ['DM'], text: 'Please check.', items: ['I.DM.PACKS'] };
    const told = (own: Partial<CheckDefinition>) => {
      const set = { checks: [{ ...check, ...own }], derivations: [] };
      const result = compileCheckSet(set, environmentOf(masked));
      return 'faults' in result ? result.faults.map(({ pointer, code }) => `${pointer} ${code}`) : [];
    };

    it.each([
      ['an arm by its text', { text: '{PACKS}', items: ['I.DM.WEIGHT'] }, '/checks/0/text blinding'],
      ['the arm itself', { text: '{arm}', items: ['I.DM.WEIGHT'] }, '/checks/0/text blinding'],
      ['some only', { items: ['I.DM.PACKS', 'I.DM.WEIGHT'] }, '/checks/0/items blinding'],
      ['others', { items: ['I.DM.VERDICT', 'I.DM.WEIGHT'] }, '/checks/0/items blinding'],
    ])('%s', (_, own, fault) => {
      expect(told(own)).toEqual([fault]);
    });

    it('but not one whose items tell as much', () => {
      for (const own of [{}, { text: '{PACKS} {arm}', items: ['I.DM.PACKS', 'I.DM.NOTE'] }])
        expect(told(own)).toEqual([]);
    });
  });

  it('is one with very many checks', () => {
    expect(faults({ checks: Array.from({ length: 2_001 }, () => heavy) })).toMatchObject([
      { code: 'too-many' },
    ]);
  });
});
