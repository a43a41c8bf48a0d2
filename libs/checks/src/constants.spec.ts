import { describe, expect, it } from 'vitest';
import { at, environment, study, verdict } from './checks.spec-kit.js';
import { constantFaults, constantsOf } from './constants.js';
import { environmentOf } from './environment.js';

describe('constants', () => {
  const on = environmentOf(
    study,
    constantsOf({ MOST: 3, FACTOR: 1.5, OPENED: '2024-01-15', UNIT: 'mg', STRICT: true, MONTH: '2024-01' }),
  );
  const form = [at('V0/DM', { AGE: 4, WEIGHT: 2, FIRST: '2024-01-14', NOTE: 'mg' })];

  it.each([
    'AGE > MOST',
    'WEIGHT > FACTOR',
    'before(FIRST, OPENED)',
    'NOTE == UNIT',
    'STRICT && AGE == 4',
    "MONTH == '2024-01'",
  ])('have the type that they are written with: %s', (source) => {
    expect(verdict(source, form, {}, on)).toBe(true);
  });

  it.each([
    ['today', 'reserved'],
    ['complete', 'reserved'],
    ['cel', 'reserved'],
    ['true', 'reserved'],
    ['in', 'reserved'],
    ['WEIGHT', 'duplicate'],
    ['MM', 'duplicate'],
  ])('cannot be called %s', (name, code) => {
    expect(constantFaults([name], environment)).toMatchObject([{ name, code }]);
  });

  it('can have any other name', () => {
    expect(constantFaults(['MOST', 'constructor', 'x1'], environment)).toEqual([]);
  });
});
