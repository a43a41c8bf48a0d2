import { describe, expect, it } from 'vitest';
import { at, derived, environment, faultOf, verdict } from './checks.spec-kit.js';
import { compileDerivation } from './compile.js';

const subject = at(
  'V0/DM',
  {
    BIRTH: '1960-05',
    AGE: 64,
    HEIGHT: 170,
    WEIGHT: 72.5,
    OBESE: 'N',
    FIRST: '2025-02-10',
    SEEN: '2025-03',
    SITES: ['LIVER', 'BONE'],
    PACKS: { missing: 'unknown' },
    NOTE: 'Métastase',
  },
  { complete: true },
);

describe('an expression', () => {
  it.each([
    // arithmetic and comparison
    ['AGE + 1 == 65'],
    ['AGE / 10 == 6 && AGE % 10 == 4 && -AGE < 0'],
    ['-7 / 2 == -3 && -7 % 2 == -1'],
    ['HEIGHT / 100.0 > 1.69 && HEIGHT > AGE'],
    ['double(AGE) / 2.0 == 32.0 && int(WEIGHT) == 72'],
    ['abs(-3) == 3 && abs(-2.5) == 2.5 && sqrt(16.0) == 4.0'],
    ['round(72.449, 1) == 72.4 && round(72.45, 1) == 72.5'],
    // texts and codes
    ["OBESE == 'N' && OBESE != 'Y' && OBESE in ['N', 'Y']"],
    ["NOTE.startsWith('M') && NOTE.contains('tas') && NOTE.endsWith('e') && size(NOTE) == 9"],
    ["'a' + string(AGE) + string(1.5) + string(true) == 'a641.5true'"],
    ["string(SEEN) == '2025-03'"],
    // lists and maps
    ["'BONE' in SITES && size(SITES) == 2 && SITES[0] == 'LIVER'"],
    ["SITES.exists(s, s == 'BONE') && !SITES.all(s, s == 'LIVER')"],
    ['[1, 2, 3].exists_one(n, n > 2) && ![1, 2, 3].exists_one(n, n > 1)'],
    ['[1, 2, 3].map(n, n * n) == [1, 4, 9]'],
    ['[1, 2, 3].map(n, n > 1, n * n) == [4, 9] && [1, 2, 3].filter(n, n > 1) == [2, 3]'],
    ['sum([1, 2]) == 3 && sum([0.5, 0.25]) == 0.75 && sum([]) == 0 && mean([1, 2]) == 1.5'],
    ['min([3, 1, 2]) == 1 && max([0.5, 1.5]) == 1.5'],
    ['count([true, false, true]) == 2 && any([false, true])'],
    ["{'N': 0, 'Y': 1}[OBESE] == 0 && {1: 'a'}[1] == 'a' && 'Y' in {'Y': 1} && {'x': 1}.x == 1"],
    ['[1] + [2] == [1, 2] && [[1], []] == [[1], []] && size({}) == 0'],
    // choice and names
    ["(AGE < 18 ? 'child' : 'adult') == 'adult'"],
    ['cel.bind(bmi, WEIGHT / 1.7 / 1.7, bmi > 25.0 && bmi < 25.1)'],
    ['[1].all(n, [2].all(n, n == 2) && n == 1)'],
    // dates
    [
      "before(FIRST, SEEN) && after(SEEN, FIRST) && sameOrBefore(FIRST, FIRST) && sameOrAfter(FIRST, date('2024'))",
    ],
    ["within(SEEN, FIRST, 19, 49) && daysBetween(FIRST, date('2025-02-20')) == 10"],
    ['yearsBetween(BIRTH, FIRST) == 64 && year(SEEN) == 2025'],
    ["addDays(FIRST, 20) == date('2025-03-02') && addYears(FIRST, -1) == date('2024-02-10')"],
    // what the casebook knows
    ["today == date('2026-03-01') && consentDate == date('2025-01-10') && status == 'enrolled'"],
    ["complete && visit.oid == 'V0' && visit.day == 0 && visit.before == 10 && visit.scheduled"],
    ["LIMIT == 3 && FACTOR == 1.5 && after(FIRST, OPENED) && arm == 'B'"],
    // presence
    ['has(AGE) && !missing(AGE) && missing(PACKS) && !blank(PACKS) && missing(SMOKER) && blank(SMOKER)'],
    ['known([AGE, PACKS, 3]) == [64, 3] && size([AGE, PACKS]) == 2'],
    ['given(AGE > 60, 1) == 1 && missing(given(AGE < 60, 1))'],
  ])('%s', (source) => {
    expect(verdict(source, [subject], { arm: 'B' })).toBe(true);
  });

  it.each([
    ['an item that is blank', "SMOKER == 'Y'"],
    ['an item that is missing for a reason', 'PACKS > 10'],
    ['what is computed from it', 'PACKS + 1 == 1 || -PACKS > 0 || !(PACKS == 0)'],
    ['a choice by it', 'PACKS > 10 ? true : true'],
    ['a list that may hold it', '11 in [10, PACKS]'],
    ['a sum with it', 'sum([1, PACKS]) > 0'],
    ['all of a list with it', '[1, PACKS].all(n, n > 0)'],
    ['a filter by it', 'size([1, PACKS].filter(n, n > 0)) > 0'],
    ['division by zero', 'AGE / 0 == 1 || AGE % 0 == 1 || 1.0 / 0.0 > 2.0'],
    ['an element that is not there', 'SITES[7] == SITES[0] || [1][-1] == 1'],
    ['a key that is not there', "{'Y': 1}[OBESE] == 1"],
    ['numbers that are too large', '9007199254740991 + 1 > 0'],
    ['the mean of nothing', 'mean(known([PACKS])) > 0.0'],
    ['a partial date', "FIRST == date('2025-02') || before(SEEN, date('2025-03-15'))"],
    ['an arm before allocation', "arm == 'A'"],
    ['a visit without a planned day', 'given(false, visit.day) == 0'],
  ])('does not know %s', (_, source) => {
    expect(verdict(source, [subject])).toBe('unknown');
  });

  it.each([
    ['false && …', 'AGE > 100 && PACKS > 10', false],
    ['… && false', 'PACKS > 10 && AGE > 100', false],
    ['true || …', 'AGE > 10 || PACKS > 10', true],
    ['… || true', 'PACKS > 10 || AGE > 10', true],
    ['exists', '[PACKS, AGE].exists(n, n > 10)', true],
    ['all', '[PACKS, AGE].all(n, n > 100)', false],
    ['in', '64 in [PACKS, AGE]', true],
    ['any', 'any([PACKS > 10, AGE > 10])', true],
    ['exists_one', '[AGE, PACKS, AGE].exists_one(n, n == 64)', false],
    ['lists', '[PACKS, 1] == [PACKS, 2]', false],
  ])('decides what is certain all the same: %s', (_, source, expected) => {
    expect(verdict(source, [subject])).toBe(expected);
  });

  it('takes a value of the wrong type for none', () => {
    const odd = at('V0/DM', { AGE: 'old', WEIGHT: Number.NaN, FIRST: '2025-13', SITES: 'LIVER', NOTE: 7 });
    const source = 'missing(AGE) && missing(WEIGHT) && missing(FIRST) && missing(SITES) && missing(NOTE)';
    expect(verdict(source, [odd])).toBe(true);
  });

  it('finds no item in what every JavaScript object has', () => {
    expect(verdict('blank(AGE)', [at('V0/DM', Object.create({ AGE: 3 }))])).toBe(true);
  });
});

describe('an expression that cannot be right', () => {
  it.each([
    ['AGE > ', 'syntax', ''],
    ['AGE > 1 )', 'syntax', ')'],
    ['WAIST > 1', 'unknown-name', 'WAIST'],
    ['AGE + forms("DM").WAIST > 1', 'unknown-name', 'forms("DM").WAIST'],
    ['AGE > 1 && SMOKER', 'wrong-type', 'SMOKER'],
    ['AGE', 'wrong-type', 'AGE'],
    ['WEIGHT / 2 > 1.0', 'wrong-type', 'WEIGHT / 2'],
    ['WEIGHT == 2', 'wrong-type', 'WEIGHT == 2'],
    ['NOTE > 2', 'wrong-type', 'NOTE > 2'],
    ['FIRST < SEEN', 'wrong-type', 'FIRST < SEEN'],
    ["SMOKER == 'MAYBE'", 'unknown-code', "'MAYBE'"],
    ["'LUNG' in SITES", 'unknown-code', "'LUNG'"],
    ["SMOKER in ['Y', 'UNK']", 'unknown-code', "'UNK'"],
    ["arm == 'C'", 'unknown-code', "'C'"],
    ["status == 'ill'", 'unknown-code', "'ill'"],
    ['before(FIRST, 3)', 'wrong-arguments', 'before(FIRST, 3)'],
    ['date(NOTE) == FIRST', 'wrong-arguments', 'date(NOTE)'],
    ["date('2024-02-30') == FIRST", 'wrong-arguments', "date('2024-02-30')"],
    ['blank(AGE + 1)', 'wrong-arguments', 'blank(AGE + 1)'],
    ['any([1])', 'wrong-arguments', 'any([1])'],
    ['fetch("x")', 'unknown-name', 'fetch("x")'],
    ["NOTE.matches('(a+)+$')", 'unknown-name', "NOTE.matches('(a+)+$')"],
    ['NOTE.toString() == "x"', 'unknown-name', 'NOTE.toString()'],
    ['constructor("x")', 'unknown-name', 'constructor("x")'],
    ['AGE.x == 1', 'wrong-type', 'AGE.x'],
    ['AGE[0] == 1', 'wrong-type', 'AGE[0]'],
    ['AGE.all(a, true)', 'wrong-type', 'AGE'],
    ['[1].all(1, true)', 'syntax', '1'],
    ['[1, 2.0] == []', 'wrong-type', '2.0'],
    ["{1: 'a', 'b': 'c'} == {}", 'wrong-type', "'b'"],
    ['forms("DM") == forms("DM")', 'wrong-type', 'forms("DM") == forms("DM")'],
    ['true ? 1 : "x"', 'wrong-type', 'true ? 1 : "x"'],
    ['b"x" == b"x"', 'unsupported', 'b"x"'],
    ['9007199254740993 > 1', 'unsupported', '9007199254740993'],
    ["all('XX') == []", 'unknown-name', "'XX'"],
    ['all(NOTE) == []', 'wrong-arguments', 'NOTE'],
    ["forms('FU').ECOG == 1", 'wrong-arguments', "forms('FU')"],
    ["forms('DM', 'V1').AGE == 1", 'unknown-name', "'V1'"],
    ["size(rows('TL')) == 1", 'unknown-name', "'TL'"],
  ])('%s: %s at %s', (source, code, place) => {
    expect(faultOf(source)).toMatchObject({ code, at: place });
  });

  it('says what to write instead', () => {
    expect(faultOf('WEIGHT / 2 > 1.0').message).toContain('2.0');
    expect(faultOf('FIRST < SEEN').message).toContain('before');
    expect(faultOf('MM > 1.0', 'FU').message).toContain("rows('TL')");
  });

  it('is one for a form that there is not', () => {
    expect(faultOf('true', 'XX')).toMatchObject({ code: 'unknown-name' });
  });
});

describe('a derivation', () => {
  it('computes a value of the type of its item', () => {
    expect(derived('yearsBetween(BIRTH, consentDate)', 'I.DM.AGE', [subject])).toEqual({ value: 64 });
    expect(derived('round(WEIGHT / (HEIGHT * HEIGHT / 10000.0), 1)', 'I.DM.BMI', [subject])).toEqual({
      value: 25.1,
    });
    expect(derived('AGE', 'I.DM.BMI', [subject])).toEqual({ value: 64 });
    expect(derived("WEIGHT > 100.0 ? 'Y' : 'N'", 'I.DM.OBESE', [subject])).toEqual({ value: 'N' });
    expect(derived("SITES.filter(s, s != 'BONE')", 'I.DM.SITES', [subject])).toEqual({ value: ['LIVER'] });
    expect(derived('addYears(SEEN, 1)', 'I.DM.SEEN', [subject])).toEqual({ value: '2026-03' });
    expect(derived("'exhausted'", 'I.DM.NOTE', [subject])).toEqual({ value: 'exhausted' });
  });

  it.each([
    ['what is not known', 'PACKS', 'I.DM.AGE'],
    ['a code that is not in the list', 'NOTE', 'I.DM.OBESE'],
    ['a list of which an element is not known', '[SMOKER]', 'I.DM.SITES'],
    ['a date that is too coarse', 'SEEN', 'I.DM.FIRST'],
    ['days that are no calendar unit', 'addDays(SEEN, 1)', 'I.DM.SEEN'],
  ])('leaves the item empty for %s', (_, source, oid) => {
    expect(derived(source, oid, [subject])).toBe('unknown');
  });

  it.each([
    ['WEIGHT', 'I.DM.AGE', 'wrong-type'],
    ['AGE > 1', 'I.DM.OBESE', 'wrong-type'],
    ["AGE > 1 ? 'Y' : 'MAYBE'", 'I.DM.OBESE', 'unknown-code'],
    ['1', 'I.DM.WAIST', 'unknown-name'],
    ['1.0', 'I.FU.MM', 'unsupported'],
  ])('is refused: %s for %s', (source, oid, code) => {
    expect(compileDerivation(source, environment, oid)).toMatchObject({ faults: [{ code }] });
  });
});
