import { createHash } from 'node:crypto';
import { canonical, type Json } from '#event-store';
import { type FormAddress, formKey, itemPath } from '../address.js';
import type { Casebook } from '../casebook.js';
import type { SignatureGiven } from './signature-state.js';

/** What a signature covers of a casebook. */
export type Signed = Pick<SignatureGiven, 'items' | 'definition'> & {
  readonly forms: readonly FormAddress[];
};

/**
 * Exactly what is signed: of each form whether it is complete, and every item that the signer could see, with
 * what it holds (identifying values as sealed), its version, and the definition in whose terms it was entered.
 * Forms and items stand in the order of their keys, so that anyone makes the same of the same casebook.
 */
export function signedContent(
  { subject, forms }: Casebook,
  { forms: signed, items, definition }: Signed,
): Json {
  const seen = new Set(items);
  return {
    subject,
    definition,
    forms: [...signed].sort(byKey(formKey)).map(({ visit, form }) => {
      const state = forms[formKey({ visit, form })];
      const own = Object.values(state?.items ?? {}).filter(({ item }) => seen.has(item));
      return {
        visit,
        form,
        complete: state?.complete ?? false,
        items: own.sort(byKey(itemPath)).map(({ item, group, row, held, version, definition }) => ({
          ...{ item, group, row, version, definition },
          held: held as Json,
        })),
      };
    }),
  };
}

/** SHA-256 of the content's canonical JSON (RFC 8785), base64. */
export function hashOfSigned(casebook: Casebook, signed: Signed): string {
  return createHash('sha256')
    .update(canonical(signedContent(casebook, signed)))
    .digest('base64');
}

/** By UTF-16 code units, as RFC 8785 sorts. */
function byKey<T>(keyOf: (one: T) => string) {
  return (a: T, b: T) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -1 : Number(left > right);
  };
}
