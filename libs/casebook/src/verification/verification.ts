import { type Fault, Problem } from '#problem';
import { type CompiledItem, type CompiledStudy, hasSource } from '#study';
import { type FormAddress, formKey, type ItemAddress, itemPath } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import type { FormState, ItemState } from '../form/form-state.js';
import { itemInPlace } from '../form/plan.js';
import type { Reason } from '../held.js';
import type { VerifiedItem } from './verification-state.js';

export interface PlacedItem extends FormAddress, ItemAddress {}

export interface VerifyItems {
  readonly subject: string;
  /** With the version of the value that was compared with its source, where the caller says it. */
  readonly items: readonly (PlacedItem & { readonly version?: number })[];
  /** Forms, and visits by their keys, of which everything that is entered is verified. */
  readonly forms: readonly FormAddress[];
  readonly visits: readonly string[];
}

export interface WithdrawVerification {
  readonly subject: string;
  readonly items: readonly PlacedItem[];
  readonly reason: Reason;
}

export interface VerificationFacts {
  readonly study: CompiledStudy;
  /** False for items that the caller's role must not know of. */
  maySee(item: CompiledItem): boolean;
}

interface Found {
  readonly form: FormState;
  readonly item: ItemState;
}

/**
 * Entered values are found to be what their sources say. What is verified already is left as it is.
 *
 * @throws Problem invalid-value for what holds nothing or has no source; conflict for a value that is no longer
 *   the one that was seen
 */
export function verifyItems(
  command: VerifyItems,
  casebook: Casebook,
  facts: VerificationFacts,
): CasebookEvent[] {
  const faults: Fault[] = [];
  const named = command.items.map((one, i) => findEntered(one, `/items/${i}`, casebook, facts, faults));
  const forms = [
    ...command.forms.map((one, i) => ({
      own: Object.values(casebook.forms).filter((form) => formKey(form) === formKey(one)),
      pointer: `/forms/${i}`,
    })),
    ...command.visits.map((visit, i) => ({
      own: Object.values(casebook.forms).filter((form) => form.visit === visit),
      pointer: `/visits/${i}`,
    })),
  ];
  const whole = forms.flatMap(({ own, pointer }) => {
    const entered = own.flatMap((form) => verifiableItems(form, facts));
    if (entered.length === 0)
      faults.push({ pointer, code: 'nothing-entered', message: 'Nothing is entered there.' });
    return entered;
  });
  refuse(faults);

  const stale = command.items.flatMap(({ version }, i): Fault[] => {
    const seen = version === undefined || version === named[i]!.item.version;
    const message = `It holds version ${named[i]!.item.version} now.`;
    return seen ? [] : [{ pointer: `/items/${i}/version`, code: 'stale', message }];
  });
  if (stale.length > 0)
    throw new Problem('conflict', 'A value has changed since it was seen.', { errors: stale });
  return byForm([...(named as Found[]), ...whole].filter(({ item }) => !item.verified)).map((data) => ({
    type: 'ItemsVerified',
    data,
  }));
}

/** @throws Problem invalid-value for unknown items; conflict for one that is not verified */
export function withdrawVerification(
  { items, reason }: WithdrawVerification,
  casebook: Casebook,
  facts: VerificationFacts,
): CasebookEvent[] {
  const faults: Fault[] = [];
  const found = items.map((one, i) => findEntered(one, `/items/${i}`, casebook, facts, faults));
  refuse(faults);
  const errors = found.flatMap((one, i): Fault[] =>
    one!.item.verified
      ? []
      : [{ pointer: `/items/${i}`, code: 'not-verified', message: 'It is not verified.' }],
  );
  if (errors.length > 0) throw new Problem('conflict', 'Only what is verified is withdrawn.', { errors });
  return withdrawals(found as Found[], { reason });
}

/** What was verified holds another value now: its verification ends in the same act. */
export function withdrawChanged(before: Casebook, after: Casebook): CasebookEvent[] {
  const changed = Object.values(after.forms).flatMap((form): Found[] => {
    const old = before.forms[formKey(form)];
    if (!old || old === form) return [];
    return Object.values(old.items)
      .filter((item) => item.verified && !form.items[itemPath(item)]?.verified)
      .map((item) => ({ form, item }));
  });
  return withdrawals(changed, {}).map((event) => ({ ...event, actor: { system: 'verification' } }));
}

function withdrawals(found: readonly Found[], reason: { reason?: Reason }): CasebookEvent[] {
  return byForm(found).map(({ items, ...form }) => ({
    type: 'VerificationWithdrawn',
    data: { ...form, items: items.map(({ version: _, ...item }) => item), ...reason },
  }));
}

/** Values that a form holds and that can be compared with a source. */
export function verifiableItems(form: FormState, { study, maySee }: VerificationFacts): Found[] {
  return Object.values(form.items).flatMap((state) => {
    const item = state.held && itemInPlace(study, form, state);
    return item && hasSource(item) && maySee(item) ? [{ form, item: state }] : [];
  });
}

function findEntered(
  address: PlacedItem,
  pointer: string,
  casebook: Casebook,
  { study, maySee }: VerificationFacts,
  faults: Fault[],
): Found | undefined {
  const item = itemInPlace(study, address, address);
  if (!item || !maySee(item)) {
    faults.push({ pointer, code: 'unknown-item', message: `There is no item ${address.item} here.` });
    return undefined;
  }
  if (!hasSource(item)) {
    faults.push({ pointer, code: 'no-source', message: `${item.label} is not entered by a site.` });
    return undefined;
  }
  const form = casebook.forms[formKey(address)];
  const state = form?.items[itemPath(address)];
  if (form && state?.held) return { form, item: state };
  faults.push({ pointer, code: 'nothing-entered', message: `${item.label} holds nothing.` });
  return undefined;
}

function refuse(faults: readonly Fault[]): void {
  const [first] = faults;
  if (!first) return;
  const message = faults.length === 1 ? first.message : `${faults.length} of them cannot be verified.`;
  throw new Problem('invalid-value', message, { errors: [...faults] });
}

/** One event a form, however often an item was named. */
function byForm(found: readonly Found[]): (FormAddress & { items: VerifiedItem[] })[] {
  const forms = new Map<string, FormAddress & { items: Map<string, VerifiedItem> }>();
  for (const { form, item: state } of found) {
    const { visit, form: key } = form;
    const own = forms.get(formKey(form)) ?? { visit, form: key, items: new Map() };
    forms.set(formKey(form), own);
    const { item, group, row, version } = state;
    own.items.set(itemPath(state), { item, ...(group && { group }), ...(row && { row }), version });
  }
  return [...forms.values()].map(({ items, ...form }) => ({ ...form, items: [...items.values()] }));
}
