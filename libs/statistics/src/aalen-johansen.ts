import { type Curve, curveOf, type Step } from './curve.js';
import { type IncidenceVariance, incidenceVariances } from './incidence-variance.js';
import { type IntervalOptions, intervalAbout } from './interval.js';
import { type Observation, tally } from './observation.js';

export interface IncidenceOptions extends IntervalOptions {
  /** Which kind of event is counted; 1 unless given. */
  readonly cause?: 1 | 2;
  /** `delta` unless given. */
  readonly variance?: IncidenceVariance;
}

/**
 * Cumulative incidence of one kind of event beside the other (Aalen and Johansen 1978). Intervals are of
 * the incidence itself on the scale asked for, as R's `survfit` makes them.
 */
export function aalenJohansen(observations: readonly Observation[], options: IncidenceOptions = {}): Curve {
  const { cause = 1, variance = 'delta' } = options;
  const tallies = tally(observations);
  const variances = incidenceVariances(variance, tallies, cause);
  let survival = 1;
  let estimate = 0;
  const steps = tallies.map((row, index): Step => {
    estimate += (survival * (cause === 1 ? row.events : row.competing)) / row.atRisk;
    survival *= (row.atRisk - row.events - row.competing) / row.atRisk;
    const standardError = Math.sqrt(variances[index]!);
    return { ...row, estimate, standardError, ...intervalAbout(estimate, standardError, options) };
  });
  return curveOf('incidence', observations, steps);
}
