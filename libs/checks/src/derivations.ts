import type { Derivation } from './compile.js';

/** Derivations in an order in which each finds the derived items that it reads. */
export interface OrderedDerivations {
  readonly order: readonly Derivation[];
  /** Items that need each other: each the next one, the last the first. With any of them, `order` means nothing. */
  readonly cycles: readonly (readonly string[])[];
}

/**
 * Orders derivations: those of all forms of one item before those of the next. An item must not depend on
 * itself, not even at an earlier visit.
 */
export function orderDerivations(derivations: readonly Derivation[]): OrderedDerivations {
  const byItem = new Map(derivations.map((derivation) => [derivation.item, derivation]));
  const placed = new Set<Derivation>();
  const onTheWay: Derivation[] = [];
  const cycles: string[][] = [];

  /** Places a derivation after all that it needs. */
  const place = (derivation: Derivation): void => {
    if (placed.has(derivation)) return;
    const start = onTheWay.indexOf(derivation);
    if (start >= 0) {
      cycles.push(onTheWay.slice(start).map(({ item }) => item));
      return;
    }
    onTheWay.push(derivation);
    for (const item of [...derivation.reads.own, ...derivation.reads.elsewhere]) {
      const needed = byItem.get(item);
      if (needed) place(needed);
    }
    onTheWay.pop();
    placed.add(derivation);
  };

  for (const derivation of derivations) place(derivation);
  return { order: [...placed], cycles };
}
