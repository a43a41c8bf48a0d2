import type { Curve } from './curve.js';

export interface Quantile {
  readonly probability: number;
  /** Null where the curve never falls so far. */
  readonly time: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * The time by which the event has befallen a part of the subjects, with the interval of Brookmeyer and
 * Crowley (1982): where the limits of the survival curve cross the same height, on the scale on which they
 * were computed. Where a curve runs level at that height, it is the middle of the level, which ends
 * with the curve at the latest, as in R.
 */
export function quantileOf(survival: Curve, probability: number): Quantile {
  const crossing = (value: 'estimate' | 'lower' | 'upper') => crossingOf(survival, value, 1 - probability);
  return {
    probability,
    time: crossing('estimate'),
    lower: crossing('lower'),
    upper: crossing('upper'),
  };
}

export function medianOf(survival: Curve): Quantile {
  return quantileOf(survival, 0.5);
}

/** As in R: heights that differ by less are products of rounding. */
const tolerance = Math.sqrt(Number.EPSILON);

function crossingOf({ steps }: Curve, value: 'estimate' | 'lower' | 'upper', height: number): number | null {
  const defined = steps.filter((step) => step[value] !== null);
  const reached = defined.findIndex((step) => step[value]! <= height + tolerance);
  const step = defined[reached];
  if (!step) return null;
  const level = step[value]! >= height - tolerance;
  if (!level) return step.time;
  const end = defined.slice(reached).find((later) => later[value]! < height - tolerance) ?? steps.at(-1)!;
  return (step.time + end.time) / 2;
}
