import type { Problem } from '#problem';
import type { Annotation, AuditRecord, ClinicalPart, Signature, SubjectData } from './clinical.js';
import { type ClinicalData, clinicalData, clinicalRoot, subjectData } from './clinical-elements.js';
import type { Source } from './decode.js';
import { ElementReader, type ReadLimits } from './element-reader.js';
import { Faults } from './faults.js';
import type { Element } from './grammar.js';
import { defaultLimits } from './limits.js';
import type { OdmDocument } from './model.js';
import { pump } from './pump.js';
import { annotation, auditRecord, signature } from './record-elements.js';
import { Tally, type Unsupported } from './unsupported.js';
import type { OdmVersion } from './version.js';

export type ClinicalRead =
  | ClinicalPart
  /** First: what stands before the clinical data. */
  | { kind: 'head'; version: OdmVersion; document: OdmDocument }
  /** Last. */
  | { kind: 'end'; unsupported: Unsupported[] };

/**
 * Reads an ODM 1.3.2 or 2.0 document with clinical data, one SubjectData in memory at a time. Throws the
 * {@link Problem} `invalid-value` for what {@link readMetadata} would refuse, as soon as the part is read in which
 * the fault stands.
 */
export async function* readClinical(
  source: Source,
  limits: ReadLimits = defaultLimits,
): AsyncGenerator<ClinicalRead> {
  const faults = new Faults('invalid-value');
  const tally = new Tally();
  let ready: ClinicalRead[] = [];
  let begun = false;
  const begin = (document: unknown) => {
    if (!begun) ready.push({ kind: 'head', version: reader.version!, document: document as OdmDocument });
    begun = true;
  };
  const reader = new ElementReader(clinicalRoot, limits, faults, tally, {
    opened(element, raw) {
      if (element !== clinicalData) return;
      begin(reader.soFar());
      ready.push({ kind: 'clinicalData', ...(raw as unknown as ClinicalData) });
    },
    closed(element, value, parent) {
      const part = partOf(element, value, parent);
      if (part) ready.push(part);
      return part !== undefined || parent === clinicalData || element === clinicalData;
    },
  });
  for await (const _ of pump(source, reader, faults, limits)) {
    faults.raise();
    yield* ready;
    ready = [];
  }
  begin(reader.value);
  yield* ready;
  yield { kind: 'end', unsupported: tally.list() };
}

function partOf(element: Element, value: unknown, parent: Element): ClinicalPart | undefined {
  if (element === subjectData) return { kind: 'subject', subject: value as SubjectData };
  const within = (container: string) => parent === clinicalData || parent.name === container;
  if (element === auditRecord && within('AuditRecords'))
    return { kind: 'auditRecord', auditRecord: value as AuditRecord };
  if (element === signature && within('Signatures'))
    return { kind: 'signature', signature: value as Signature };
  if (element === annotation && within('Annotations'))
    return { kind: 'annotation', annotation: value as Annotation };
  return undefined;
}
