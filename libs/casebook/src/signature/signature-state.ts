import type { NewEvent } from '#event-store';
import type { FormAddress } from '../address.js';
import { actorName, type Stamped } from '../stamped.js';

export type SignatureEvent =
  | NewEvent<'SignatureGiven', SignatureGiven>
  | NewEvent<'SignatureBroken', { signature: string; by: string; changed: readonly ChangedForm[] }>;

/** A form as it was signed. */
export interface SignedForm extends FormAddress {
  /** Stream revision of the form's last change: its ETag. */
  readonly revision: number;
}

export interface SignatureGiven {
  readonly signature: string;
  /** The signer's name as it was printed then (21 CFR 11.50). */
  readonly name: string;
  readonly meaning: string;
  readonly forms: readonly SignedForm[];
  /** OIDs of the items that the signer could see in these forms: nothing else was signed. */
  readonly items: readonly string[];
  /** Version of the study's definition that the casebook followed. */
  readonly definition: number;
  /** SHA-256 of the signed content, base64. */
  readonly hash: string;
  /** How many queries that the signer could see stood open in these forms. */
  readonly openQueries: number;
  /** The signature that this one confirms. */
  readonly countersigns?: string;
}

/** What of a signed form changed; no items where the form was reopened. */
export interface ChangedForm extends FormAddress {
  readonly items: readonly string[];
}

export interface SignatureState extends SignatureGiven {
  readonly status: 'valid' | 'broken';
  /** A person's id. */
  readonly by: string;
  readonly role: string;
  readonly at: string;
  /** How it was broken: by whose act, when, and what changed. */
  readonly broken?: { readonly by: string; readonly at: string; readonly changed: readonly ChangedForm[] };
}

/** By signature id, in the order in which they were given. */
export type Signatures = Readonly<Record<string, SignatureState>>;

/** A broken signature stays broken, whatever is corrected afterwards. */
export function foldSignature(signatures: Signatures, event: Stamped<SignatureEvent>): Signatures {
  const { signature: id } = event.data;
  if (event.type === 'SignatureGiven') return { ...signatures, [id]: given(event) };
  const before = signatures[id];
  if (!before) return signatures;
  const { by, changed } = event.data;
  const broken = { by, at: event.recordedAt, changed: changed.map(inOrder) };
  return { ...signatures, [id]: { ...before, status: 'broken', broken } };
}

/** An event just decided and the same one read from the log differ in the order of members; states must not. */
function given(event: Stamped<Extract<SignatureEvent, { type: 'SignatureGiven' }>>): SignatureState {
  const { signature, name, meaning, forms, items, definition, hash, openQueries, countersigns } = event.data;
  return {
    signature,
    status: 'valid',
    by: actorName(event),
    role: 'user' in event.actor ? event.actor.role : '',
    name,
    at: event.recordedAt,
    meaning,
    forms: forms.map(({ visit, form, revision }) => ({ visit, form, revision })),
    items,
    definition,
    hash,
    openQueries,
    ...(countersigns && { countersigns }),
  };
}

const inOrder = ({ visit, form, items }: ChangedForm): ChangedForm => ({ visit, form, items });
