import { normalQuantile } from './normal.js';

/**
 * The scale on which an interval is symmetric: of the probability itself, of its logarithm, or of log(−log)
 * of it (Kalbfleisch and Prentice 1980), whose limits never leave 0 to 1.
 */
export type IntervalScale = 'plain' | 'log' | 'log-log';

export interface IntervalOptions {
  /** The probability with which it covers the truth; 0.95 unless given. */
  readonly confidence?: number;
  /** `log-log` unless given. */
  readonly scale?: IntervalScale;
}

export interface Interval {
  readonly lower: number | null;
  readonly upper: number | null;
}

const none: Interval = { lower: null, upper: null };

/**
 * The interval about an estimated probability by its standard error, cut off at 0 and 1. As in R's
 * `survfit`, there is none where the scale has no place for the estimate: at 0 (log), at 0 and 1 (log-log).
 */
export function intervalAbout(
  estimate: number,
  standardError: number | null,
  { confidence = 0.95, scale = 'log-log' }: IntervalOptions,
): Interval {
  if (standardError === null) return none;
  const margin = normalQuantile((1 + confidence) / 2) * standardError;
  if (scale === 'plain') {
    return { lower: Math.max(0, estimate - margin), upper: Math.min(1, estimate + margin) };
  }
  if (estimate === 0 || (estimate === 1 && scale === 'log-log')) return none;
  const relative = margin / estimate;
  if (scale === 'log') {
    return {
      lower: estimate * Math.exp(-relative),
      upper: Math.min(1, estimate * Math.exp(relative)),
    };
  }
  const width = Math.abs(relative / Math.log(estimate));
  return { lower: estimate ** Math.exp(width), upper: estimate ** Math.exp(-width) };
}
