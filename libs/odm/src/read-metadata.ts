import type { Problem } from '#problem';
import type { Source } from './decode.js';
import { odmElement } from './document-elements.js';
import { ElementReader, type ReadLimits } from './element-reader.js';
import { Faults } from './faults.js';
import { omitted } from './grammar.js';
import { defaultLimits } from './limits.js';
import type { OdmDocument } from './model.js';
import { pump } from './pump.js';
import { Tally, type Unsupported } from './unsupported.js';
import type { OdmVersion } from './version.js';

export interface MetadataRead {
  version: OdmVersion;
  document: OdmDocument;
  /** Whatever the document holds beside; clinical and reference data are counted here, not kept. */
  unsupported: Unsupported[];
}

const root = odmElement(omitted('ClinicalData', 'clinical data are no metadata'));

/**
 * Reads the metadata and administrative data of an ODM 1.3.2 or 2.0 document, keeping nothing else of it.
 * Throws the {@link Problem} `invalid-definition` with every fault and its place for what is not well-formed, not
 * as the schema has it, declares a document type or passes a limit.
 */
export async function readMetadata(
  source: Source,
  limits: ReadLimits = defaultLimits,
): Promise<MetadataRead> {
  const faults = new Faults('invalid-definition');
  const tally = new Tally();
  const reader = new ElementReader(root, limits, faults, tally);
  for await (const _ of pump(source, reader, faults, limits));
  return { version: reader.version!, document: reader.value as OdmDocument, unsupported: tally.list() };
}
