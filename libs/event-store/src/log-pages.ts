import { LRUCache } from 'lru-cache';
import type { ClientBase } from 'pg';
import type { RecordedEvent } from './entry.js';
import { readLog } from './event-store.js';

const PAGE = 1000;
/** The followers of a log are at about the same place. */
const MOST_KEPT = 4;

interface Page {
  readonly events: readonly RecordedEvent[];
  /** As many as a page has: more are there, or nearly so. */
  readonly isFull: boolean;
  /** Read for another: the log may have grown since. */
  readonly isKept: boolean;
}

/**
 * Logs, a page at a time, for all that follow them: what one has read and parsed, the next at the same place is
 * given. What stands after a position never changes, so a page that was kept is right, though the log may have
 * grown since.
 */
export class LogPages {
  private readonly kept = new LRUCache<string, Promise<readonly RecordedEvent[]>>({ max: MOST_KEPT });

  /** The first events after a position. */
  async after(client: ClientBase, log: string, position: number): Promise<Page> {
    const place = `${log} ${position}`;
    const earlier = this.kept.get(place);
    // Whoever read it may have lost the connection: that is not our failure.
    const kept = earlier ? await earlier.catch(() => []) : [];
    if (kept.length > 0) return { events: kept, isFull: kept.length === PAGE, isKept: true };
    const reading = readLog(client, log, position, PAGE);
    this.kept.set(place, reading);
    const events = await reading;
    return { events, isFull: events.length === PAGE, isKept: false };
  }
}
