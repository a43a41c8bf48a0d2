import {
  type CasebookFacts,
  type CasebookView,
  casebookView,
  type FormFacts,
  type Place,
  shortName,
} from '#checks';
import type { CompiledStudy } from '#study';
import { formatKey, parseKey } from '#values';
import { type FormAddress, itemPath } from '../address.js';
import type { Casebook } from '../casebook.js';
import type { FormState, ItemState } from '../form/form-state.js';
import { holdsSealed, isSealed } from '../form/view.js';
import type { Sealed } from '../held.js';

/** What checks and derivations are evaluated with, beside the casebook. */
export interface ExpressionFacts {
  readonly study: CompiledStudy;
  /** The last day that it is anywhere, YYYY-MM-DD. */
  readonly today: string;
  /** Opens a sealed value; undefined where the subject's key was not needed, or is gone. */
  readonly open: ((address: FormAddress, path: string, sealed: Sealed) => string) | undefined;
}

/** A casebook as expressions see it. Of what identifies the subject, only what one of them reads is opened. */
export function viewOf(casebook: Casebook, facts: ExpressionFacts): CasebookView {
  return casebookView(factsOf(casebook, facts), facts.study.expressions.environment);
}

function factsOf(casebook: Casebook, facts: ExpressionFacts): CasebookFacts {
  const { consentDate, status, arm } = casebook;
  return {
    forms: Object.values(casebook.forms)
      .filter((form) => isThere(form, facts.study))
      .map((form) => formFacts(form, facts)),
    ...(arm && { arm: arm.code }),
    today: facts.today,
    consentDate,
    status: status === 'absent' ? 'enrolled' : status,
  };
}

/** A form of which everything was taken back, as one entered by mistake, is as if it had never been. */
export function isThere(form: FormState | undefined, study: CompiledStudy): boolean {
  if (!form) return false;
  if (form.complete) return true;
  for (const path in form.items) {
    const { item, held } = form.items[path]!;
    if (held && !study.item(item)?.derived) return true;
  }
  return false;
}

/** A form's state never changes: what was made of it holds for good, unless a key had a part in it. */
const known = new WeakMap<FormState, FormFacts>();

function formFacts(form: FormState, facts: ExpressionFacts): FormFacts {
  const before = known.get(form);
  if (before) return before;
  const made = makeFormFacts(form, facts);
  if (!Object.values(form.items).some(({ held }) => holdsSealed(held))) known.set(form, made);
  return made;
}

type Entries = [string, FormFacts['items'][string]][];

function makeFormFacts(form: FormState, facts: ExpressionFacts): FormFacts {
  const { items: scopes } = facts.study.expressions.environment;
  const nameOf = (item: string) => scopes.get(item)?.name ?? shortName(item);
  const items: Entries = [];
  const groups = new Map<string, Map<string, Entries>>();
  for (const state of Object.values(form.items)) {
    const held = heldFor(state, form, facts);
    if (held === undefined) continue;
    const { group, row } = state;
    if (group === undefined || row === undefined) {
      items.push([nameOf(state.item), held]);
      continue;
    }
    const rows = groups.get(group) ?? new Map<string, Entries>();
    groups.set(group, rows.set(row, [...(rows.get(row) ?? []), [nameOf(state.item), held]]));
  }
  return {
    complete: form.complete,
    items: Object.fromEntries(items),
    rows: Object.fromEntries(
      [...groups].map(([group, rows]) => [
        shortName(group),
        [...rows.values()].map((row) => Object.fromEntries(row)),
      ]),
    ),
    rowKeys: Object.fromEntries([...groups].map(([group, rows]) => [shortName(group), [...rows.keys()]])),
    ...placeOf(form),
  };
}

function heldFor(
  state: ItemState,
  form: FormState,
  { study, open }: ExpressionFacts,
): FormFacts['items'][string] | undefined {
  const { item: oid, held } = state;
  if (!held) return undefined;
  if ('missing' in held) return held;
  const { value } = held;
  if (!isSealed(value)) return value;
  if (!open || !study.expressions.isRead(oid)) return undefined;
  const text = open(form, itemPath(state), value);
  switch (study.item(oid)?.type) {
    case 'integer':
    case 'decimal':
      return Number(text);
    case 'codes':
      return text.split(',');
    default:
      return text;
  }
}

export function placeOf({ visit, form }: FormAddress): Place {
  const visitKey = parseKey(visit)!;
  const formKey = parseKey(form)!;
  return {
    visit: visitKey.oid,
    visitRepeat: visitKey.repeat,
    form: formKey.oid,
    formRepeat: formKey.repeat,
  };
}

export function addressOf({ visit, visitRepeat, form, formRepeat }: Place): FormAddress {
  return {
    visit: formatKey({ oid: visit, repeat: visitRepeat }),
    form: formatKey({ oid: form, repeat: formRepeat }),
  };
}
