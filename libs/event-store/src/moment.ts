import { Problem } from '#problem';
import type { EventStore } from './event-store.js';

/** What a read asks of time: a past state, or a state that is not older than what the reader knows of. */
export interface Asked {
  readonly asOf?: { position: number } | { instant: string } | undefined;
  readonly minPosition?: number | undefined;
}

export interface Moment {
  /** The position that the answer shows: everything up to and including it. */
  readonly position: number;
  readonly past: boolean;
}

/** @throws Problem unavailable for a position that the log has not reached (here) */
export async function momentOf(
  store: EventStore,
  log: string,
  { asOf, minPosition }: Asked,
): Promise<Moment> {
  const last = (await store.size(log)) - 1;
  const wanted = Math.max(minPosition ?? -1, asOf && 'position' in asOf ? asOf.position : -1);
  if (wanted > last) throw new Problem('unavailable', `The log has not reached position ${wanted} yet.`);
  if (!asOf) return { position: last, past: false };
  const position = 'position' in asOf ? asOf.position : await store.positionAt(log, asOf.instant);
  return { position, past: true };
}
