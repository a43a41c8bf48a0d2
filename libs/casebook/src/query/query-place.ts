import { type Fault, Problem } from '#problem';
import type { CompiledForm, CompiledItem, CompiledStudy } from '#study';
import { formatKey, parseKey } from '#values';
import { formKey, type ItemAddress } from '../address.js';
import type { Casebook } from '../casebook.js';
import { rowsOf } from '../form/form-state.js';
import { canonicalAddress, findPlanned } from '../form/plan.js';
import type { QueryPlace } from './query-state.js';

/** Where a query is to stand, as it is asked for: what is named last is what it is about. */
export type QueryTarget = Omit<QueryPlace, 'items'>;

export interface QueryPlaceFacts {
  readonly study: CompiledStudy;
  /** False for items that the caller must not know of. */
  sees(item: CompiledItem): boolean;
}

/**
 * The item, form or visit that a query is raised on, or the casebook as a whole, in the one way in which
 * places are stored.
 *
 * @throws Problem not-found for a visit or form that is not planned; invalid-value for a place that is named
 *   without what it lies in, an item that the form does not have, or a row that is not there
 */
export function placeOfQuery(target: QueryTarget, casebook: Casebook, facts: QueryPlaceFacts): QueryPlace {
  const { visit, form, item } = target;
  refuseGaps(target);
  if (visit === undefined) return {};
  if (form === undefined) return { visit: plannedVisit(visit, facts.study) };
  const address = canonicalAddress({ visit, form });
  const planned = address && findPlanned(facts.study, address);
  if (!address || !planned)
    throw unplanned('/form', `The definition plans no form ${form} in visit ${visit}.`);
  if (item === undefined) return address;
  const { group, row } = itemPlace({ ...target, item }, planned, facts);
  if (row !== undefined && !rowsOf(casebook.forms[formKey(address)], group!).has(row))
    throw refusal({
      pointer: '/rowKey',
      code: 'unknown-row',
      message: `There is no row ${row} in ${group}.`,
    });
  return { ...address, item, ...(row !== undefined && { group: group!, row }) };
}

function refuseGaps({ visit, form, item, group, row }: QueryTarget): void {
  const missing = (name: string, what: string): never => {
    throw refusal({ pointer: `/${name}`, code: 'missing', message: `${what} is named with its ${name}.` });
  };
  if (form !== undefined && visit === undefined) missing('visit', 'A form');
  if (item !== undefined && form === undefined) missing('form', 'An item');
  if ((group !== undefined || row !== undefined) && item === undefined) missing('item', 'A place in a row');
}

function plannedVisit(visit: string, study: CompiledStudy): string {
  const key = parseKey(visit);
  const planned = key && study.visit(key.oid);
  if (key && planned && (key.repeat === 1 || planned.repeating)) return formatKey(key);
  throw unplanned('/visit', `The definition plans no visit ${visit}.`);
}

function itemPlace(
  { item: oid, group, row }: ItemAddress,
  form: CompiledForm,
  { study, sees }: QueryPlaceFacts,
) {
  const item = form.items.find((one) => one.oid === oid);
  if (!item || !sees(item))
    throw refusal({
      pointer: '/item',
      code: 'unknown-item',
      message: `There is no item ${oid} in form ${form.oid}.`,
    });
  if (group !== undefined && group !== item.groupOid)
    throw refusal({
      pointer: '/group',
      code: 'unknown-group',
      message: `${oid} does not stand in ${group}.`,
    });
  const repeats = study.group(item.groupOid)?.repeating === true;
  if (repeats && row === undefined)
    throw refusal({ pointer: '/rowKey', code: 'missing', message: `${oid} is named with its row.` });
  if (!repeats && row !== undefined)
    throw refusal({ pointer: '/rowKey', code: 'unknown-row', message: `${oid} does not stand in rows.` });
  return { group: item.groupOid, row };
}

const refusal = (fault: Fault) => new Problem('invalid-value', fault.message, { errors: [fault] });

const unplanned = (pointer: string, message: string) =>
  new Problem('not-found', message, { errors: [{ pointer, code: 'not-planned', message }] });
