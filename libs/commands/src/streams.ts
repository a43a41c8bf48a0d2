import { LRUCache } from 'lru-cache';
import { type EventStore, type RecordedEvent, readStreams } from '#event-store';
import type { Aggregate } from './command-type.js';

/** A stream folded up to some point. */
export interface Loaded<State> {
  readonly state: State;
  /** -1 before the first event. */
  readonly revision: number;
  readonly position: number;
}

const MOST_EVENTS_CACHED = 200_000;

/**
 * Folded streams, cached. A cached state may be behind another node's writes: the append's revision check
 * finds that, and whatever is answered without an append is first brought up to date.
 */
export class Streams {
  private readonly cache = new LRUCache<string, Loaded<unknown>>({
    maxSize: MOST_EVENTS_CACHED,
    sizeCalculation: (loaded) => loaded.revision + 2,
  });

  constructor(private readonly store: EventStore) {}

  cached<State>(log: string, stream: string): Loaded<State> | undefined {
    return this.cache.get(`${log} ${stream}`) as Loaded<State> | undefined;
  }

  /** The stream as it is now. */
  async current<State>(log: string, stream: string, aggregate: Aggregate<State>): Promise<Loaded<State>> {
    const known = this.cached<State>(log, stream) ?? { state: aggregate.initial, revision: -1, position: -1 };
    const loaded = advance(known, aggregate, await this.store.readStream(log, stream, known.revision));
    if (loaded.revision >= 0) this.keep(log, stream, loaded);
    return loaded;
  }

  /** The same of many streams, by their names: each at least at the revision that is asked for. */
  async currentOf<State>(
    log: string,
    least: ReadonlyMap<string, number>,
    aggregate: Aggregate<State>,
  ): Promise<Map<string, Loaded<State>>> {
    const known = new Map(
      Array.from(least.keys(), (stream) => [
        stream,
        this.cached<State>(log, stream) ?? { state: aggregate.initial, revision: -1, position: -1 },
      ]),
    );
    const behind = [...known].filter(([stream, { revision }]) => revision < least.get(stream)!);
    if (behind.length === 0) return known;
    const after = new Map(behind.map(([stream, { revision }]) => [stream, revision]));
    for (const [stream, events] of await readStreams(this.store.pool, log, after)) {
      const loaded = advance(known.get(stream)!, aggregate, events);
      known.set(stream, loaded);
      this.keep(log, stream, loaded);
    }
    return known;
  }

  /** The stream as it was after a position of its log. */
  async asOf<State>(
    log: string,
    stream: string,
    aggregate: Aggregate<State>,
    position: number,
  ): Promise<Loaded<State>> {
    const events = await this.store.readStream(log, stream, -1, position);
    return advance({ state: aggregate.initial, revision: -1, position: -1 }, aggregate, events);
  }

  /** Remembers a state, unless a later one is known. */
  keep<State>(log: string, stream: string, loaded: Loaded<State>): void {
    const known = this.cached(log, stream);
    if (!known || known.revision <= loaded.revision) this.cache.set(`${log} ${stream}`, loaded);
  }
}

export function advance<State>(
  loaded: Loaded<State>,
  aggregate: Aggregate<State>,
  events: readonly RecordedEvent[],
): Loaded<State> {
  const last = events.at(-1);
  if (!last) return loaded;
  let { state } = loaded;
  for (const event of events) state = aggregate.evolve(state, event);
  return { state, revision: last.revision, position: last.position };
}
