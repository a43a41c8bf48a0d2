import type { Interval } from './interval.js';
import type { Observation, Tally } from './observation.js';

/** What a curve says from one time on until the next step. */
export interface Step extends Tally, Interval {
  /** A probability. */
  readonly estimate: number;
  /** Null where it is not defined: of a survival of 0. */
  readonly standardError: number | null;
}

/** A step function of time, with a step at each time at which an observation ended. */
export interface Curve {
  /** Survival starts at 1 and falls, incidence starts at 0 and rises. */
  readonly kind: 'survival' | 'incidence';
  readonly n: number;
  readonly events: number;
  readonly competing: number;
  readonly steps: readonly Step[];
}

export interface Reading extends Interval {
  readonly time: number;
  readonly estimate: number | null;
  readonly standardError: number | null;
  readonly atRisk: number;
}

export function curveOf(
  kind: Curve['kind'],
  observations: readonly Observation[],
  steps: readonly Step[],
): Curve {
  const ended = (event: number) => observations.filter((one) => one.event === event).length;
  return { kind, n: observations.length, events: ended(1), competing: ended(2), steps };
}

/**
 * The curve at a time: its last step up to then. Beyond the last observation nothing is known (null),
 * unless no subject was left whom an event could still befall.
 */
export function readCurve({ kind, n, steps }: Curve, time: number): Reading {
  const next = steps.findIndex((step) => step.time > time);
  const last = next === -1 ? steps.at(-1) : steps[next - 1];
  const atRisk = steps.find((step) => step.time >= time)?.atRisk ?? 0;
  const unknown = { time, estimate: null, standardError: null, lower: null, upper: null, atRisk };
  if (n === 0) return unknown;
  if (!last) return { ...unknown, estimate: kind === 'survival' ? 1 : 0, standardError: 0 };
  if (last === steps.at(-1) && last.time < time && last.censored > 0) return unknown;
  const { estimate, standardError, lower, upper } = last;
  return { time, estimate, standardError, lower, upper, atRisk };
}
