import { odmElement } from './document-elements.js';
import { writeElement } from './element-writer.js';
import { omitted } from './grammar.js';
import type { OdmDocument } from './model.js';
import { Tally, type Unsupported } from './unsupported.js';
import type { OdmVersion } from './version.js';

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

const root = odmElement(omitted('ClinicalData', 'clinical data are no metadata'));

/**
 * Writes a document of the given version, the same bytes for the same document. It is valid against CDISC's schema
 * if the model keeps its own rules; what the version has no place for is listed.
 */
export function writeMetadata(
  document: OdmDocument,
  version: OdmVersion,
): { xml: string; unsupported: Unsupported[] } {
  const tally = new Tally();
  const xml = XML_DECLARATION + writeElement(root, document, { version, tally, ancestors: [] });
  return { xml, unsupported: tally.list() };
}
