import type { CompiledItem, CompiledStudy } from '#study';
import type { FormState, Held, ItemState, QueryState, Sealed } from './casebook.js';
import { formKey, itemPath } from './casebook.js';

/** What a reader may see, and how sealed values are opened for one who may. */
export interface Reader {
  readonly identity: boolean;
  readonly arms: boolean;
  item(item: CompiledItem): boolean;
  /** Undefined when the identity was erased. */
  unseal(path: string, sealed: Sealed): string | undefined;
}

export interface ItemView {
  value: unknown;
  missing: string | null;
  /** Why a value is not shown: it identifies the subject, tells the arms apart, or was erased. */
  masked?: 'identifying' | 'blinded' | 'erased';
  version: number;
  enteredBy: string;
  enteredAt: string;
  openQueries: number;
}

export interface FormView {
  visit: string;
  form: string;
  complete: boolean;
  items: Record<string, ItemView>;
  rows: Record<string, { rowKey: string; items: Record<string, ItemView> }[]>;
}

/** A form as a reader may see it. Rows of which nothing is left are gone. */
export function viewForm(
  form: FormState,
  queries: readonly QueryState[],
  study: CompiledStudy,
  reader: Reader,
): FormView {
  const view: FormView = { visit: form.visit, form: form.form, complete: form.complete, items: {}, rows: {} };
  const own = queries.filter((query) => formKey(query) === formKey(form));
  for (const state of Object.values(form.items)) {
    const item = study.item(state.item);
    if (!item || !reader.item(item)) continue;
    const shown = viewItem(state, item, own, reader);
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
    openQueries: queries.filter(
      (query) =>
        query.status !== 'closed' &&
        query.status !== 'cancelled' &&
        query.item &&
        itemPath({ ...query, item: query.item }) === path,
    ).length,
  };
}

/** A held value for a reader's eyes: opened, or masked with the reason why. */
export function showHeld(
  held: Held | null,
  path: string,
  item: CompiledItem,
  reader: Reader,
): Pick<ItemView, 'value' | 'missing' | 'masked'> {
  if (item.revealsArm && !reader.arms) return { value: null, missing: null, masked: 'blinded' };
  if (item.identifying && !reader.identity) return { value: null, missing: null, masked: 'identifying' };
  if (!held) return { value: null, missing: null };
  if ('missing' in held) return { value: null, missing: held.missing };
  if (!isSealed(held.value)) return { value: held.value, missing: null };
  const value = reader.unseal(path, held.value);
  return value === undefined ? { value: null, missing: null, masked: 'erased' } : { value, missing: null };
}

function isSealed(value: unknown): value is Sealed {
  return typeof value === 'object' && value !== null && 'sealed' in value;
}
