import type { MissingCode } from '#values';
import type { ItemAddress } from './address.js';

/** A value sealed with the subject's own key: identifying data never stand in the log in the clear. */
export interface Sealed {
  readonly sealed: string;
}

export type Value = string | number | boolean | readonly string[] | Sealed;

/** What an item holds: a value, or why there is none. */
export type Held = { readonly value: Value } | { readonly missing: MissingCode };

export interface Reason {
  readonly code: string;
  readonly text: string;
}

export interface Change extends ItemAddress {
  /** Null where nothing was held before. */
  readonly from: Held | null;
  /** Null where the item is emptied. */
  readonly to: Held | null;
}
