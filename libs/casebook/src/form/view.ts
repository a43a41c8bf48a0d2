import type { CompiledItem, Lineage } from '#study';
import { formKey, itemPath } from '../address.js';
import type { Held, Sealed } from '../held.js';
import { showsQuery } from '../query/query.view.js';
import { isOpen, type QueryState } from '../query/query-state.js';
import type { FormState, ItemState } from './form-state.js';
import { findPlanned, itemInPlace } from './plan.js';

/** What a reader may see, and how sealed values are opened for one who may. */
export interface Reader {
  readonly identity: boolean;
  readonly arms: boolean;
  item(item: CompiledItem): boolean;
  /** Undefined when the identity was erased. */
  unseal(path: string, sealed: Sealed): string | undefined;
}

/** The terms are told of what was entered in others than those of the definition that is followed. */
export interface ItemView extends Partial<Terms> {
  value: unknown;
  missing: string | null;
  /** Why a value is not shown: it identifies the subject, tells the arms apart, or was erased. */
  masked?: 'identifying' | 'blinded' | 'erased';
  version: number;
  enteredBy: string;
  enteredAt: string;
  /** Whether the value was found to be what its source says. */
  verified: boolean;
  verifiedBy?: string;
  verifiedAt?: string;
  openQueries: number;
  /** The definition has the item no more, or not here: nothing is entered or corrected. */
  retired?: true;
}

/** How an item was called, and the codes of its value, by the version of the definition it was entered with. */
export interface Terms {
  definition: number;
  label: string;
  codes?: Record<string, string>;
}

export interface FormView {
  visit: string;
  form: string;
  complete: boolean;
  /** The definition plans the form no more. */
  retired?: true;
  items: Record<string, ItemView>;
  rows: Record<string, { rowKey: string; items: Record<string, ItemView> }[]>;
}

/** A form as a reader may see it. Rows of which nothing is left are gone. */
export function viewForm(
  form: FormState,
  queries: readonly QueryState[],
  lineage: Lineage,
  reader: Reader,
): FormView {
  const isPlanned = findPlanned(lineage.followed, form) !== undefined;
  const { visit, form: key, complete } = form;
  const view: FormView = {
    ...{ visit, form: key, complete },
    ...(!isPlanned && { retired: true }),
    ...{ items: {}, rows: {} },
  };
  const own = queries.filter(
    (query) =>
      isOpen(query) && formKey(query) === formKey(form) && showsQuery(query, lineage.readAs(), reader),
  );
  for (const state of Object.values(form.items)) {
    const item = lineage.readAs(state.definition).item(state.item);
    if (!item || !isThereFor(reader, item)) continue;
    const retired = !isPlanned || !itemInPlace(lineage.followed, form, state);
    const seen = viewItem(state, item, own, reader);
    const shown: ItemView = {
      ...seen,
      ...((retired || state.definition !== lineage.followed.version) &&
        termsOf(item, state.definition, seen.value)),
      ...(retired && { retired }),
    };
    if (state.group === undefined || state.row === undefined) {
      view.items[state.item] = shown;
    } else if (state.held) {
      view.rows[state.group] ??= [];
      const rows = view.rows[state.group]!;
      const row = rows.find((one) => one.rowKey === state.row);
      if (row) row.items[state.item] = shown;
      else rows.push({ rowKey: state.row, items: { [state.item]: shown } });
    }
  }
  return view;
}

function viewItem(
  state: ItemState,
  item: CompiledItem,
  queries: readonly QueryState[],
  reader: Reader,
): ItemView {
  const path = itemPath(state);
  return {
    ...showHeld(state.held, path, item, reader),
    version: state.version,
    enteredBy: state.by,
    enteredAt: state.at,
    verified: state.verified !== undefined,
    ...(state.verified && { verifiedBy: state.verified.by, verifiedAt: state.verified.at }),
    openQueries: queries.filter((query) => concerns(query, state)).length,
  };
}

function concerns({ item, items, group, row }: QueryState, state: ItemState): boolean {
  if (item === undefined) return false;
  const place = { ...(group && { group }), ...(row && { row }) };
  return (items ?? [item]).some((one) => itemPath({ item: one, ...place }) === itemPath(state));
}

/** In which terms a value is to be read, as it is shown to a reader. */
export function termsOf({ label, codes }: CompiledItem, definition: number, value: unknown): Terms {
  if (!codes || value === null) return { definition, label };
  const named = [value].flat().map(String);
  return {
    definition,
    label,
    codes: Object.fromEntries(named.map((code) => [code, codes.get(code) ?? code])),
  };
}

/** An item that a reader must not know of is as if it were never entered: that it was could tell the arm. */
export function isThereFor(reader: Pick<Reader, 'arms' | 'item'>, item: CompiledItem): boolean {
  return reader.item(item) && (reader.arms || !item.revealsArm);
}

/** Whoever is blinded is not told of a form in which only such items were entered. */
export function isFormThereFor(
  reader: Pick<Reader, 'arms' | 'item'>,
  { items }: FormState,
  lineage: Lineage,
): boolean {
  const states = Object.values(items);
  return (
    reader.arms ||
    states.length === 0 ||
    states.some((state) => {
      const item = lineage.readAs(state.definition).item(state.item);
      return item !== undefined && isThereFor(reader, item);
    })
  );
}

/** A held value for a reader's eyes: opened, or masked with the reason why. */
export function showHeld(
  held: Held | null,
  path: string,
  item: CompiledItem,
  reader: Reader,
): Pick<ItemView, 'value' | 'missing' | 'masked'> {
  if (item.revealsArm && !reader.arms) return { value: null, missing: null, masked: 'blinded' };
  // What was sealed stays so, also where the item does not count as identifying any more.
  if ((item.identifying || holdsSealed(held)) && !reader.identity)
    return { value: null, missing: null, masked: 'identifying' };
  if (!held) return { value: null, missing: null };
  if ('missing' in held) return { value: null, missing: held.missing };
  if (!isSealed(held.value)) return { value: held.value, missing: null };
  const value = reader.unseal(path, held.value);
  return value === undefined ? { value: null, missing: null, masked: 'erased' } : { value, missing: null };
}

export function holdsSealed(held: Held | null): boolean {
  return held !== null && 'value' in held && isSealed(held.value);
}

export function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'sealed' in value;
}
