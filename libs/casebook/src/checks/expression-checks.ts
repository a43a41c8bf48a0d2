import type { Affected, CasebookView, PlacedCheck, RowPlace } from '#checks';
import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import { formKey, itemPath } from '../address.js';
import type { Casebook } from '../casebook.js';
import { rowsOf } from '../form/form-state.js';
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
  const refused: CheckFindings['refused'][number][] = [];
  const raised: Omit<QueryRaised, 'query'>[] = [];
  const closed: string[] = [];
  for (const { dependent: check, place } of affected.flatMap((one) => byRow(one, change))) {
    const address = addressOf(place);
    const [is, was] = [casebook.forms[formKey(address)], before.forms[formKey(address)]];
    const row = rowOf(check, place, study);
    const verdict = isThere(is, study) && check.evaluate(view, place);
    if (verdict === 'exhausted') continue;
    const own = queries.get(queryPlace({ check: check.oid, ...address, ...row })) ?? [];
    const touched = () =>
      check.items.some((item) => {
        const path = itemPath({ item, ...row });
        return is?.items[path]?.version !== was?.items[path]?.version;
      });
    const heldBefore = () => isThere(was, study) && check.evaluate(change.viewBefore(), place) === true;
    if (verdict !== true) {
      const needless = own.filter(
        (query) => isOpen(query) && (!wasReopened(query) || touched() || heldBefore()),
      );
      closed.push(...needless.map(({ query }) => query));
      continue;
    }
    const text = check.message(view, place);
    const last = own.at(-1);
    if (check.level === 'hard' && !heldBefore()) refused.push({ check, text });
    else if (!own.some(isOpen) && !(last && settledByPerson(last) && !touched() && heldBefore()))
      raised.push({ ...address, item: check.items[0]!, items: check.items, ...row, check: check.oid, text });
  }
  return { refused, raised, closed };
}

type AtRow = Omit<Affected<PlacedCheck>, 'place'> & { readonly place: RowPlace };

/** A check of rows at each row that is there now, or that one of its queries is about. */
function byRow({ dependent, place }: Affected<PlacedCheck>, { study, casebook }: CheckedChange): AtRow[] {
  const { group } = rowOf(dependent, place, study) ?? {};
  if (group === undefined) return [{ dependent, place }];
  const key = formKey(addressOf(place));
  const asked = Object.values(casebook.queries).filter(
    ({ check, ...query }) => check === dependent.oid && formKey(query) === key,
  );
  const rows = [...rowsOf(casebook.forms[key], group), ...asked.flatMap(({ row }) => row ?? [])];
  return [...new Set(rows)].map((row) => ({ dependent, place: { ...place, row } }));
}

/** Where in its form a check of rows is. */
function rowOf({ byRow, items: [item = ''] }: PlacedCheck, { row = '' }: RowPlace, study: CompiledStudy) {
  const group = byRow && study.item(item)?.groupOid;
  return group === undefined ? undefined : { group, row };
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
    const place = queryPlace(query);
    byPlace.set(place, [...(byPlace.get(place) ?? []), query]);
  }
  return byPlace;
}

const queryPlace = ({ check, group = '', row = '', ...at }: Partial<QueryRaised>) =>
  `${check} ${formKey(at)} ${group}/${row}`;

function wasReopened({ messages }: QueryState): boolean {
  return messages.some(({ type }) => type === 'QueryReopened');
}
