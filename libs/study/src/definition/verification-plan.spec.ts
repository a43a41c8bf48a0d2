import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallStudy } from './definition.spec-kit.js';
import { drawOf } from './draw.js';
import type { VerificationDefinition } from './oversight.js';
import { verificationPlan } from './verification-plan.js';

const isPlanned = (subject: string, item: object, verification?: VerificationDefinition) =>
  verificationPlan({ ...smallStudy(), ...(verification && { verification }) }).of(subject)({
    oid: 'I.SEX',
    ...item,
  });

describe('a plan of verification', () => {
  it('has everything verified that has a source, unless it says otherwise', () => {
    for (const plan of [undefined, { plan: 'all' as const }]) {
      expect(isPlanned('FR01-0001', {}, plan)).toBe(true);
      expect(isPlanned('FR01-0001', { derived: true }, plan)).toBe(false);
      expect(isPlanned('FR01-0001', { hiddenFrom: ['investigator'] }, plan)).toBe(false);
    }
  });

  it('of what is critical has nothing else verified', () => {
    const plan: VerificationDefinition = { plan: 'critical', critical: ['I.SEX'] };
    expect(isPlanned('FR01-0001', {}, plan)).toBe(true);
    expect(isPlanned('FR01-0001', { oid: 'I.NAME' }, plan)).toBe(false);
  });

  it('of a sample has what is critical verified of everyone, the rest of those drawn', () => {
    const plan: VerificationDefinition = { plan: 'sample', share: 0.5, seed: 'x', critical: ['I.SEX'] };
    const subjects = Array.from({ length: 40 }, (_, i) => `FR01-${i}`);
    expect(subjects.every((subject) => isPlanned(subject, {}, plan))).toBe(true);
    expect(subjects.filter((subject) => isPlanned(subject, { oid: 'I.NAME' }, plan))).toEqual(
      subjects.filter((subject) => drawOf('x', subject) < 0.5),
    );
  });
});

describe('a draw', () => {
  it('is the one that the documents describe, the same for ever', () => {
    // printf 'SINET/FR01-0001' | sha256sum: its first twelve digits by 16^12.
    expect(drawOf('SINET', 'FR01-0001')).toBe(0x49aa697a175b / 2 ** 48);
  });

  it('lies in [0, 1), so that a greater share keeps whom a smaller one drew', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, subject) => {
        const draw = drawOf(seed, subject);
        expect(draw).toBeGreaterThanOrEqual(0);
        expect(draw).toBeLessThan(1);
      }),
    );
  });

  it('takes about the share that is asked for', () => {
    const drawn = Array.from({ length: 10_000 }, (_, i) => drawOf('S', `FR01-${i}`)).filter((x) => x < 0.15);
    expect(drawn.length).toBeGreaterThan(1350);
    expect(drawn.length).toBeLessThan(1650);
  });
});
