import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aalenJohansen } from './aalen-johansen.js';
import { readCurve } from './curve.js';
import { grayTest } from './gray.js';
import { kaplanMeier } from './kaplan-meier.js';
import { logRank } from './log-rank.js';
import type { Grouped, Observation } from './observation.js';
import { medianOf } from './quantile.js';
import { restrictedMean } from './restricted-mean.js';

/** Few times, so that most are tied, and time 0 among them. */
const observation: fc.Arbitrary<Observation> = fc.record({
  time: fc.integer({ min: 0, max: 12 }),
  event: fc.constantFrom(0, 1, 2),
});
const observations = fc.array(observation, { maxLength: 30 });
const grouped: fc.Arbitrary<Grouped[]> = fc.array(
  fc.record({
    time: fc.integer({ min: 0, max: 12 }),
    event: fc.constantFrom(0, 1, 2),
    group: fc.constantFrom('a', 'b', 'c'),
    stratum: fc.constantFrom('x', 'y'),
  }),
  { maxLength: 40 },
);

/** Every number in a value, however deep. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbers) : [];
}

describe('of any observations', () => {
  it('no number is undefined or infinite', () => {
    fc.assert(
      fc.property(grouped, fc.constantFrom('plain', 'log', 'log-log'), (subjects, scale) => {
        const survival = kaplanMeier(subjects, { scale });
        const results = [
          survival,
          medianOf(survival),
          [0, 5, 12, 13].flatMap((time) => [readCurve(survival, time), restrictedMean(survival, time)]),
          aalenJohansen(subjects, { scale }),
          aalenJohansen(subjects, { scale, cause: 2, variance: 'infinitesimal-jackknife' }),
          logRank(subjects),
          grayTest(subjects),
          grayTest(subjects, 2),
        ];
        expect(numbers(results).filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
    );
  });

  it('survival and both incidences make one at every time', () => {
    fc.assert(
      fc.property(observations, (all) => {
        const [first, second] = [aalenJohansen(all), aalenJohansen(all, { cause: 2 })];
        for (const [i, { estimate }] of kaplanMeier(all).steps.entries()) {
          expect(estimate + first.steps[i]!.estimate + second.steps[i]!.estimate).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it('without competing events, the incidence is what survival leaves, with Greenwood’s error', () => {
    const alone = observations.map((all) =>
      all.map(({ time, event }) => ({ time, event: event === 2 ? 0 : event }) as const),
    );
    fc.assert(
      fc.property(alone, (all) => {
        const incidence = aalenJohansen(all, { variance: 'delta' });
        for (const [i, { estimate, standardError }] of kaplanMeier(all).steps.entries()) {
          expect(incidence.steps[i]!.estimate).toBeCloseTo(1 - estimate, 12);
          expect(incidence.steps[i]!.standardError).toBeCloseTo(standardError ?? 0, 12);
        }
      }),
    );
  });

  it('limits hold the estimate between them', () => {
    fc.assert(
      fc.property(observations, fc.constantFrom('plain', 'log', 'log-log'), (all, scale) => {
        for (const { estimate, lower, upper } of aalenJohansen(all, { scale }).steps) {
          if (lower !== null) expect(lower).toBeLessThanOrEqual(estimate + 1e-12);
          if (upper !== null) expect(upper).toBeGreaterThanOrEqual(estimate - 1e-12);
        }
      }),
    );
  });

  it('neither their order nor the names of the groups change a test', () => {
    const swapped = { a: 'c', b: 'b', c: 'a' };
    fc.assert(
      fc.property(grouped, (subjects) => {
        const other = subjects
          .map((subject) => ({ ...subject, group: swapped[subject.group as keyof typeof swapped] }))
          .reverse();
        for (const test of [logRank, grayTest]) {
          const [one, two] = [test(subjects).chiSquare, test(other).chiSquare];
          if (one === null || two === null) expect(two).toBe(one);
          else expect(Math.abs(two - one)).toBeLessThan(1e-9 * Math.max(1, one));
        }
      }),
    );
  });
});
