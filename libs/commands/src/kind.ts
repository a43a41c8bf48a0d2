import type { ReadModel, RecordedEvent } from '#event-store';
import type { Aggregate } from './command-type.js';
import { advance } from './streams.js';

/** Streams whose names begin alike are of one kind. */
export interface Kind {
  readonly prefix: string;
  readonly aggregate: Aggregate<unknown>;
  readonly models: readonly ReadModel[];
}

export const kindOf = (kinds: readonly Kind[], stream: string) =>
  kinds.find(({ prefix }) => stream.startsWith(prefix));

/** @param events of a stream of the kind, from the first one on */
export const stateOf = ({ aggregate }: Kind, events: readonly RecordedEvent[]) =>
  advance({ state: aggregate.initial, revision: -1, position: -1 }, aggregate, events).state;

/** The rows of a stream's inline read models. */
export const rowsOfStream = (kind: Kind, state: unknown, events: readonly RecordedEvent[]) =>
  kind.aggregate.project?.(kind.aggregate.initial, state, events) ?? [];
