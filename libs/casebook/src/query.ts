import { Problem } from '#problem';
import type { FormAddress, ItemAddress } from './address.js';
import type { Casebook, CasebookEvent } from './casebook.js';
import type { QueryStatus } from './query-state.js';

export interface RaiseQuery extends FormAddress, Partial<ItemAddress> {
  readonly subject: string;
  readonly text: string;
}

/** Queries are numbered within their casebook, so a query's id tells its subject. */
export function nextQueryId({ subject, queries }: Casebook, after = 0): string {
  return `${subject}-Q${Object.keys(queries).length + after + 1}`;
}

/** The subject whose casebook holds a query; undefined for what cannot be a query's id. */
export function subjectOfQuery(query: string): string | undefined {
  return /^(.+)-Q[1-9][0-9]*$/.exec(query)?.[1];
}

export function raiseQuery({ subject: _, ...query }: RaiseQuery, casebook: Casebook): CasebookEvent[] {
  return [{ type: 'QueryRaised', data: { ...query, query: nextQueryId(casebook) } }];
}

export type QueryStep = 'QueryAnswered' | 'QueryClosed' | 'QueryReopened' | 'QueryCancelled';

/** From which states a person may take which step. A query that nobody answered is cancelled, not closed. */
export const querySteps: Readonly<Record<QueryStep, readonly QueryStatus[]>> = {
  QueryAnswered: ['open'],
  QueryClosed: ['answered'],
  QueryReopened: ['answered', 'closed'],
  QueryCancelled: ['open', 'answered'],
};

export interface MoveQuery {
  readonly query: string;
  readonly text: string;
}

/** @throws Problem not-found, or conflict when the step is not a legal one from where the query stands */
export function moveQuery(step: QueryStep, { query, text }: MoveQuery, casebook: Casebook): CasebookEvent[] {
  const state = casebook.queries[query];
  if (!state) throw new Problem('not-found', 'There is no such query.');
  if (!querySteps[step].includes(state.status)) {
    throw new Problem(
      'conflict',
      `The query is ${state.status}; this step is possible only when it is ${querySteps[step].join(' or ')}.`,
    );
  }
  return [{ type: step, data: { query, text } }];
}
