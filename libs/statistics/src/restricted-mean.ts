import { type Curve, readCurve } from './curve.js';

export interface RestrictedMean {
  readonly horizon: number;
  /** The area under the survival curve up to the horizon: time free of the event, on average. */
  readonly estimate: number | null;
  readonly standardError: number | null;
}

/**
 * Restricted mean survival with its Greenwood-type variance (Klein and Moeschberger 2003, §4.5: no factor
 * m/(m−1)). Null beyond the follow-up, where the area is not known.
 */
export function restrictedMean(survival: Curve, horizon: number): RestrictedMean {
  if (readCurve(survival, horizon).estimate === null) {
    return { horizon, estimate: null, standardError: null };
  }
  const steps = survival.steps.filter(({ time }) => time <= horizon);
  let area = 0;
  let variance = 0;
  let until = horizon;
  for (const { time, atRisk, events, competing, estimate } of steps.reverse()) {
    area += estimate * (until - time);
    until = time;
    const ended = events + competing;
    if (ended < atRisk) variance += (area ** 2 * ended) / (atRisk * (atRisk - ended));
  }
  return { horizon, estimate: area + until, standardError: Math.sqrt(variance) };
}
