import type { ClinicalPart } from './clinical.js';
import {
  annotations,
  auditRecords,
  clinicalData,
  clinicalRoot,
  signatures,
  subjectData,
} from './clinical-elements.js';
import { type Setting, writeElement, writeOpen } from './element-writer.js';
import type { Element } from './grammar.js';
import type { OdmDocument } from './model.js';
import { annotation, auditRecord, signature } from './record-elements.js';
import { Tally, type Unsupported } from './unsupported.js';
import type { OdmVersion } from './version.js';
import { XML_DECLARATION } from './write-metadata.js';

/** The order that ODM asks of a ClinicalData's content. */
const order: readonly ClinicalPart['kind'][] = [
  'clinicalData',
  'subject',
  'auditRecord',
  'signature',
  'annotation',
];

/**
 * Writes a document with clinical data piece by piece: `head` first, its metadata too if it has any, then the
 * parts as they come, of which the first begins a ClinicalData. `report` is told at the end of what the version
 * has no place for. Throws a TypeError for parts out of order.
 */
export async function* writeClinical(
  head: OdmDocument,
  parts: AsyncIterable<ClinicalPart> | Iterable<ClinicalPart>,
  version: OdmVersion,
  report: (unsupported: Unsupported[]) => void,
): AsyncGenerator<string> {
  const tally = new Tally();
  const root = writeOpen(clinicalRoot, head, { version, tally, ancestors: [] });
  yield XML_DECLARATION + root.xml;
  let section: ReturnType<typeof writeOpen> | undefined;
  let last = 0;
  for await (const part of parts) {
    const place = order.indexOf(part.kind);
    const isSecond = place === last && (part.kind === 'auditRecord' || part.kind === 'signature');
    if (isSecond && version === '2.0' && section) {
      tally.add(section.within.ancestors, part.kind, 'ODM 2.0 has one of the data as a whole');
      continue;
    }
    if (part.kind === 'clinicalData') {
      if (section) yield section.end;
      const { studyOid, metaDataVersionOid } = part;
      section = writeOpen(clinicalData, { studyOid, metaDataVersionOid }, root.within);
      yield section.xml;
    } else {
      if (!section || place < last) throw new TypeError(`A part of kind ${part.kind} cannot stand here.`);
      yield writePart(part, section.within);
    }
    last = place;
  }
  if (section) yield section.end;
  yield root.end;
  report(tally.list());
}

function writePart(part: Exclude<ClinicalPart, { kind: 'clinicalData' }>, within: Setting): string {
  const is13 = within.version === '1.3.2';
  // Each in a container of its own: ODM 1.3.2 allows any number of them, and so nothing has to be kept.
  const write = (container: Element, element: Element, value: unknown) =>
    is13 ? writeElement(container, [value], within) : writeElement(element, value, within);
  switch (part.kind) {
    case 'subject':
      return writeElement(subjectData, part.subject, within);
    case 'auditRecord':
      return write(auditRecords, auditRecord, part.auditRecord);
    case 'signature':
      return write(signatures, signature, part.signature);
    case 'annotation':
      return write(annotations, annotation, part.annotation);
  }
}
