import type { NewEvent } from '#event-store';
import type { FormAddress, ItemAddress } from '../address.js';
import { actorName, type Stamped } from '../stamped.js';

export type QueryEvent =
  | NewEvent<'QueryRaised', QueryRaised>
  | NewEvent<'QueryAnswered', QueryMoved>
  | NewEvent<'QueryClosed', QueryMoved>
  | NewEvent<'QueryReopened', QueryMoved>
  | NewEvent<'QueryCancelled', QueryMoved>
  | NewEvent<'QueryCommented', QueryMoved>;

/** What a query is about: an item, a form, a visit, or, naming none of them, the whole casebook. */
export interface QueryPlace extends Partial<FormAddress>, Partial<ItemAddress> {
  /** All that a check is about, where it is an expression; `item` is the first of them. */
  readonly items?: readonly string[];
}

export interface QueryRaised extends QueryPlace {
  readonly query: string;
  readonly text: string;
  /** The edit check that raised it; absent when a person did. */
  readonly check?: string;
}

interface QueryMoved {
  readonly query: string;
  readonly text: string;
}

export type QueryStatus = 'open' | 'answered' | 'closed' | 'cancelled';

export interface QueryMessage {
  readonly type: QueryEvent['type'];
  readonly by: string;
  /** Absent where the system acted. */
  readonly role?: string;
  readonly at: string;
  readonly text: string;
}

export interface QueryState extends QueryRaised {
  readonly status: QueryStatus;
  readonly raisedAt: string;
  /** When it came to the status that it has: every step hands it to the other side, or to nobody. */
  readonly changedAt: string;
  readonly messages: readonly QueryMessage[];
}

/** By query id, in the order in which they were raised. */
export type Queries = Readonly<Record<string, QueryState>>;

export const isOpen = ({ status }: Pick<QueryState, 'status'>) => status === 'open' || status === 'answered';

/** All items that a query names, the first of them first. */
export const itemsOf = ({ item, items }: Pick<QueryPlace, 'item' | 'items'>) =>
  items ?? (item === undefined ? [] : [item]);

const statusAfter = {
  QueryAnswered: 'answered',
  QueryClosed: 'closed',
  QueryReopened: 'open',
  QueryCancelled: 'cancelled',
} as const;

/** Every step of a query leaves a message in its thread; a comment is a message alone. */
export function foldQuery(queries: Queries, event: Stamped<QueryEvent>): Queries {
  const { query: id, text } = event.data;
  const before = queries[id];
  if (event.type !== 'QueryRaised' && !before) return queries;
  const after =
    event.type === 'QueryRaised'
      ? {
          ...inOrder(event.data),
          status: 'open' as const,
          raisedAt: event.recordedAt,
          changedAt: event.recordedAt,
        }
      : event.type === 'QueryCommented'
        ? before!
        : { ...before!, status: statusAfter[event.type], changedAt: event.recordedAt };
  const message: QueryMessage = {
    type: event.type,
    by: actorName(event),
    ...('user' in event.actor && { role: event.actor.role }),
    at: event.recordedAt,
    text,
  };
  return { ...queries, [id]: { ...after, messages: [...(before?.messages ?? []), message] } };
}

/** An event just decided and the same one read from the log differ in the order of members; states must not. */
function inOrder({ query, visit, form, item, group, row, items, check, text }: QueryRaised): QueryRaised {
  return {
    query,
    ...(visit && { visit }),
    ...(form && { form }),
    ...(item && { item }),
    ...(group && { group }),
    ...(row && { row }),
    ...(items && { items }),
    ...(check && { check }),
    text,
  };
}
