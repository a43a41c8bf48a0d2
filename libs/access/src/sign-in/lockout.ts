const FREE_FAILURES = 5;
const FIRST_WAIT_SECONDS = 60;
const LONGEST_WAIT_SECONDS = 3600;

/** How long an account is locked after so many failures in a row (21 CFR 11.300(d)): a minute after five, doubling to an hour. */
export function lockSeconds(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(FIRST_WAIT_SECONDS * 2 ** (failures - FREE_FAILURES), LONGEST_WAIT_SECONDS);
}

/** The waits by number of failures, from one up to where they grow no more. */
export const lockWaits: readonly number[] = Array.from({ length: 11 }, (_, i) => lockSeconds(i + 1));
