/** What an expression depends on: when none of it changes, neither does the answer. */
export interface Reads {
  /** OIDs of items of the form being checked. */
  readonly own: ReadonlySet<string>;
  /** OIDs of items that any form of the casebook can bring in. */
  readonly elsewhere: ReadonlySet<string>;
  /** OIDs of forms whose coming and going matters. */
  readonly forms: ReadonlySet<string>;
  readonly facts: ReadonlySet<Fact>;
}

/** What the casebook knows beside its forms. */
export type Fact = 'today' | 'arm' | 'consentDate' | 'status';

/** Filled while an expression is compiled. */
export interface ReadsSoFar extends Reads {
  readonly own: Set<string>;
  readonly elsewhere: Set<string>;
  readonly forms: Set<string>;
  readonly facts: Set<Fact>;
}

export function noReads(): ReadsSoFar {
  return { own: new Set(), elsewhere: new Set(), forms: new Set(), facts: new Set() };
}
