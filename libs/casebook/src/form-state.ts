import type { NewEvent } from '#event-store';
import { type FormAddress, formKey, type ItemAddress, itemPath } from './address.js';
import type { Change, Held, Reason } from './held.js';
import { actorName, type Stamped } from './stamped.js';

/** What happens to the forms of a casebook. */
export type FormEvent =
  | NewEvent<'ItemsEntered', FormAddress & { first: boolean; changes: readonly Change[] }>
  | NewEvent<'ItemsCorrected', FormAddress & { changes: readonly Change[]; reason: Reason }>
  | NewEvent<'ItemsDerived', FormAddress & { changes: readonly Change[] }>
  | NewEvent<'FormCompleted', FormAddress>
  | NewEvent<'FormReopened', FormAddress>;

export interface ItemState extends ItemAddress {
  readonly held: Held | null;
  /** Version of the study's definition in whose terms it was entered. */
  readonly definition: number;
  /** How often the item was entered or changed. */
  readonly version: number;
  readonly by: string;
  readonly at: string;
}

export interface FormState extends FormAddress {
  /** Stream revision of the last change to the form: its ETag. */
  readonly revision: number;
  readonly complete: boolean;
  /** By item path, in order of first entry. */
  readonly items: Readonly<Record<string, ItemState>>;
}

/** By `visit/form`. */
export type Forms = Readonly<Record<string, FormState>>;

/** @param definition the version of the study's definition that the casebook follows at the event */
export function foldForm(forms: Forms, event: Stamped<FormEvent>, definition: number): Forms {
  const { visit, form } = event.data;
  const key = formKey(event.data);
  const before = forms[key] ?? { visit, form, revision: -1, complete: false, items: {} };
  return { ...forms, [key]: { ...before, revision: event.revision, ...changed(before, event, definition) } };
}

function changed(form: FormState, event: Stamped<FormEvent>, definition: number): Partial<FormState> {
  switch (event.type) {
    case 'FormCompleted':
      return { complete: true };
    case 'FormReopened':
      return { complete: false };
    default:
      return { items: changeItems(form.items, event.data.changes, event, definition) };
  }
}

function changeItems(
  items: FormState['items'],
  changes: readonly Change[],
  event: Stamped<FormEvent>,
  definition: number,
): FormState['items'] {
  const after = { ...items };
  for (const { item, group, row, to } of changes) {
    const address: ItemAddress = { item, ...(group && { group }), ...(row && { row }) };
    const path = itemPath(address);
    after[path] = {
      ...address,
      held: to,
      definition,
      version: (items[path]?.version ?? 0) + 1,
      by: actorName(event),
      at: event.recordedAt,
    };
  }
  return after;
}

/** Keys of the rows of a group. A row is there as long as one of its items is held. */
export function rowsOf(form: FormState | undefined, group: string): ReadonlySet<string> {
  const items = Object.values(form?.items ?? {});
  return new Set(items.flatMap((item) => (item.group === group && item.held ? item.row! : [])));
}
