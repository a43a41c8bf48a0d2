import { type CompiledStudy, outsideSoftRange } from '#study';
import { type FormAddress, formKey, type ItemAddress, itemPath } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { type FormState, rowsOf } from '../form/form-state.js';
import { itemInPlace, plannedForm } from '../form/plan.js';
import { queryIds } from '../query/query.js';
import { isOpen, type QueryRaised, type QueryState } from '../query/query-state.js';

/** A place where the data do not satisfy an edit check. */
interface Violation extends ItemAddress {
  readonly check: 'range' | 'required';
  readonly text: string;
}

/** By whom queries of checks are raised and closed. */
export const actor = { system: 'edit check' };

/** Checks that every item has by its definition; the others are expressions. */
export const isBuiltIn = (check: string | undefined) => check === 'range' || check === 'required';

/**
 * Queries that the edit checks of a form raise, and those of theirs that the changed data no longer deserve
 * and that therefore close themselves. Required items are asked for once the form is complete. What a person
 * settled stays settled until the item changes.
 */
export function checkForm(
  casebook: Casebook,
  address: FormAddress,
  changes: readonly ItemAddress[],
  study: CompiledStudy,
): CasebookEvent[] {
  const form = casebook.forms[formKey(address)];
  if (!form) return [];
  const queries = Object.values(casebook.queries).filter(
    (query) => isBuiltIn(query.check) && formKey(query) === formKey(form),
  );
  // What is required is asked for once the form is complete; before, only what was asked can be settled.
  const mayBeRequired = form.complete || queries.some(({ check }) => check === 'required');
  const violations = [...outOfRange(form, study), ...(mayBeRequired ? lacking(form, study) : [])];
  const open = queries.filter(isOpen);
  const violated = new Set(violations.map(placeOf));
  const standing = new Set(open.map(placeOf));
  const settledAt = new Map(
    queries.filter(settledByPerson).map((query) => [placeOf(query), query.changedAt]),
  );
  const changed = new Set(changes.map(itemPath));
  const changedRows = new Set(changes.map(rowOf));

  const isSettled = (violation: Violation) => {
    const path = itemPath(violation);
    const at = settledAt.get(placeOf(violation));
    return at !== undefined && !changed.has(path) && (form.items[path]?.at ?? '') < at;
  };
  const raised = violations.filter(
    (violation) =>
      (violation.check !== 'required' || form.complete) &&
      !standing.has(placeOf(violation)) &&
      !isSettled(violation),
  );
  const concerned = (query: QueryState) =>
    changed.has(itemPath({ ...query, item: query.item! })) ||
    (query.row !== undefined && changedRows.has(rowOf(query)));
  const needless = open.filter((query) => concerned(query) && !violated.has(placeOf(query)));
  return [
    ...raisedAt(
      raised.map((violation) => ({ ...address, ...violation })),
      casebook,
      study,
    ),
    ...needless.map(
      ({ query }): CasebookEvent => ({
        type: 'QueryClosed',
        data: { query, text: 'The data no longer violate the check.' },
        actor,
      }),
    ),
  ];
}

/** Queries that checks raise, with their ids. */
export function raisedAt(
  raised: readonly Omit<QueryRaised, 'query'>[],
  casebook: Casebook,
  study: CompiledStudy,
): CasebookEvent[] {
  if (raised.length === 0) return [];
  const idOf = queryIds(casebook, study);
  return raised.map((data) => ({ type: 'QueryRaised', data: { query: idOf(data), ...data }, actor }));
}

type Place = Partial<ItemAddress>;

const rowOf = ({ group, row }: Place) => `${group ?? ''}/${row ?? ''}`;
const placeOf = (one: Place & { check?: string }) => `${one.check} ${rowOf(one)}/${one.item}`;

/** Closed or cancelled by a person, not by the system. */
export const settledByPerson = (query: QueryState) =>
  !isOpen(query) && query.messages.at(-1)?.by !== actor.system;

function outOfRange(form: FormState, study: CompiledStudy): Violation[] {
  return Object.values(form.items).flatMap((state): Violation[] => {
    const { item: oid, group, row, held } = state;
    if (!held || !('value' in held) || typeof held.value !== 'number') return [];
    const item = itemInPlace(study, form, state);
    const text = item && outsideSoftRange(item, held.value);
    if (!text) return [];
    return [
      { item: oid, ...(group && row && { group, row }), check: 'range', text: `${text}. Please check.` },
    ];
  });
}

/** The items that a complete form must have and this one has not. */
function lacking(form: FormState, study: CompiledStudy): Violation[] {
  return plannedForm(study, form).groups.flatMap((group) => {
    const places = group.repeating
      ? [...rowsOf(form, group.oid)].map((row) => ({ group: group.oid, row }))
      : [undefined];
    // What a site cannot enter it cannot owe.
    const owed = group.items.filter(
      (item) => item.presence === 'mandatory' && !item.derived && !item.hiddenFrom,
    );
    return places.flatMap((place) =>
      owed.flatMap((item): Violation[] => {
        const address = { item: item.oid, ...place };
        if (form.items[itemPath(address)]?.held) return [];
        const text = `${item.label} is required: enter it, or say why it is missing.`;
        return [{ ...address, check: 'required', text }];
      }),
    );
  });
}
