import type { CompiledStudy, Lineage } from '#study';
import { type FormAddress, formKey } from '../address.js';
import type { Casebook } from '../casebook.js';
import { placeTellsArms } from '../form/plan.js';
import { isThereFor, type Reader } from '../form/view.js';
import type { SignatureState } from './signature-state.js';

type Viewer = Pick<Reader, 'arms' | 'item'>;

/** All signatures of a casebook, in the order in which they were given. */
export function signaturesOf({ signatures }: Casebook): SignatureState[] {
  return Object.values(signatures);
}

export function viewSignatures(casebook: Casebook, lineage: Lineage, reader: Viewer) {
  return signaturesOf(casebook).flatMap(
    (signature) => viewSignature(signature, lineage.readAs(), reader) ?? [],
  );
}

/** The signatures that cover a form. */
export function viewSignaturesOn(casebook: Casebook, address: FormAddress, lineage: Lineage, reader: Viewer) {
  const own = signaturesOf(casebook).filter(({ forms }) =>
    forms.some((form) => formKey(form) === formKey(address)),
  );
  return own.flatMap((signature) => viewSignature(signature, lineage.readAs(), reader) ?? []);
}

/**
 * Who signed what, when and with which meaning (21 CFR 11.50), and whether it still holds.
 *
 * Whoever is blinded is told of what they may see alone: of no signature on other forms, of no change in them,
 * and neither the hash, of which the arm could be guessed, nor how many queries stood open where not all was seen.
 */
export function viewSignature(state: SignatureState, study: CompiledStudy, reader: Viewer) {
  const { signature, by, name, role, at, meaning, definition } = state;
  const isTold = (form: FormAddress) => reader.arms || !placeTellsArms(form, study);
  const isSeen = (oid: string) => {
    const item = study.item(oid);
    return item !== undefined && isThereFor(reader, item);
  };
  const scope = state.forms.filter(isTold);
  if (scope.length === 0) return undefined;
  const seesAll = scope.length === state.forms.length && state.items.every(isSeen);
  const changed = (state.broken?.changed ?? []).filter(isTold).flatMap(({ visit, form, items }) => {
    const seen = items.filter(isSeen);
    const isHidden = !reader.arms && items.length > 0 && seen.length === 0;
    return isHidden ? [] : [{ visit, form, items: seen }];
  });
  const broken = reader.arms || changed.length > 0 ? state.broken : undefined;
  return {
    ...{ signature, status: broken ? 'broken' : 'valid', by, name, role, at, meaning },
    // A casebook’s revisions count what the blinded must not know of, too.
    scope: scope.map(({ visit, form, revision }) => ({ visit, form, ...(reader.arms && { revision }) })),
    definition,
    hash: seesAll ? state.hash : null,
    openQueries: seesAll ? state.openQueries : null,
    countersigns: state.countersigns ?? null,
    brokenAt: broken?.at ?? null,
    brokenBy: broken?.by ?? null,
    changed,
  };
}
