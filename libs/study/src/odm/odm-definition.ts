import { type OdmDocument, type OdmVersion, type Study, Tally, type Unsupported } from '#odm';
import type { Fault } from '#problem';
import type { Definition } from '../definition/definition.js';
import { diffDefinitions, same } from '../definition/diff.js';
import { validateDefinition } from '../definition/validate.js';
import { placeOfFault } from './odm-fault.js';
import { importStudy } from './odm-import.js';
import { asImported, importSilently, studyToOdm } from './odm-origin.js';
import { Place } from './odm-place.js';

/** One version of a study as it was published. */
export interface Publication {
  /** From 1. */
  readonly version: number;
  /** RFC 3339. */
  readonly at: string;
}

/**
 * The first study of an ODM document as a definition: its last MetaDataVersion. What has no place in a definition
 * is kept in it for exports, where it belongs to the study; `unsupported` lists what is not carried or not
 * applied. Faults have XPaths for pointers.
 */
export function definitionFromOdm({
  version,
  document,
}: {
  version: OdmVersion;
  document: OdmDocument;
}): { definition: Definition; unsupported: Unsupported[] } | { faults: Fault[] } {
  const tally = new Tally();
  const faults: Fault[] = [];
  const root = new Place([{ name: 'ODM' }], tally, faults);
  const found = document.studies.find(({ metaDataVersions }) => metaDataVersions.length > 0);
  if (!found) {
    root.fault('Study', 'missing', 'The document has no study with a MetaDataVersion.');
    return { faults };
  }
  noteOthers(document, found, root);
  const study = { ...found, metaDataVersions: found.metaDataVersions.slice(-1) };
  const place = root.in('Study', study.oid);
  const imported = importStudy(study, place);
  const { definition } = imported;
  if (faults.length > 0) return { faults };
  const result = validateDefinition(definition);
  if ('faults' in result)
    return { faults: result.faults.map((fault) => placeOfFault(fault, imported, place)) };
  const origin = { version, study };
  const isAll = same(asImported(origin, imported), study);
  return { definition: isAll ? definition : { ...definition, odm: origin }, unsupported: tally.list() };
}

/** The ODM document of a definition, with what it kept of the document that it came from. */
export function definitionToOdm(
  definition: Definition,
  version: OdmVersion,
  publication: Publication,
): { document: OdmDocument; unsupported: Unsupported[] } {
  const { study } = studyToOdm(definition, version, publication);
  const { oid } = study.metaDataVersions[0]!;
  return {
    document: {
      file: {
        fileOid: `${study.oid}.${oid}`,
        fileType: 'Snapshot',
        creationDateTime: publication.at,
        granularity: 'Metadata',
        sourceSystem: 'Daybook',
      },
      studies: [study],
      adminData: [],
    },
    unsupported: lost(definition, study),
  };
}

/** ODM's OIDs of a published definition's study, of its version and of its elements. */
export function odmOidsOf(definition: Definition, version: number) {
  const { study, oids } = studyToOdm(definition, '2.0', { version });
  return { study: study.oid, metaDataVersion: study.metaDataVersions[0]!.oid, oids };
}

/** What a reader of the exported study would find otherwise than the definition has it. */
function lost({ odm: _, ...definition }: Definition, study: Study): Unsupported[] {
  const { definition: read } = importSilently(study);
  return diffDefinitions(definition, read).map(({ path, text }) => ({
    path,
    element: path.slice(path.lastIndexOf('/') + 1),
    reason: `not as in the definition: ${text}`,
    count: 1,
  }));
}

function noteOthers({ studies, adminData }: OdmDocument, study: Study, root: Place): void {
  if (adminData.length > 0)
    root.note('AdminData', 'users and locations are no part of a definition; they are entered by themselves');
  for (const other of studies) {
    if (other !== study) root.note('Study', 'a document is imported for one study, its first');
  }
  const { length } = study.metaDataVersions;
  if (length > 1)
    root.in('Study', study.oid).note('MetaDataVersion', 'of several versions the last is imported');
}
