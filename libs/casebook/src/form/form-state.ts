import type { NewEvent } from '#event-store';
import { type FormAddress, formKey, type ItemAddress, itemPath } from '../address.js';
import type { Change, Held, Reason } from '../held.js';
import { actorName, type Stamped } from '../stamped.js';

/** What happens to the forms of a casebook. */
export type FormEvent =
  | NewEvent<'ItemsEntered', FormAddress & { first: boolean; changes: readonly Change[]; query?: string }>
  | NewEvent<'ItemsCorrected', FormAddress & { changes: readonly Change[]; reason: Reason; query?: string }>
  | NewEvent<'ItemsDerived', FormAddress & { changes: readonly Change[] }>
  /** By the endpoint committee: hidden from the sites, for whom the form is as it was. */
  | NewEvent<'ItemsAdjudicated', FormAddress & { changes: readonly Change[] }>
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
  /** While the value is the one that was found to be what its source says. */
  readonly verified?: { readonly by: string; readonly at: string };
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
  const revision = event.type === 'ItemsAdjudicated' ? before.revision : event.revision;
  return { ...forms, [key]: { ...before, revision, ...changed(before, event, definition) } };
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
  const by = actorName(event);
  const at = event.recordedAt;
  for (const { item, group, row, to } of changes) {
    const path = group && row ? itemPath({ item, group, row }) : item;
    const version = (items[path]?.version ?? 0) + 1;
    // Written out: a spread would make an object of another shape each time, which costs fifty times as much.
    after[path] =
      group && row
        ? { item, group, row, held: to, definition, version, by, at }
        : { item, held: to, definition, version, by, at };
  }
  return after;
}

/** Keys of the rows of a group. A row is there as long as one of its items is held. */
export function rowsOf(form: FormState | undefined, group: string): ReadonlySet<string> {
  const items = Object.values(form?.items ?? {});
  return new Set(items.flatMap((item) => (item.group === group && item.held ? item.row! : [])));
}
