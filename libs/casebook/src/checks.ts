import { type CompiledItem, type CompiledStudy, outsideSoftRange } from '#study';
import {
  type Casebook,
  type CasebookEvent,
  type FormAddress,
  formKey,
  type ItemAddress,
  itemPath,
} from './casebook.js';
import { plannedForm } from './plan.js';
import { nextQueryId } from './query.js';

/** A place where the data do not satisfy an edit check. */
interface Violation extends ItemAddress {
  readonly check: string;
  readonly text: string;
}

/**
 * Queries that the edit checks of a form raise, and those of theirs that the data no longer deserve and
 * that therefore close themselves. Looks only at the items that changed, at all of them when the form was
 * declared complete just now.
 */
export function checkForm(
  casebook: Casebook,
  address: FormAddress,
  changed: ReadonlySet<string> | 'all',
  study: CompiledStudy,
): CasebookEvent[] {
  const concerns = (place: Partial<ItemAddress>) =>
    place.item !== undefined && (changed === 'all' || changed.has(itemPath({ ...place, item: place.item })));
  const violations = violationsOf(casebook, address, study).filter(concerns);
  const open = Object.values(casebook.queries).filter(
    (query) =>
      query.check !== undefined &&
      query.visit === address.visit &&
      query.form === address.form &&
      (query.status === 'open' || query.status === 'answered'),
  );
  const placeOf = (one: Partial<ItemAddress> & { check?: string }) =>
    `${one.check} ${one.group ?? ''}/${one.row ?? ''}/${one.item}`;
  const violated = new Set(violations.map(placeOf));
  const standing = new Set(open.map(placeOf));

  const raised = violations.filter((violation) => !standing.has(placeOf(violation)));
  const settled = open.filter((query) => concerns(query) && !violated.has(placeOf(query)));
  return [
    ...raised.map(
      (violation, i): CasebookEvent => ({
        type: 'QueryRaised',
        data: { ...address, ...violation, query: nextQueryId(casebook, i) },
        actor: { system: 'edit check' },
      }),
    ),
    ...settled.map(
      (query): CasebookEvent => ({
        type: 'QueryClosed',
        data: { query: query.query, text: 'The data no longer violate the check.' },
        actor: { system: 'edit check' },
      }),
    ),
  ];
}

function violationsOf(casebook: Casebook, address: FormAddress, study: CompiledStudy): Violation[] {
  const state = casebook.forms[formKey(address)];
  if (!state) return [];
  const definition = plannedForm(study, address);
  const violations: Violation[] = [];

  const required = (item: CompiledItem, place: { group: string; row: string } | undefined) => {
    const held = state.items[itemPath({ item: item.oid, ...place })]?.held;
    // What a site cannot enter it cannot owe.
    if (held || item.presence !== 'mandatory' || item.derived || item.hiddenFrom) return;
    violations.push({
      item: item.oid,
      ...place,
      check: 'required',
      text: `${item.label} is required: enter it, or say why it is missing.`,
    });
  };
  const rowsOf = (group: string) =>
    new Set(
      Object.values(state.items).flatMap((item) => (item.group === group && item.held ? item.row! : [])),
    );

  for (const item of Object.values(state.items)) {
    const compiled = study.item(item.item);
    const text = compiled && item.held && 'value' in item.held && outsideSoftRange(compiled, item.held.value);
    if (!text) continue;
    const { group, row } = item;
    violations.push({
      item: item.item,
      ...(group && row && { group, row }),
      check: 'range',
      text: `${text}. Please check.`,
    });
  }
  if (state.complete) {
    for (const group of definition.groups) {
      const places = group.repeating
        ? [...rowsOf(group.oid)].map((row) => ({ group: group.oid, row }))
        : [undefined];
      for (const place of places) for (const item of group.items) required(item, place);
    }
  }
  return violations;
}
