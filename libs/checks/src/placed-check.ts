import type { CasebookView } from './casebook-view.js';
import type { Check } from './compile.js';
import type { Place } from './facts.js';

/** A check on the forms of one kind. */
export interface PlacedCheck extends Check {
  readonly oid: string;
  readonly level: 'soft' | 'hard';
  readonly items: readonly string[];
  /** It is one of each row of the repeating group in which its items stand: the place names the row. */
  readonly byRow?: true;
  message(casebook: CasebookView, place: Place): string;
}
