import { type Fault, Problem, pointerTo } from '#problem';
import { type ItemAddress, itemPath } from '../address.js';
import type { Change, Held, Reason } from '../held.js';
import { type Entry, type EntryFacts, FormReader } from './form-reader.js';
import type { FormState } from './form-state.js';
import { itemInPlace, plannedForm } from './plan.js';

/** The values of a form as a client sends them, not yet looked at. */
export interface EnterForm {
  readonly subject: string;
  readonly visit: string;
  readonly form: string;
  readonly items: Readonly<Record<string, unknown>>;
  readonly missing: Readonly<Record<string, unknown>>;
  /** By repeating group: a list of `{ rowKey, items, missing }`. */
  readonly rows: Readonly<Record<string, unknown>>;
  readonly complete?: boolean;
  readonly reason?: Reason;
  /** The query because of which it is entered. */
  readonly query?: string;
  /** The body is the whole form: what it does not name is emptied. */
  readonly whole: boolean;
}

export interface PreparedForm extends Omit<EnterForm, 'items' | 'missing' | 'rows'> {
  readonly entries: readonly Entry[];
}

/**
 * Checks every value of a form at once and makes it fit to be kept. Looks at nothing that changes with the
 * casebook, so that a retry is the same prepared command as the first request.
 *
 * @throws Problem not-found for a form that the visit does not have; invalid-value with every fault's place
 */
export function prepareForm(command: EnterForm, facts: EntryFacts): PreparedForm {
  const { items, missing, rows, ...rest } = command;
  const form = plannedForm(facts.study, command);
  const faults: Fault[] = [];
  const reader = new FormReader(form, facts, faults);
  const entries = [
    ...reader.read('', { items, missing }),
    ...Object.entries(rows).flatMap(([group, own]) => reader.readRows(group, own)),
  ];
  if (faults.length > 0) {
    throw new Problem(
      'invalid-value',
      faults.length === 1 ? faults[0]!.message : `${faults.length} values are not acceptable.`,
      { errors: faults },
    );
  }
  return Object.assign(rest, { entries });
}

/** Empties what the form holds and a whole form does not name, but for what the caller cannot see. */
function emptied({ entries }: PreparedForm, form: FormState, facts: EntryFacts): Entry[] {
  const named = new Set(entries.map(itemPath));
  const silent = Object.entries(form.items).filter(([path]) => !named.has(path));
  return silent.flatMap(([, { item: oid, group, row }]) => {
    const address: ItemAddress = { item: oid, ...(group && row && { group, row }) };
    const item = itemInPlace(facts.study, form, address);
    if (!item || item.derived || !facts.mayEnter(item)) return [];
    return [{ to: null, ...address, pointer: row ? pointerTo('/rows', group!) : pointerTo('/items', oid) }];
  });
}

/** What the entries, and the silence of a whole form, change in what the form holds. */
export function changesOf(
  prepared: PreparedForm,
  form: FormState | undefined,
  facts: EntryFacts,
): (Change & { pointer: string })[] {
  const entries =
    prepared.whole && form ? [...prepared.entries, ...emptied(prepared, form, facts)] : prepared.entries;
  return entries.flatMap((entry) => {
    const from = form?.items[itemPath(entry)]?.held ?? null;
    return same(from, entry.to) ? [] : [{ from, ...entry }];
  });
}

export function same(a: Held | null, b: Held | null): boolean {
  if (a === null || b === null) return a === b;
  if ('missing' in a || 'missing' in b) return 'missing' in a && 'missing' in b && a.missing === b.missing;
  // Lists and sealed values are plain JSON of one shape, built the same way.
  return a.value === b.value || (typeof a.value === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
