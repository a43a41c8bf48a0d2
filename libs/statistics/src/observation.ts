/** The follow-up of one subject for one endpoint. */
export interface Observation {
  /** From the subject's own time zero, in whichever unit the caller keeps to. */
  readonly time: number;
  /** How it ended: 0 censored, 1 with the event, 2 with an event that competes with it. */
  readonly event: 0 | 1 | 2;
}

/** An observation of a subject in a group that is compared with others, within a stratum where there are any. */
export interface Grouped extends Observation {
  readonly group: string;
  readonly stratum?: string;
}

/** How many observations ended at one time, and how many had not ended before it. */
export interface Tally {
  readonly time: number;
  readonly atRisk: number;
  readonly events: number;
  readonly competing: number;
  readonly censored: number;
}

/**
 * The distinct times in ascending order. Who is censored at a time is at risk at it: events come first.
 *
 * @throws RangeError for a time that is no finite number
 */
export function tally(observations: readonly Observation[]): Tally[] {
  const ended = new Map<number, [censored: number, events: number, competing: number]>();
  for (const { time, event } of observations) {
    if (!Number.isFinite(time)) throw new RangeError(`a time of ${time}`);
    const counts = ended.get(time) ?? [0, 0, 0];
    counts[event]++;
    ended.set(time, counts);
  }
  let atRisk = observations.length;
  return [...ended]
    .sort(([a], [b]) => a - b)
    .map(([time, [censored, events, competing]]) => {
      const row = { time, atRisk, events, competing, censored };
      atRisk -= censored + events + competing;
      return row;
    });
}

/** Members by a key, the keys in ascending order. */
export function split<T>(members: readonly T[], key: (member: T) => string): Map<string, T[]> {
  const parts = new Map<string, T[]>();
  for (const name of [...new Set(members.map(key))].sort()) parts.set(name, []);
  for (const member of members) parts.get(key(member))!.push(member);
  return parts;
}
