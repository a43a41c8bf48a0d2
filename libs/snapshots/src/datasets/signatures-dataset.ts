import { placeTellsArms, signaturesOf } from '#casebook';
import { type Dataset, placeColumns, type StudyAt } from '../dataset.js';

/**
 * The manifest of signatures (21 CFR 11.50), one row for each form that one covers. What broke a signature may be
 * what only one arm has, so that it is broken is not for the blinded; nor is the hash, of which an arm could be guessed.
 */
export function signaturesDataset({ oid, lineage }: StudyAt): Dataset {
  const reading = lineage.readAs();
  return {
    name: 'SIGNATURES',
    label: 'Electronic signatures',
    columns: [
      ...placeColumns,
      { name: 'SIGNATURE', label: 'Signature', type: 'string' },
      { name: 'VISIT', label: 'Visit', type: 'string' },
      { name: 'FORM', label: 'Form', type: 'string' },
      { name: 'SIGNER', label: 'Name of the signer', type: 'string' },
      { name: 'ROLE', label: 'Role of the signer', type: 'string' },
      { name: 'MEANING', label: 'Meaning', type: 'string' },
      { name: 'SIGNEDAT', label: 'Signed', type: 'datetime' },
      { name: 'COUNTERSIGNS', label: 'Signature that it confirms', type: 'string' },
      { name: 'STATUS', label: 'Whether it holds', type: 'string', tellsArms: true },
      { name: 'BROKENAT', label: 'Broken', type: 'datetime', tellsArms: true },
      { name: 'HASH', label: 'SHA-256 of what was signed', type: 'string', tellsArms: true },
    ],
    basis: ({ casebook: { site, signatures } }) => [site, signatures],
    *rows({ casebook }) {
      const { site, subject } = casebook;
      for (const one of signaturesOf(casebook)) {
        const { signature, name, role, meaning, at, countersigns, status, broken, hash } = one;
        const given = [name, role, meaning, at, countersigns ?? null, status, broken?.at ?? null, hash];
        for (const { visit, form } of one.forms)
          yield {
            key: `${subject}/${signature}/${visit}/${form}`,
            cells: [oid, site, subject, signature, visit, form, ...given],
            ...(placeTellsArms({ visit, form }, reading) && { tellsArms: true }),
          };
      }
    },
  };
}
