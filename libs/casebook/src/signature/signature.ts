import { type Fault, Problem } from '#problem';
import type { CompiledItem, CompiledStudy } from '#study';
import { parseKey } from '#values';
import { type FormAddress, formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { isThere } from '../checks/expression-facts.js';
import type { FormState } from '../form/form-state.js';
import { findPlanned, placeTellsArms } from '../form/plan.js';
import type { Change } from '../held.js';
import { nextNumbers } from '../numbers.js';
import { isOpen, type QueryState } from '../query/query-state.js';
import { hashOfSigned } from './signature-content.js';
import type { ChangedForm, SignatureState } from './signature-state.js';

/** What is to be signed. Visits and the casebook stand for the forms that are entered in them now. */
export type SignatureScope =
  | 'casebook'
  | { readonly visits: readonly string[]; readonly forms: readonly SeenForm[] }
  | Countersigned;

/** A form, and the revision that the signer saw, where they say it: then that one is signed and no other. */
export interface SeenForm extends FormAddress {
  readonly revision?: number;
}

/** The signature that is confirmed, with what it covers. */
interface Countersigned {
  readonly countersigns: string;
}

/** The signer was authenticated anew before (21 CFR 11.200(a)); no secret comes this far. */
export interface SignData {
  readonly subject: string;
  readonly scope: SignatureScope;
  /** What the signature means, such as review, approval or authorship (21 CFR 11.50). */
  readonly meaning: string;
}

export interface SignatureFacts {
  /** Id and name of the signer. */
  readonly by: string;
  readonly name: string;
  /** The version that the casebook follows. */
  readonly followed: CompiledStudy;
  /** All that it ever asked for. */
  readonly known: CompiledStudy;
  /** False for an item that the signer may not see. */
  sees(item: CompiledItem): boolean;
  /** False for a query that the signer must not know of. */
  shows(query: QueryState): boolean;
}

/**
 * Signs forms as they are. Only complete forms are signed; queries may be open, and are counted.
 *
 * @throws Problem not-found, invalid-value, or stale, or conflict that lists what is not complete
 */
export function signData(
  { scope, meaning }: SignData,
  casebook: Casebook,
  facts: SignatureFacts,
): CasebookEvent[] {
  const forms = formsIn(scope, casebook, facts);
  const faults = forms.flatMap(({ visit, form, complete }): Fault[] =>
    complete
      ? []
      : [
          {
            pointer: '/scope',
            code: 'incomplete-form',
            message: `Form ${form} in visit ${visit} is not complete.`,
          },
        ],
  );
  if (faults.length > 0)
    throw new Problem('conflict', 'Only complete forms can be signed.', { errors: faults });
  if (forms.length === 0) throw new Problem('conflict', 'There is nothing to sign: no form is entered here.');

  const keys = new Set(forms.map(formKey));
  const signed = {
    forms: forms.map(({ visit, form, revision }) => ({ visit, form, revision })),
    items: itemsOf(forms, facts),
    definition: casebook.definition,
  };
  const { signatures, queries } = casebook;
  const knownTo = forms.every((form) => placeTellsArms(form, facts.followed)) ? 'who-sees-arms' : 'everyone';
  return [
    {
      type: 'SignatureGiven',
      data: {
        signature: `${casebook.subject}-S${nextNumbers(Object.keys(signatures))(knownTo)}`,
        name: facts.name,
        meaning,
        ...signed,
        hash: hashOfSigned(casebook, signed),
        openQueries: Object.values(queries).filter(
          (query) => isOpen(query) && keys.has(formKey(query)) && facts.shows(query),
        ).length,
        ...(isCountersigning(scope) && { countersigns: scope.countersigns }),
      },
    },
  ];
}

/** Forms of which the signer may see nothing do not exist for them. */
function formsIn(scope: SignatureScope, casebook: Casebook, facts: SignatureFacts): FormState[] {
  const all = Object.values(casebook.forms).filter((form) => isSeen(form, facts));
  // What was taken back, or is planned no more, cannot be completed: it hinders no signature of the whole.
  const entered = all.filter(
    (form) => form.complete || (isThere(form, facts.followed) && findPlanned(facts.followed, form)),
  );
  if (scope === 'casebook') return entered;
  if (isCountersigning(scope)) {
    const { forms } = confirmed(scope.countersigns, casebook, facts);
    return forms.map((form) => casebook.forms[formKey(form)]!);
  }
  const named = scope.forms.map(({ revision, ...address }) => {
    const form =
      all.find((one) => formKey(one) === formKey(address)) ?? notEntered(`form ${formKey(address)}`);
    if (revision !== undefined && revision !== form.revision)
      throw new Problem('stale', `Form ${formKey(address)} has changed since revision ${revision}.`);
    return form;
  });
  const visited = scope.visits.flatMap((visit) => {
    const own = entered.filter((form) => form.visit === visit);
    return own.length > 0 ? own : notEntered(`visit ${visit}`);
  });
  return [...new Set([...named, ...visited])];
}

function notEntered(place: string): never {
  throw new Problem('not-found', `Nothing is entered in ${place}.`);
}

/** Two signatures of one person are no second pair of eyes, nor is one with others' in between. */
function confirmed(id: string, { signatures }: Casebook, { by }: SignatureFacts): SignatureState {
  const signature = Object.hasOwn(signatures, id) ? signatures[id] : undefined;
  if (!signature) throw new Problem('not-found', 'There is no such signature.');
  for (let one: SignatureState | undefined = signature; one; one = signatures[one.countersigns ?? ''])
    if (one.by === by)
      throw new Problem(
        'conflict',
        'It is another person who countersigns: this signature is your own, or confirms one of yours.',
      );
  if (signature.status === 'broken')
    throw new Problem('conflict', 'The signature is broken: the data have changed since it was given.');
  return signature;
}

const isCountersigning = (scope: SignatureScope): scope is Countersigned =>
  typeof scope === 'object' && 'countersigns' in scope;

function isSeen({ form }: FormAddress, { known, sees }: SignatureFacts): boolean {
  return known.form(parseKey(form)?.oid ?? '')?.items.some(sees) ?? false;
}

/** Whatever these forms ask for, or asked for once. */
function itemsOf(forms: readonly FormState[], { known, sees }: SignatureFacts): string[] {
  const oids = forms.flatMap(({ form, items }) => [
    ...known.form(parseKey(form)!.oid)!.items.map(({ oid }) => oid),
    ...Object.values(items).map(({ item }) => item),
  ]);
  const isSigned = (oid: string) => {
    const item = known.item(oid);
    return item !== undefined && sees(item);
  };
  return [...new Set(oids)].filter(isSigned).sort();
}

/**
 * The signatures that events break, for good: something changed in a signed form that the signer could see, or
 * the form was reopened. What the signer could not see breaks nothing.
 *
 * @param by who acts
 * @param study the version that the casebook follows, which may ask for more than was signed
 */
export function brokenSignatures(
  { signatures }: Casebook,
  events: readonly CasebookEvent[],
  { by, study }: { readonly by: string; readonly study: CompiledStudy },
): CasebookEvent[] {
  const valid = Object.values(signatures).filter(({ status }) => status === 'valid');
  return valid.flatMap((signature): CasebookEvent[] => {
    const changed = changedFor(signature, events, study);
    if (changed.length === 0) return [];
    const data = { signature: signature.signature, by, changed };
    return [{ type: 'SignatureBroken', data, actor: { system: 'signature' } }];
  });
}

function changedFor(
  { forms, items, role }: SignatureState,
  events: readonly CasebookEvent[],
  study: CompiledStudy,
): ChangedForm[] {
  const signed = new Set(forms.map(formKey));
  const concerns = ({ item: oid }: Change) => {
    const item = study.item(oid);
    return items.includes(oid) || (item !== undefined && !item.hiddenFrom?.includes(role));
  };
  const changed = new Map<string, FormAddress & { items: Set<string> }>();
  for (const { type, data } of events) {
    if (!('visit' in data) || !('form' in data) || !signed.has(formKey(data as FormAddress))) continue;
    const { visit, form, changes = [] } = data as FormAddress & { changes?: readonly Change[] };
    const own = changes.filter(concerns);
    if (own.length === 0 && type !== 'FormReopened') continue;
    const known = changed.get(formKey({ visit, form })) ?? { visit, form, items: new Set() };
    changed.set(formKey(known), known);
    for (const { item } of own) known.items.add(item);
  }
  return [...changed.values()].map(({ visit, form, items }) => ({ visit, form, items: [...items] }));
}
