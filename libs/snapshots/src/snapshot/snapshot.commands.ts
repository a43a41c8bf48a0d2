import { authorise, type Caller } from '#access';
import type { Aggregate, CommandType } from '#commands';
import type { EventStore } from '#event-store';
import {
  type CompleteSnapshot,
  completeSnapshot,
  evolveSnapshots,
  type RequestSnapshot,
  requestSnapshot,
  type SnapshotEvent,
  type Snapshots,
} from './snapshot.js';
import { projectSnapshots } from './snapshot.projection.js';

const STREAM = 'snapshots';

export const snapshots: Aggregate<Snapshots> = {
  initial: [],
  evolve: (state, event) => {
    const by = 'user' in event.actor ? event.actor.user : event.actor.system;
    return evolveSnapshots(state, { ...(event as SnapshotEvent & { recordedAt: string }), by });
  },
  project: (before, after, [event]) => (event ? projectSnapshots(before, after, event.log) : []),
};

export function snapshotCommands(store: EventStore) {
  const RequestSnapshot: CommandType<RequestSnapshot, Snapshots, { last: number }, Caller> = {
    type: 'RequestSnapshot',
    aggregate: snapshots,
    stream: () => STREAM,
    authorise: ({ caller, log }) => authorise(caller, 'RequestSnapshot', log),
    facts: async ({ log }) => ({ last: (await store.size(log)) - 1 }),
    prepare: (command) => command,
    decide: requestSnapshot,
  };

  const CompleteSnapshot: CommandType<CompleteSnapshot, Snapshots, undefined, Caller> = {
    type: 'CompleteSnapshot',
    aggregate: snapshots,
    stream: () => STREAM,
    authorise: ({ caller, log }) => authorise(caller, 'RequestSnapshot', log),
    facts: () => undefined,
    prepare: (command) => command,
    decide: completeSnapshot,
  };

  return { RequestSnapshot, CompleteSnapshot };
}

export type SnapshotCommands = ReturnType<typeof snapshotCommands>;

/** DI token of the `SnapshotCommands`. */
export const SNAPSHOT_COMMANDS = Symbol('SnapshotCommands');
