import { Problem } from '#problem';
import type { CompiledItem, CompiledStudy } from '#study';
import type { FormAddress } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { type KnownTo, nextNumbers } from '../numbers.js';
import { showsQuery } from './query.view.js';
import { placeOfQuery, type QueryPlaceFacts, type QueryTarget } from './query-place.js';
import { isOpen, type QueryPlace, type QueryState, type QueryStatus } from './query-state.js';

export interface RaiseQuery extends QueryTarget {
  readonly subject: string;
  readonly text: string;
}

export interface QueryFacts {
  /** False for queries that the caller must not know of. */
  shows(query: QueryState): boolean;
}

/** Ids for the next queries of a casebook, by their places, one after the other. An id tells its subject. */
export function queryIds(
  { subject, queries }: Casebook,
  study: CompiledStudy,
): (place: Omit<QueryPlace, 'check'>) => string {
  const next = nextNumbers(Object.keys(queries));
  const knownTo = (place: Omit<QueryPlace, 'check'>): KnownTo => {
    if (showsQuery(place, study, anyone)) return 'everyone';
    return showsQuery(place, study, blinded) ? 'some-roles' : 'who-sees-arms';
  };
  return (place) => `${subject}-Q${next(knownTo(place))}`;
}

/** Who knows least of all who read casebooks, and who knows most without the arms. */
const anyone = { arms: false, item: ({ hiddenFrom }: CompiledItem) => !hiddenFrom?.length };
const blinded = { arms: false, item: () => true };

/** The subject whose casebook holds a query; undefined for what cannot be a query's id. */
export function subjectOfQuery(query: string): string | undefined {
  return /^(.+)-Q[1-9][0-9]*$/.exec(query)?.[1];
}

/** @throws Problem as `placeOfQuery` does */
export function raiseQuery(
  { subject: _, text, ...target }: RaiseQuery,
  casebook: Casebook,
  facts: QueryPlaceFacts,
): CasebookEvent[] {
  const place = placeOfQuery(target, casebook, facts);
  return [{ type: 'QueryRaised', data: { ...place, text, query: queryIds(casebook, facts.study)(place) } }];
}

export type QueryStep = 'QueryAnswered' | 'QueryClosed' | 'QueryReopened' | 'QueryCancelled';

/**
 * From which states a person may take which step. A query that nobody answered is cancelled, not closed; one
 * that is asked again, with another text, is reopened.
 */
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
export function moveQuery(
  step: QueryStep,
  { query, text }: MoveQuery,
  casebook: Casebook,
  facts: QueryFacts,
): CasebookEvent[] {
  refuseUnless(querySteps[step], findQuery(query, casebook, facts));
  return [{ type: step, data: { query, text } }];
}

/** A word to the other side that leaves the query where it stands. @throws Problem as `moveQuery` does */
export function commentQuery(
  { query, text }: MoveQuery,
  casebook: Casebook,
  facts: QueryFacts,
): CasebookEvent[] {
  refuseUnless(['open', 'answered'], findQuery(query, casebook, facts));
  return [{ type: 'QueryCommented', data: { query, text } }];
}

function findQuery(query: string, { queries }: Casebook, { shows }: QueryFacts): QueryState {
  const state = Object.hasOwn(queries, query) ? queries[query] : undefined;
  if (!state || !shows(state)) throw new Problem('not-found', 'There is no such query.');
  return state;
}

function refuseUnless(from: readonly QueryStatus[], { status }: QueryState): void {
  if (from.includes(status)) return;
  const text = `The query is ${status}; this is possible only while it is ${from.join(' or ')}.`;
  throw new Problem('conflict', text);
}

/**
 * That an entry may say it was made because of this query: one that stands, on the form or something in it, on
 * its visit, or on the casebook.
 *
 * @throws Problem invalid-value
 */
export function refuseOtherQuery(
  query: string,
  address: FormAddress,
  { queries }: Casebook,
  { shows }: QueryFacts,
): void {
  const state = Object.hasOwn(queries, query) ? queries[query] : undefined;
  const isConcerned =
    state &&
    (state.visit === undefined || state.visit === address.visit) &&
    (state.form === undefined || state.form === address.form);
  if (isConcerned && isOpen(state) && shows(state)) return;
  const message = `No query ${query} stands on this form, its visit or the casebook.`;
  throw new Problem('invalid-value', message, {
    errors: [{ pointer: '/query', code: 'unknown-query', message }],
  });
}
