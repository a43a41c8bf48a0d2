import { describe, expect, it } from 'vitest';
import { dependentsOf, type FormChange } from './affected.js';
import { casebookView } from './casebook-view.js';
import { at, casebook, environment, placeAt } from './checks.spec-kit.js';
import { compileCheck } from './compile.js';
import type { Fact } from './reads.js';

function check(source: string, form: string) {
  const compiled = compileCheck(source, environment, form);
  return 'check' in compiled ? { source, ...compiled.check } : expect.fail(compiled.faults[0]?.message);
}

const checks = dependentsOf([
  check('WEIGHT > 150.0', 'FU'),
  check("abs(WEIGHT - previous('FU').WEIGHT) > 10.0", 'FU'),
  check("size(all('AE')) > 0 && ECOG == 0", 'FU'),
  check("arm == 'A' && AGE > 80", 'DM'),
  check("rows('TL').exists(t, t.MM > 300.0)", 'FU'),
  check('complete && blank(ECOG)', 'FU'),
  check("GRADE == previous('FU').ECOG", 'AE'),
]);
const view = casebookView(
  casebook([at('V0/DM'), at('V1/FU'), at('V2/FU', { DATE: '2025-05-01' }), at('LOG/AE')]),
  environment,
);

function affected(
  changes: readonly Partial<FormChange & { at: string }>[],
  facts: readonly Fact[] = [],
): string[] {
  const given = changes.map(({ at: address = '', items = [], standing = false }) => ({
    place: placeAt(address),
    items,
    standing,
  }));
  return checks
    .affectedBy(given, facts, view)
    .map(({ dependent, place }) => `${place.visit}/${place.form}: ${dependent.source}`);
}

describe('a change', () => {
  it('affects on its form what reads the item, and everywhere what finds it through the casebook', () => {
    expect(affected([{ at: 'V1/FU', items: ['I.FU.WEIGHT'] }])).toEqual([
      'V1/FU: WEIGHT > 150.0',
      "V1/FU: abs(WEIGHT - previous('FU').WEIGHT) > 10.0",
      "V2/FU: abs(WEIGHT - previous('FU').WEIGHT) > 10.0",
    ]);
  });

  it('of a date affects what depends on the order of forms', () => {
    expect(affected([{ at: 'V2/FU', items: ['I.FU.DATE'] }])).toEqual([
      "V2/FU: abs(WEIGHT - previous('FU').WEIGHT) > 10.0",
      "V1/FU: abs(WEIGHT - previous('FU').WEIGHT) > 10.0",
      "V2/FU: size(all('AE')) > 0 && ECOG == 0",
      "LOG/AE: GRADE == previous('FU').ECOG",
    ]);
  });

  it('of its own date affects what looks for forms before it', () => {
    expect(affected([{ at: 'LOG/AE', items: ['I.AE.START'] }])).toContain(
      "LOG/AE: GRADE == previous('FU').ECOG",
    );
  });

  it('of a row affects what goes through the rows', () => {
    expect(affected([{ at: 'V1/FU', items: ['I.FU.SITE'] }])).toEqual([
      "V1/FU: rows('TL').exists(t, t.MM > 300.0)",
    ]);
  });

  it('that brings a form affects what looks for it', () => {
    expect(affected([{ at: 'LOG/AE', standing: true }])).toEqual([
      "V1/FU: size(all('AE')) > 0 && ECOG == 0",
      "V2/FU: size(all('AE')) > 0 && ECOG == 0",
      "LOG/AE: GRADE == previous('FU').ECOG",
    ]);
  });

  it('of its standing affects every check of the form there', () => {
    const here = affected([{ at: 'V1/FU', standing: true }]).filter((line) => line.startsWith('V1/FU'));
    expect(here).toHaveLength(5);
  });

  it('of what the casebook knows beside its forms affects what asks for it', () => {
    expect(affected([], ['arm'])).toEqual(["V0/DM: arm == 'A' && AGE > 80"]);
    expect(affected([], ['today'])).toEqual([]);
  });

  it('of what nothing reads affects nothing', () => {
    expect(affected([{ at: 'V1/LAB', items: ['I.LAB.CGA'] }])).toEqual([]);
  });
});
