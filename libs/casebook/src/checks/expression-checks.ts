import type { Affected, CasebookView, FormChange, PlacedCheck } from '#checks';
import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import { formKey } from '../address.js';
import type { Casebook } from '../casebook.js';
import { isOpen, type QueryRaised, type QueryState } from '../query/query-state.js';
import { isBuiltIn, settledByPerson } from './checks.js';
import { addressOf, isThere } from './expression-facts.js';

/** What the edit checks in CEL make of a change. */
export interface CheckFindings {
  /** Hard checks that the data violate and did not violate before. */
  readonly refused: readonly { readonly check: PlacedCheck; readonly text: string }[];
  readonly raised: readonly Omit<QueryRaised, 'query'>[];
  /** Ids of queries. */
  readonly closed: readonly string[];
}

export interface CheckedChange {
  readonly study: CompiledStudy;
  readonly before: Casebook;
  /** Made at first need: seldom. */
  viewBefore(): CasebookView;
  /** After the change and with its derived items. */
  readonly casebook: Casebook;
  readonly view: CasebookView;
  readonly changes: readonly FormChange[];
  readonly affected: readonly Affected<PlacedCheck>[];
}

/**
 * Evaluates the checks that a change affects, on whichever forms. One that holds raises its query, unless one
 * stands or a person settled it: then it stays settled until an item of the query changes, or the data satisfy
 * the check in between. One that does not hold closes its query; but a query that a person reopened only when
 * this change is what settles it. A hard check that was violated before is like a soft one: refusing would keep
 * the data as they are. A form that is not there violates nothing.
 */
export function checkExpressions(change: CheckedChange): CheckFindings {
  const { study, before, casebook, view, affected } = change;
  const queries = queriesByPlace(casebook);
  const changed = new Set(
    change.changes.flatMap(({ place, items }) => items.map((item) => `${formKey(addressOf(place))} ${item}`)),
  );
  const refused: CheckFindings['refused'][number][] = [];
  const raised: Omit<QueryRaised, 'query'>[] = [];
  const closed: string[] = [];
  for (const { dependent: check, place } of affected) {
    const address = addressOf(place);
    const verdict = isThere(casebook.forms[formKey(address)], study) && check.evaluate(view, place);
    if (verdict === 'exhausted') continue;
    const own = queries.get(`${check.oid} ${formKey(address)}`) ?? [];
    const touched = check.items.some((item) => changed.has(`${formKey(address)} ${item}`));
    const heldBefore = () =>
      isThere(before.forms[formKey(address)], study) && check.evaluate(change.viewBefore(), place) === true;
    if (verdict !== true) {
      const needless = own.filter(
        (query) => isOpen(query) && (!wasReopened(query) || touched || heldBefore()),
      );
      closed.push(...needless.map(({ query }) => query));
      continue;
    }
    const text = check.message(view, place);
    const last = own.at(-1);
    if (check.level === 'hard' && !heldBefore()) refused.push({ check, text });
    else if (!own.some(isOpen) && !(last && settledByPerson(last) && !touched && heldBefore()))
      raised.push({ ...address, item: check.items[0]!, items: check.items, check: check.oid, text });
  }
  return { refused, raised, closed };
}

/** Open queries of checks that the definition does not have, as after another version was adopted. */
export function orphans({ queries }: Casebook, { definition, expressions }: CompiledStudy): QueryState[] {
  return Object.values(queries).filter(
    ({ check, form, ...query }) =>
      check !== undefined &&
      !isBuiltIn(check) &&
      check !== definition.duplicates?.check &&
      isOpen(query) &&
      !expressions.hasCheck(check, parseKey(form ?? '')?.oid ?? ''),
  );
}

function queriesByPlace({ queries }: Casebook): ReadonlyMap<string, readonly QueryState[]> {
  const byPlace = new Map<string, QueryState[]>();
  for (const query of Object.values(queries)) {
    if (query.check === undefined) continue;
    const place = `${query.check} ${formKey(query)}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), query]);
  }
  return byPlace;
}

function wasReopened({ messages }: QueryState): boolean {
  return messages.some(({ type }) => type === 'QueryReopened');
}
