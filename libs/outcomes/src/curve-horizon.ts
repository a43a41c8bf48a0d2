/** On average, leap years included. */
export const DAYS_A_YEAR = 365.25;
const DAYS_A_MONTH = DAYS_A_YEAR / 12;

/** Follow-up that counts, in days; without a limit, the whole years that hold the longest there is. */
export function horizonOf(
  horizon: { readonly years?: number; readonly days?: number } | undefined,
  longest: number,
): number {
  if (horizon?.days !== undefined) return horizon.days;
  const years = horizon?.years ?? Math.max(1, Math.ceil(longest / DAYS_A_YEAR));
  return Math.floor(years * DAYS_A_YEAR);
}

/** The end of each year up to the horizon, and the horizon, in days. */
export function yearlyTo(horizon: number): number[] {
  const years = Math.floor((horizon + 1) / DAYS_A_YEAR);
  const ends = Array.from({ length: years }, (_, i) => Math.floor((i + 1) * DAYS_A_YEAR));
  return [...new Set([...ends, horizon])];
}

/** How the axis of time is labelled, and how many days make one of its unit. */
export function axisOf(horizon: number): { readonly x: string; readonly unit: number } {
  if (horizon >= 2 * DAYS_A_YEAR - 1) return { x: 'Time (years)', unit: DAYS_A_YEAR };
  return horizon > 120 ? { x: 'Time (months)', unit: DAYS_A_MONTH } : { x: 'Time (days)', unit: 1 };
}
