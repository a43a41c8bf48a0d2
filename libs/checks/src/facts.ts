import type { MissingCode } from '#values';

export type Value = string | number | boolean | readonly string[];

/** What an item holds: a value, or why there is none. Blank items are left out. */
export type Held = Value | { readonly missing: MissingCode };

/** Where a form stands in a casebook; repeats count from 1. */
export interface Place {
  readonly visit: string;
  readonly visitRepeat: number;
  readonly form: string;
  readonly formRepeat: number;
}

/** A form, or a row in it, for what is evaluated row by row. */
export interface RowPlace extends Place {
  /** Its key. */
  readonly row?: string;
}

/** All that an expression can know of a subject. Items and groups go by their short names. */
export interface CasebookFacts {
  readonly forms: readonly FormFacts[];
  readonly arm?: string;
  /** YYYY-MM-DD, like every date that is not an item. */
  readonly today: string;
  readonly consentDate: string;
  readonly status: 'enrolled' | 'screen-failed' | 'withdrawn' | 'completed' | 'dead';
}

export interface FormFacts extends Place {
  /** Whether the site has declared it complete. */
  readonly complete: boolean;
  readonly items: Readonly<Record<string, Held>>;
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, Held>>[]>>;
  /** Keys of these rows; needed only for what is evaluated row by row. */
  readonly rowKeys?: Readonly<Record<string, readonly string[]>>;
}
