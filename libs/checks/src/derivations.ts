import type { Derivation } from './compile.js';

/** Derived items that need each other: each the next one, the last the first. */
export interface DerivationCycle {
  readonly cycle: readonly string[];
}

/**
 * The derivations in an order in which each finds the derived items that it reads: those of all forms of
 * one item before those of the next. An item must not depend on itself, not even at an earlier visit.
 */
export function orderDerivations(
  derivations: readonly Derivation[],
): { order: readonly Derivation[] } | DerivationCycle {
  const byItem = new Map(derivations.map((derivation) => [derivation.item, derivation]));
  const placed = new Set<Derivation>();
  const onTheWay: Derivation[] = [];

  /** Places a derivation after all that it needs; gives the cycle that this leads into, if any. */
  const place = (derivation: Derivation): readonly string[] | undefined => {
    if (placed.has(derivation)) return undefined;
    const start = onTheWay.indexOf(derivation);
    if (start >= 0) return onTheWay.slice(start).map(({ item }) => item);
    onTheWay.push(derivation);
    for (const item of [...derivation.reads.own, ...derivation.reads.elsewhere]) {
      const needed = byItem.get(item);
      const cycle = needed && place(needed);
      if (cycle) return cycle;
    }
    onTheWay.pop();
    placed.add(derivation);
    return undefined;
  };

  for (const derivation of derivations) {
    const cycle = place(derivation);
    if (cycle) return { cycle };
  }
  return { order: [...placed] };
}
