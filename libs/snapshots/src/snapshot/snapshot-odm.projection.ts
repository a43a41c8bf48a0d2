import { type ClinicalSources, clinicalDocument } from '#casebook';
import type { Audience } from '../dataset.js';
import { DATASET_ROLE } from '../datasets/item-columns.js';

/**
 * A study's clinical data after a position as CDISC ODM 1.3.2, the bytes of the document. Like the datasets it tells
 * neither who the subjects are nor who acted, and the blinded nothing that tells the arms apart.
 */
export async function* odmOf(
  sources: ClinicalSources,
  study: string,
  position: number,
  audience: Audience,
): AsyncGenerator<Uint8Array> {
  const sight = {
    identity: false,
    arms: audience === 'unblinded',
    item: ({ hiddenFrom }: { readonly hiddenFrom?: readonly string[] }) =>
      !hiddenFrom?.includes(DATASET_ROLE),
  };
  const scope = { position, sites: 'all' as const, sight: () => sight, audit: () => false };
  for await (const text of clinicalDocument(sources, study, scope, '1.3.2')) yield Buffer.from(text);
}
