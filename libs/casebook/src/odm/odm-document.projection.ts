import type { OdmVersion, Unsupported } from '#odm';
import { commentOf } from '#study';
import { type ClinicalScope, type ClinicalSources, exportClinical } from './odm-clinical.projection.js';

const CHUNK = 65_536;

/**
 * A study's clinical data as an ODM document, in pieces of about so many characters. A comment at its end lists
 * what is left out.
 *
 * @throws Problem not-found
 */
export async function* clinicalDocument(
  sources: ClinicalSources,
  study: string,
  scope: ClinicalScope,
  version: OdmVersion,
): AsyncGenerator<string> {
  let unsupported: Unsupported[] = [];
  let chunk = '';
  const pieces = exportClinical(sources, study, scope, version, (list) => {
    unsupported = list;
  });
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk + commentOf(unsupported);
}
