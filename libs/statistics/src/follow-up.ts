import type { Curve } from './curve.js';
import type { IntervalOptions } from './interval.js';
import { kaplanMeier } from './kaplan-meier.js';
import type { Observation } from './observation.js';

/**
 * How long the subjects were followed, as a survival curve of which censoring is the event and any event
 * the censoring (reverse Kaplan–Meier; Schemper and Smith 1996). Its median is the median follow-up.
 */
export function followUp(observations: readonly Observation[], options: IntervalOptions = {}): Curve {
  const reversed = observations.map(({ time, event }): Observation => ({ time, event: event === 0 ? 1 : 0 }));
  return kaplanMeier(reversed, options);
}
