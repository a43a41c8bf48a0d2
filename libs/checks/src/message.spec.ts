import { describe, expect, it } from 'vitest';
import { casebookView } from './casebook-view.js';
import { at, casebook, environment } from './checks.spec-kit.js';
import { compileMessage } from './message.js';

const subject = at('V0/DM', {
  AGE: 64,
  WEIGHT: 72.123456,
  OBESE: 'Y',
  SEEN: '2025-03',
  SITES: ['LIVER', 'BONE'],
  NOTE: 'x'.repeat(500),
  PACKS: { missing: 'unknown' },
});

function text(template: string): string {
  const compiled = compileMessage(template, environment, 'DM');
  if ('faults' in compiled) return expect.fail(compiled.faults[0]?.message);
  return compiled.message.fill(casebookView(casebook([subject]), environment), subject);
}

describe('the text of a query', () => {
  it.each([
    ['plain', 'plain'],
    ['Age {AGE}, weight {WEIGHT} kg', 'Age 64, weight 72.123 kg'],
    ['{OBESE}: {SITES}', 'Yes: Liver, Bone'],
    ['Seen {SEEN}, {addDays(SEEN, 1)}', 'Seen 2025-03, 2025-03-02 to 2025-04-01'],
    ['Packs {PACKS}, smoker {SMOKER}', 'Packs –, smoker –'],
    ["{AGE > 60} {AGE + 1} {'}'} {{braces}}", 'yes 65 } {braces}'],
    ["{ {'Y': 'obese', 'N': 'not'}[OBESE] }", 'obese'],
  ])('%s → %s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });

  it('shows the beginning of a long value', () => {
    expect(text('{NOTE}')).toHaveLength(200);
  });

  it.each([
    ['{BIRTH}', 'identifying', 1],
    ['Born {year(BIRTH)}', 'identifying', 6],
    ["{latest('DM').NAME}", 'identifying', 1],
    ['{VERDICT}', 'identifying', 1],
    ['Age {AGE', 'syntax', 4],
    ['Age }', 'syntax', 4],
    ['Age {WAIST}', 'unknown-name', 5],
    ['{}', 'syntax', 1],
  ])('is refused: %s', (template, code, offset) => {
    expect(compileMessage(template, environment, 'DM')).toMatchObject({ faults: [{ code, offset }] });
  });
});
