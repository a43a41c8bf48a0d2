import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import { type FormAddress, formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { actor, settledByPerson } from '../checks/checks.js';
import type { FormState } from '../form/form-state.js';
import { isSealed } from '../form/view.js';
import type { Sealed } from '../held.js';
import { queryIds } from '../query/query.js';
import { isOpen } from '../query/query-state.js';

/** Items of a form that together tell a person from others. */
export interface PersonKey extends FormAddress {
  readonly items: readonly string[];
}

/** What is compared of it: equal texts may be one person's. */
export interface Likeness extends PersonKey {
  readonly text: string;
}

/**
 * What of a subject's forms is compared with others'; a key of which something is missing is not.
 *
 * @param open opens a sealed value
 */
export function likenessesOf(
  forms: readonly FormState[],
  { definition, item: itemOf }: Pick<CompiledStudy, 'definition' | 'item'>,
  open: (form: FormAddress, item: string, sealed: Sealed) => string,
): Likeness[] {
  return (definition.duplicates?.keys ?? []).flatMap((items) =>
    forms.flatMap(({ visit, form, items: states }): Likeness[] => {
      if (parseKey(form)?.oid !== itemOf(items[0]!)?.formOid) return [];
      const values = items.map((item) => {
        const held = states[item]?.held;
        if (!held || !('value' in held)) return '';
        return plain(isSealed(held.value) ? open({ visit, form }, item, held.value) : String(held.value));
      });
      if (values.includes('')) return [];
      return [{ visit, form, items, text: JSON.stringify([items, values]) }];
    }),
  );
}

/** However it was typed: capitals, accents’ encodings, blanks, dots and hyphens tell nobody apart. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

export interface ReconcileDuplicates {
  readonly subject: string;
}

export interface DuplicateFacts {
  readonly study: CompiledStudy;
  /** OID of the check; absent where the study compares nothing. */
  readonly check: string | undefined;
  /** What of the casebook is alike another subject's. */
  readonly matches: readonly PersonKey[];
}

/**
 * Asks the site where its subject's data are another one's too, and asks no longer where they are not. The query
 * tells neither who nor where the other is. What a person settled stays so until the data change.
 */
export function reconcileDuplicates(
  _: ReconcileDuplicates,
  casebook: Casebook,
  { study, check, matches }: DuplicateFacts,
): CasebookEvent[] {
  if (check === undefined) return [];
  const own = Object.values(casebook.queries).filter((query) => query.check === check);
  const open = own.filter(isOpen);
  const matched = new Map(matches.map((match) => [formKey(match), match]));
  const isSettled = (match: PersonKey) => {
    const last = own.findLast((query) => formKey(query) === formKey(match));
    const states = casebook.forms[formKey(match)]?.items;
    return (
      last !== undefined &&
      settledByPerson(last) &&
      match.items.every((item) => (states?.[item]?.at ?? '') <= last.changedAt)
    );
  };
  const raised = [...matched.values()].filter(
    (match) => !open.some((query) => formKey(query) === formKey(match)) && !isSettled(match),
  );
  const idOf = queryIds(casebook, study);
  return [
    ...raised.map(({ visit, form, items }): CasebookEvent => {
      const place = { visit, form, item: items[0]!, items };
      const text = 'These data may be those of a subject already in the study. Please check.';
      return { type: 'QueryRaised', data: { ...place, check, text, query: idOf(place) }, actor };
    }),
    ...open
      .filter((query) => !matched.has(formKey(query)))
      .map(
        ({ query }): CasebookEvent => ({
          type: 'QueryClosed',
          data: { query, text: 'The data are no other subject’s any more.' },
          actor,
        }),
      ),
  ];
}
