import type { CompiledStudy, Lineage } from '#study';
import { parseKey } from '#values';
import { type FormAddress, formKey } from './address.js';
import type { Casebook } from './casebook.js';
import { tellsArmsNow } from './plan.js';
import type { SignatureState } from './signature-state.js';
import type { Reader } from './view.js';

type Viewer = Pick<Reader, 'arms' | 'item'>;

/** All signatures of a casebook, in the order in which they were given. */
export function signaturesOf({ signatures }: Casebook): SignatureState[] {
  return Object.values(signatures);
}

export function viewSignatures(casebook: Casebook, lineage: Lineage, reader: Viewer) {
  return signaturesOf(casebook).map((signature) => viewSignature(signature, lineage.readAs(), reader));
}

/** The signatures that cover a form. */
export function viewSignaturesOn(casebook: Casebook, address: FormAddress, lineage: Lineage, reader: Viewer) {
  const own = signaturesOf(casebook).filter(({ forms }) =>
    forms.some((form) => formKey(form) === formKey(address)),
  );
  return own.map((signature) => viewSignature(signature, lineage.readAs(), reader));
}

/** Who signed what, when and with which meaning (21 CFR 11.50), and whether it still holds. */
export function viewSignature(state: SignatureState, study: CompiledStudy, reader: Viewer) {
  const { signature, status, by, name, role, at, meaning, definition, hash, openQueries } = state;
  const isTold = ({ form }: FormAddress) => {
    const known = study.form(parseKey(form)?.oid ?? '');
    return reader.arms || !known || !tellsArmsNow(known, study);
  };
  const isSeen = (oid: string) => {
    const item = study.item(oid);
    return item !== undefined && reader.item(item) && (reader.arms || !item.revealsArm);
  };
  return {
    ...{ signature, status, by, name, role, at, meaning },
    scope: state.forms.filter(isTold),
    ...{ definition, hash, openQueries },
    countersigns: state.countersigns ?? null,
    brokenAt: state.broken?.at ?? null,
    brokenBy: state.broken?.by ?? null,
    changed: (state.broken?.changed ?? [])
      .filter(isTold)
      .map(({ visit, form, items }) => ({ visit, form, items: items.filter(isSeen) })),
  };
}
