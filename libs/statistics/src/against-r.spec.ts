import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aalenJohansen } from './aalen-johansen.js';
import { chiSquareTail } from './chi-square.js';
import type { Curve } from './curve.js';
import { followUp } from './follow-up.js';
import { grayTest } from './gray.js';
import type { IntervalScale } from './interval.js';
import { kaplanMeier } from './kaplan-meier.js';
import { logRank } from './log-rank.js';
import { normalQuantile } from './normal.js';
import type { Grouped } from './observation.js';
import { quantileOf } from './quantile.js';
import { restrictedMean } from './restricted-mean.js';

/**
 * What R says: made by ../reference/make.R (R 4.2.2, survival 3.5-3, cmprsk 2.2-11), where the calls stand.
 * No number here comes from this library.
 */
const r: Reference = JSON.parse(readFileSync(`${import.meta.dirname}/../reference/r.json`, 'utf8'));

type Column = readonly (number | null)[];
type Limits = Record<IntervalScale, { readonly lower: Column; readonly upper: Column }>;
type Test = Record<'chiSquare' | 'degreesOfFreedom' | 'p', number>;
interface Reference {
  normal: { p: number[]; z: number[] };
  chiSquare: { x: number[]; df: number[]; p: number[] };
  answers: Record<string, Answer>;
}
interface Answer {
  data: { time: number[]; event: (0 | 1 | 2)[]; group: string[]; stratum: string[] };
  survival: {
    time: number[];
    atRisk: number[];
    ended: number[];
    estimate: Column;
    standardError: Column;
    limits: Limits;
    quantiles: Record<IntervalScale, Record<'quantile' | 'lower' | 'upper', Column>>;
    mean: { horizon: number; estimate: number; standardError: number }[];
    followUp: Record<'quantile' | 'lower' | 'upper', number | null>;
  };
  incidence: Record<
    'event' | 'competing',
    { time: number[]; estimate: Column; jackknife: Column; limits: Limits }
  >;
  delta: Column;
  logRank: Test & { observed: number[]; expected: number[] };
  stratified: Test & { observed: number[]; expected: number[] };
  gray: Record<'event' | 'competing', Test | null>;
  grayStratified: Record<'event' | 'competing', Test | null>;
}

const scales = ['plain', 'log', 'log-log'] as const;
const causes = [
  ['event', 1],
  ['competing', 2],
] as const;

/** To 1e-9 of the greater of 1 and the expected number; null only where null is expected. */
function same(actual: Column, expected: Column, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (const [i, value] of actual.entries()) {
    const wanted = expected[i]!;
    if (wanted === null || value === null) expect(value, `${what} ${i}`).toBe(wanted);
    else expect(Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)), `${what} ${i}`).toBeLessThan(1e-9);
  }
}

const column = (curve: Curve, name: 'time' | 'estimate' | 'standardError' | 'lower' | 'upper') =>
  curve.steps.map((step) => step[name]);

describe.each(Object.entries(r.answers))('as R says, data %s:', (_, answer) => {
  const { time, event, group, stratum } = answer.data;
  const subjects = time.map(
    (t, i): Grouped => ({ time: t, event: event[i]!, group: group[i]!, stratum: stratum[i]! }),
  );

  it.each(scales)('Kaplan–Meier, Greenwood, %s intervals and quantiles', (scale) => {
    const curve = kaplanMeier(subjects, { scale });
    const { survival } = answer;
    same(column(curve, 'time'), survival.time, 'time');
    same(
      curve.steps.map(({ atRisk }) => atRisk),
      survival.atRisk,
      'at risk',
    );
    same(
      curve.steps.map(({ events, competing }) => events + competing),
      survival.ended,
      'ended',
    );
    same(column(curve, 'estimate'), survival.estimate, 'estimate');
    same(column(curve, 'standardError'), survival.standardError, 'standard error');
    for (const side of ['lower', 'upper'] as const) {
      same(column(curve, side), survival.limits[scale][side], side);
    }
    const quantiles = [0.25, 0.5, 0.75].map((probability) => quantileOf(curve, probability));
    const expected = survival.quantiles[scale];
    same(
      quantiles.map(({ time }) => time),
      expected.quantile,
      'quantile',
    );
    same(
      quantiles.map(({ lower }) => lower),
      expected.lower,
      'lower limit of the quantile',
    );
    same(
      quantiles.map(({ upper }) => upper),
      expected.upper,
      'upper limit of the quantile',
    );
  });

  it.each(causes)('Aalen–Johansen of the %s, jackknife standard errors and intervals', (name, cause) => {
    const expected = answer.incidence[name];
    for (const scale of scales) {
      const curve = aalenJohansen(subjects, { cause, scale, variance: 'infinitesimal-jackknife' });
      same(column(curve, 'time'), expected.time, 'time');
      same(column(curve, 'estimate'), expected.estimate, 'estimate');
      same(column(curve, 'standardError'), expected.jackknife, 'standard error');
      for (const side of ['lower', 'upper'] as const) {
        same(column(curve, side), expected.limits[scale][side], `${scale} ${side}`);
      }
    }
  });

  it('Aalen–Johansen, delta-method standard errors', () => {
    same(column(aalenJohansen(subjects), 'standardError'), answer.delta, 'standard error');
  });

  it('log-rank test, plain and stratified', () => {
    for (const [members, expected] of [
      [subjects.map(({ stratum: _, ...rest }) => rest), answer.logRank],
      [subjects, answer.stratified],
    ] as const) {
      const { chiSquare, degreesOfFreedom, p, groups } = logRank(members);
      same(
        [chiSquare, degreesOfFreedom, p],
        [expected.chiSquare, expected.degreesOfFreedom, expected.p],
        'test',
      );
      same(
        groups.map(({ observed }) => observed),
        expected.observed,
        'observed',
      );
      same(
        groups.map((one) => one.expected),
        expected.expected,
        'expected',
      );
    }
  });

  it.each(causes)('Gray’s test of the %s, plain and stratified', (name, cause) => {
    for (const [members, expected] of [
      [subjects.map(({ stratum: _, ...rest }) => rest), answer.gray[name]],
      [subjects, answer.grayStratified[name]],
    ] as const) {
      const { chiSquare, degreesOfFreedom, p } = grayTest(members, cause);
      if (expected) {
        same(
          [chiSquare, degreesOfFreedom, p],
          [expected.chiSquare, expected.degreesOfFreedom, expected.p],
          'test',
        );
      } else expect(chiSquare).toBeNull();
    }
  });

  it('restricted mean and median follow-up', () => {
    for (const { horizon, estimate, standardError } of answer.survival.mean) {
      const mean = restrictedMean(kaplanMeier(subjects), horizon);
      same([mean.estimate, mean.standardError], [estimate, standardError], `to ${horizon}`);
    }
    const median = quantileOf(followUp(subjects), 0.5);
    const { quantile, lower, upper } = answer.survival.followUp;
    same([median.time, median.lower, median.upper], [quantile, lower, upper], 'follow-up');
  });
});

describe('to nearly full double precision, as R says:', () => {
  const close = (actual: number, expected: number) =>
    expected === 0
      ? expect(actual).toBe(0)
      : expect(Math.abs(actual / expected - 1), `${actual} for ${expected}`).toBeLessThan(2e-14);

  it('normal quantiles', () => {
    for (const [i, p] of r.normal.p.entries()) close(normalQuantile(p), r.normal.z[i]!);
  });

  it('chi-square tails', () => {
    for (const [i, x] of r.chiSquare.x.entries()) {
      close(chiSquareTail(x, r.chiSquare.df[i]!), r.chiSquare.p[i]!);
    }
  });
});
