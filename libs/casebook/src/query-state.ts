import type { NewEvent } from '#event-store';
import type { FormAddress, ItemAddress } from './address.js';
import { actorName, type Stamped } from './stamped.js';

export type QueryEvent =
  | NewEvent<'QueryRaised', QueryRaised>
  | NewEvent<'QueryAnswered', QueryMoved>
  | NewEvent<'QueryClosed', QueryMoved>
  | NewEvent<'QueryReopened', QueryMoved>
  | NewEvent<'QueryCancelled', QueryMoved>;

export interface QueryRaised extends FormAddress, Partial<ItemAddress> {
  readonly query: string;
  readonly text: string;
  /** All that a check is about, where it is an expression; `item` is the first of them. */
  readonly items?: readonly string[];
  /** The edit check that raised it; absent when a person did. */
  readonly check?: string;
}

interface QueryMoved {
  readonly query: string;
  readonly text: string;
}

export type QueryStatus = 'open' | 'answered' | 'closed' | 'cancelled';

export interface QueryState extends QueryRaised {
  readonly status: QueryStatus;
  readonly raisedAt: string;
  readonly changedAt: string;
  readonly messages: readonly {
    readonly type: string;
    readonly by: string;
    readonly at: string;
    readonly text: string;
  }[];
}

/** By query id, in the order in which they were raised. */
export type Queries = Readonly<Record<string, QueryState>>;

export const isOpen = ({ status }: Pick<QueryState, 'status'>) => status === 'open' || status === 'answered';

const statusAfter = {
  QueryAnswered: 'answered',
  QueryClosed: 'closed',
  QueryReopened: 'open',
  QueryCancelled: 'cancelled',
} as const;

/** Every step of a query leaves a message in its thread. */
export function foldQuery(queries: Queries, event: Stamped<QueryEvent>): Queries {
  const { query: id, text } = event.data;
  const before = queries[id];
  if (event.type !== 'QueryRaised' && !before) return queries;
  const after: Omit<QueryState, 'messages'> =
    event.type === 'QueryRaised'
      ? { ...inOrder(event.data), status: 'open', raisedAt: event.recordedAt, changedAt: event.recordedAt }
      : { ...before!, status: statusAfter[event.type], changedAt: event.recordedAt };
  const message = { type: event.type, by: actorName(event), at: event.recordedAt, text };
  return { ...queries, [id]: { ...after, messages: [...(before?.messages ?? []), message] } };
}

/** An event just decided and the same one read from the log differ in the order of members; states must not. */
function inOrder({ query, visit, form, item, group, row, items, check, text }: QueryRaised): QueryRaised {
  return {
    query,
    visit,
    form,
    ...(item && { item }),
    ...(group && { group }),
    ...(row && { row }),
    ...(items && { items }),
    ...(check && { check }),
    text,
  };
}
