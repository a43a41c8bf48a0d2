import { type OdmVersion, readMetadata, type Source, type Unsupported, writeMetadata } from '#odm';
import { Problem } from '#problem';
import type { Definition } from '../definition/definition.js';
import { definitionFromOdm, definitionToOdm, type Publication } from './odm-definition.js';

/** A definition of an ODM document, and what of the document is not carried. @throws Problem invalid-definition */
export async function readDefinition(
  source: Source,
): Promise<{ definition: Definition; unsupported: Unsupported[] }> {
  const read = await readMetadata(source);
  const result = definitionFromOdm(read);
  if ('definition' in result) return { ...result, unsupported: [...read.unsupported, ...result.unsupported] };
  const { faults } = result;
  throw new Problem('invalid-definition', `The ODM document has faults; the first: ${faults[0]!.message}`, {
    errors: faults,
  });
}

/** A definition as an ODM document, and what of it the version of ODM does not carry. */
export function writeDefinition(
  definition: Definition,
  version: OdmVersion,
  publication: Publication,
): { xml: string; unsupported: Unsupported[] } {
  const { document, unsupported } = definitionToOdm(definition, version, publication);
  const written = writeMetadata(document, version);
  return { xml: written.xml, unsupported: [...unsupported, ...written.unsupported] };
}

/** The document with a comment after it that lists what it does not carry. */
export function withComment({ xml, unsupported }: { xml: string; unsupported: Unsupported[] }): string {
  return xml + commentOf(unsupported);
}

/** Empty where a document carries everything. */
export function commentOf(unsupported: readonly Unsupported[]): string {
  if (unsupported.length === 0) return '';
  const lines = unsupported.map(({ path, reason, count }) => `  ${path}: ${reason} (${count})`);
  // Two hyphens would end the comment; so would one at its end (XML 1.0, 2.5).
  return `<!-- Not carried:\n${lines.join('\n').replaceAll('--', '‐‐')}\n-->\n`;
}
