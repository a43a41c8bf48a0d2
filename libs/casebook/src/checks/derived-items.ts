import type { CasebookView, Derivation, Fact, FormChange, Place } from '#checks';
import type { Actor } from '#event-store';
import { type CompiledStudy, checkValue } from '#study';
import { type FormAddress, formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { foldOwn } from '../decided.js';
import { same } from '../form/entry.js';
import type { Change, Held } from '../held.js';
import { addressOf, type ExpressionFacts, isThere, placeOf, viewOf } from './expression-facts.js';

interface Derived {
  readonly events: CasebookEvent[];
  readonly casebook: Casebook;
  /** The casebook as expressions see it. */
  readonly view: CasebookView;
  /** The derived items that are others now. */
  readonly changes: readonly FormChange[];
}

interface DerivationFacts extends ExpressionFacts {
  readonly actor: Actor;
  readonly now: string;
}

/**
 * Brings the derived items up to date that changes of a casebook can affect, on whichever form they stand,
 * then those that are derived from them, and so on: no item depends on itself, so this ends.
 *
 * @param before the casebook with the changes, but before any derivation
 */
export function deriveItems(
  before: Casebook,
  changes: readonly FormChange[],
  changedFacts: readonly Fact[],
  facts: DerivationFacts,
): Derived {
  const { derivations } = facts.study.expressions;
  const derived = new Map<string, FormAddress & { change: Change }>();
  let casebook = before;
  let view = viewOf(casebook, facts);
  let events: CasebookEvent[] = [];
  let affected = derivations.affectedBy(changes, changedFacts, view);
  while (affected.length > 0) {
    const next: FormChange[] = [];
    for (const { dependent, place } of affected) {
      const { item } = dependent;
      const address = addressOf(place);
      const key = formKey(address);
      const held = casebook.forms[key]?.items[item]?.held ?? null;
      const to = isThere(casebook.forms[key], facts.study)
        ? valueAt(dependent, place, view, held, facts)
        : null;
      if (same(held, to)) continue;
      const from = before.forms[key]?.items[item]?.held ?? null;
      derived.set(`${key} ${item}`, { change: { item, from, to }, ...address });
      next.push({ place, items: [item], standing: false });
    }
    if (next.length === 0) break;
    events = eventsOf([...derived.values()]);
    casebook = foldOwn(before, events, facts);
    view = viewOf(casebook, facts);
    affected = derivations.affectedBy(next, [], view);
  }
  return { events, casebook, view, changes: formChangesOf(events) };
}

/** Nothing while it is not known, or could not be held. What was derived of an erased identity stays. */
function valueAt(
  derivation: Derivation,
  place: Place,
  view: CasebookView,
  held: Held | null,
  { study, today, open }: DerivationFacts,
): Held | null {
  if (!open && study.expressions.readsIdentity(derivation)) return held;
  const derived = derivation.evaluate(view, place);
  if (typeof derived === 'string') return null;
  return cannotHold(study, derivation.item, derived.value, today) ? null : derived;
}

function cannotHold(study: CompiledStudy, oid: string, value: unknown, today: string): boolean {
  const item = study.item(oid);
  return !item || checkValue(item, value, today) !== undefined;
}

/** One event a form; what changed and changed back is no change. */
function eventsOf(derived: readonly (FormAddress & { change: Change })[]): CasebookEvent[] {
  const forms = new Map<string, FormAddress & { changes: Change[] }>();
  for (const { visit, form, change } of derived) {
    if (same(change.from, change.to)) continue;
    const key = formKey({ visit, form });
    const known = forms.get(key) ?? { visit, form, changes: [] };
    forms.set(key, known);
    known.changes.push(change);
  }
  return [...forms.values()].map((data) => ({
    type: 'ItemsDerived',
    data,
    actor: { system: 'derivation' },
  }));
}

function formChangesOf(events: readonly CasebookEvent[]): FormChange[] {
  return events.flatMap((event) =>
    event.type === 'ItemsDerived'
      ? [{ place: placeOf(event.data), items: event.data.changes.map(({ item }) => item), standing: false }]
      : [],
  );
}
