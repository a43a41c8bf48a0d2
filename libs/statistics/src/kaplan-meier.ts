import { type Curve, curveOf, type Step } from './curve.js';
import { type IntervalOptions, intervalAbout } from './interval.js';
import { type Observation, tally } from './observation.js';

/**
 * Survival free of any event, the one or the competing one, by the product limit (Kaplan and Meier 1958),
 * with Greenwood's variance. Competing events are never censored here: one minus such a curve would
 * overstate the incidence; that of a single kind is what `aalenJohansen` estimates.
 */
export function kaplanMeier(observations: readonly Observation[], options: IntervalOptions = {}): Curve {
  let estimate = 1;
  let greenwood = 0;
  const steps = tally(observations).map((row): Step => {
    const ended = row.events + row.competing;
    const left = row.atRisk - ended;
    estimate *= left / row.atRisk;
    if (left > 0) greenwood += ended / (row.atRisk * left);
    const standardError = estimate === 0 ? null : estimate * Math.sqrt(greenwood);
    return { ...row, estimate, standardError, ...intervalAbout(estimate, standardError, options) };
  });
  return curveOf('survival', observations, steps);
}
