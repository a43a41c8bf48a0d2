import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aalenJohansen, kaplanMeier, readCurve } from '#statistics';
import { type Course, drawCourse } from './course.js';
import { type Arm, DAYS_PER_YEAR, otherDeath, tumourDeath } from './parameters.js';
import { rosterOf } from './roster.js';

const TODAY = '2026-06-15';

const coursesOf = (seed: string, subjects: number): Course[] =>
  rosterOf(seed, subjects, TODAY).map((enrolment) => drawCourse(seed, enrolment, TODAY));

const many = coursesOf('hazards', 20_000);

describe('the hazards', () => {
  // What is seen of a death depends on who stays; the times drawn do not. Crossover changes no hazard.
  const within5Years = (arm: Arm, cause: 'tumour' | 'other') => {
    const inArm = many.filter((course) => course.arm === arm);
    const died = inArm.filter(({ fates: { death } }) => death.cause === cause && death.years <= 5);
    return { share: died.length / inArm.length, subjects: inArm.length };
  };

  it.each([
    { arm: 'A', cause: 'tumour', expected: 0.2853 },
    { arm: 'A', cause: 'other', expected: 0.099 },
    { arm: 'B', cause: 'tumour', expected: 0.3269 },
    { arm: 'B', cause: 'other', expected: 0.0961 },
  ] as const)(
    'give the cumulative incidence of their closed form: $arm, $cause',
    ({ arm, cause, expected }) => {
      const { share, subjects } = within5Years(arm, cause);
      const standardError = Math.sqrt((expected * (1 - expected)) / subjects);
      expect(Math.abs(share - expected)).toBeLessThan(4 * standardError);
    },
  );

  it('are seen as far as follow-up goes: every death of a complete course, and only drawn ones', () => {
    for (const { fates, end, lastDay } of many) {
      const day = Math.ceil(fates.death.years * DAYS_PER_YEAR);
      if (end?.reason === 'DEATH') expect(end.day).toBe(day);
      else expect(day).toBeGreaterThanOrEqual(end?.reason === 'LOST' ? end.day - 180 : lastDay);
    }
  });
});

describe('what is seen of the courses', () => {
  // As an endpoint has it: until death, or when last known alive; later than five years does not count.
  const HORIZON = 1826;
  const seen = (courses: readonly Course[], arm: Arm) =>
    courses
      .filter((course) => course.arm === arm)
      .map(({ end, fates, visits }) => {
        const died = end?.reason === 'DEATH' && end.day <= HORIZON;
        const last = died ? end.day : (end?.lastAlive ?? visits.at(-1)?.day ?? 0);
        const event = died ? (fates.death.cause === 'tumour' ? 1 : 2) : 0;
        return { time: Math.min(last, HORIZON), event } as const;
      });
  /** Five years of two constant hazards that compete: by the cause, and of being alive. */
  const closedForm = (arm: Arm) => {
    const all = tumourDeath[arm] + otherDeath;
    const alive = Math.exp(-5 * all);
    return { tumour: (tumourDeath[arm] / all) * (1 - alive), other: (otherDeath / all) * (1 - alive), alive };
  };
  const errorsOf = (courses: readonly Course[], arm: Arm) => {
    const observations = seen(courses, arm);
    const swapped = observations.map(({ time, event }) => ({ time, event: ([0, 2, 1] as const)[event] }));
    const { tumour, other, alive } = closedForm(arm);
    return [
      { curve: aalenJohansen(observations), expected: tumour },
      { curve: aalenJohansen(swapped), expected: other },
      { curve: kaplanMeier(observations), expected: alive },
    ].map(({ curve, expected }) => {
      const { estimate, standardError } = readCurve(curve, HORIZON);
      return Math.abs(estimate! - expected) / standardError!;
    });
  };

  it.each(['A', 'B'] as const)('estimates the closed form of the hazards, in arm %s', (arm) => {
    for (const error of errorsOf(many, arm)) expect(error).toBeLessThan(4);
  });

  it('does so for the demonstration’s 300 subjects, with more error', () => {
    const demonstration = coursesOf('2026', 300);
    const errors = (['A', 'B'] as const).flatMap((arm) => errorsOf(demonstration, arm));
    expect(errors).toHaveLength(6);
    for (const error of errors) expect(error).toBeLessThan(3);
  });

  it('has the closed form that the study was planned with', () => {
    expect(closedForm('A').tumour).toBeCloseTo(0.2853, 4);
    expect(closedForm('B').tumour).toBeCloseTo(0.3269, 4);
    expect(closedForm('A').alive).toBeCloseTo(0.6157, 4);
    expect(closedForm('B').alive).toBeCloseTo(0.5769, 4);
  });
});

describe('a course', () => {
  it('is the same for the same seed and day, and another for another seed', () => {
    expect(coursesOf('1', 20)).toEqual(coursesOf('1', 20));
    expect(coursesOf('1', 20)).not.toEqual(coursesOf('2', 20));
  });

  it('keeps its days in order, within its end and today', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        for (const course of coursesOf(String(seed), 20)) {
          const days = course.visits.map((visit) => visit.day);
          expect(days).toEqual([...days].sort((a, b) => a - b));
          expect(Math.min(1, ...days)).toBeGreaterThan(0);
          expect(Math.max(0, ...days)).toBeLessThanOrEqual(course.lastDay);
          expect(course.consent < course.inclusion).toBe(true);
          if (course.surgery) expect(days).toContain(course.surgery.day);
          if (course.end) expect(course.end.lastAlive).toBeLessThanOrEqual(course.end.day);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is over for most subjects, in every way there is', () => {
    const ends = many.map(({ end }) => end?.reason ?? 'GOING ON');
    const share = (reason: string) => ends.filter((end) => end === reason).length / ends.length;
    expect(share('COMPLETE') + share('DEATH')).toBeGreaterThan(0.85);
    for (const reason of ['LOST', 'WITHDRAWN', 'GOING ON']) {
      expect(share(reason)).toBeGreaterThan(0);
      expect(share(reason)).toBeLessThan(0.1);
    }
  });
});

describe('the centres', () => {
  it('share the subjects unevenly: a few dominate', () => {
    const bySite = new Map<string, number>();
    for (const { site } of many) bySite.set(site, (bySite.get(site) ?? 0) + 1);
    const sizes = [...bySite.values()].sort((a, b) => b - a);
    expect(bySite.size).toBeLessThanOrEqual(40);
    expect(sizes.slice(0, 10).reduce((sum, size) => sum + size, 0)).toBeGreaterThan(20_000 / 2);
  });
});
