import type { CasebookView } from './casebook-view.js';
import type { Place } from './facts.js';
import type { Fact, Reads } from './reads.js';

/** What was done to one form of a casebook. */
export interface FormChange {
  readonly place: Place;
  /** OIDs of the items whose value, or reason for having none, is another now; of rows, too. */
  readonly items: readonly string[];
  /** Whether the form came, went, or was declared complete or incomplete. */
  readonly standing: boolean;
}

/** What the answers of a check or derivation depend on. */
export interface Dependent {
  readonly form: string;
  readonly reads: Reads;
}

/** A form whose answer can be another one now. */
export interface Affected<D extends Dependent> {
  readonly dependent: D;
  readonly place: Place;
}

export interface Dependents<D extends Dependent> {
  /** Each once for each place, in the order of the dependents. `casebook` is as it is after the changes. */
  affectedBy(changes: readonly FormChange[], facts: readonly Fact[], casebook: CasebookView): Affected<D>[];
}

/**
 * Looks up once a version what each item, form and fact is read by, so that a change finds those that it
 * can affect without going through all. An item that a check reads on its own form affects it there;
 * one that it reads through the casebook affects it at every occurrence of its form.
 */
export function dependentsOf<D extends Dependent>(dependents: readonly D[]): Dependents<D> {
  const here = indexBy(dependents, ({ reads }) => reads.own);
  const everywhere = indexBy(dependents, ({ reads }) => reads.elsewhere);
  const byReadForm = indexBy(dependents, ({ reads }) => reads.forms);
  const byFact = indexBy<D, Fact>(dependents, ({ reads }) => reads.facts);
  const byForm = indexBy(dependents, ({ form }) => [form]);
  const none: readonly D[] = [];
  const order = new Map(dependents.map((dependent, i) => [dependent, i]));

  return {
    affectedBy: (changes, facts, casebook) => {
      const places = new Map<D, Map<string, Place>>();
      const add = (dependent: D, place: Place) => {
        const known = places.get(dependent) ?? new Map<string, Place>();
        places.set(dependent, known.set(keyOf(place), place));
      };
      const addEverywhere = (dependent: D) => {
        for (const { facts } of casebook.all(dependent.form)) add(dependent, placeOf(facts));
      };

      for (const { place, items, standing } of changes) {
        for (const item of items)
          for (const dependent of here.get(item) ?? none) add(dependent, placeOf(place));
        for (const item of items)
          for (const dependent of everywhere.get(item) ?? none) addEverywhere(dependent);
        if (!standing) continue;
        for (const dependent of byForm.get(place.form) ?? none) add(dependent, placeOf(place));
        for (const dependent of byReadForm.get(place.form) ?? none) addEverywhere(dependent);
      }
      for (const fact of facts) for (const dependent of byFact.get(fact) ?? none) addEverywhere(dependent);

      const affected: Affected<D>[] = [];
      for (const dependent of [...places.keys()].sort((a, b) => order.get(a)! - order.get(b)!))
        for (const place of places.get(dependent)!.values()) affected.push({ dependent, place });
      return affected;
    },
  };
}

function indexBy<D extends Dependent, K>(
  dependents: readonly D[],
  keysOf: (dependent: D) => Iterable<K>,
): ReadonlyMap<K, readonly D[]> {
  const index = new Map<K, D[]>();
  for (const dependent of dependents)
    for (const key of keysOf(dependent)) index.set(key, [...(index.get(key) ?? []), dependent]);
  return index;
}

function keyOf({ visit, visitRepeat, form, formRepeat }: Place): string {
  return `${visit}~${visitRepeat}/${form}~${formRepeat}`;
}

/** Without a form's own properties. */
function placeOf({ visit, visitRepeat, form, formRepeat }: Place): Place {
  return { visit, visitRepeat, form, formRepeat };
}
