import { type MetaDataVersion, type OdmVersion, type Study, Tally, writeMetadata } from '#odm';
import type { Fault } from '#problem';
import type { Definition, OdmOrigin } from '../definition/definition.js';
import { exportStudy } from './odm-export.js';
import { type Imported, importStudy } from './odm-import.js';
import { OdmOidMaker, type OdmOids } from './odm-oids.js';
import { Place } from './odm-place.js';
import { threeWay } from './three-way.js';

/** The ODM study of a definition, namely what it came from with what changed since; and the OIDs of its elements. */
export function studyToOdm(
  definition: Definition,
  version: OdmVersion,
  publication: { version: number },
): { study: Study; oids: OdmOids } {
  const { odm, study } = definition;
  const imported = odm && importSilently(odm.study);
  const maker = new OdmOidMaker(imported?.oids, odm ? oidsIn(odm.study) : []);
  const isSame = odm && imported?.definition.study.oid === study.oid;
  const identity = {
    studyOid: isSame ? odm.study.oid : study.oid,
    metaDataVersion: identityOf(publication.version),
  };
  const ours = exportStudy(definition, version, identity, maker);
  const merged = imported ? merge(asImported(odm!, imported), odm!.study, ours) : ours;
  return { study: merged, oids: maker.oids };
}

/** Each has one MetaDataVersion, and they correspond whatever they are called. */
function merge(base: Study, theirs: Study, ours: Study): Study {
  const [b, t, o] = [base, theirs, ours].map(({ metaDataVersions, ...study }) => ({
    study,
    version: metaDataVersions[0],
  }));
  const study = threeWay(b!.study, t!.study, o!.study) as Omit<Study, 'metaDataVersions'>;
  return { ...study, metaDataVersions: [threeWay(b!.version, t!.version, o!.version) as MetaDataVersion] };
}

/** What we make of a study that came as ODM, when nothing changed since. */
export function asImported({ version, study }: OdmOrigin, { definition, oids }: Imported): Study {
  const { oid, name } = study.metaDataVersions[0]!;
  const number = Number(/^MDV\.([1-9]\d*)$/.exec(oid)?.[1] ?? 1);
  const own = identityOf(number);
  return exportStudy(
    definition,
    version,
    { studyOid: study.oid, metaDataVersion: own.oid === oid && own.name === name ? own : identityOf(1) },
    new OdmOidMaker(oids, oidsIn(study)),
  );
}

function identityOf(version: number): { oid: string; name: string } {
  return { oid: `MDV.${version}`, name: `Version ${version}` };
}

function oidsIn({ metaDataVersions }: Study): string[] {
  const lists = Object.values(metaDataVersions[0] as MetaDataVersion).filter(Array.isArray);
  return lists.flat().map(({ oid }: { oid: string }) => oid);
}

/** A study that was read before: what there is to note, was noted then. */
export function importSilently(study: Study): Imported {
  const step = { name: 'Study', identity: { attribute: 'OID', value: study.oid } };
  return importStudy(study, new Place([step], new Tally(), []));
}

/** Whether a definition keeps something that is no ODM study. */
export function originFaults({ odm }: Definition): Fault[] {
  if (!odm) return [];
  const file = { fileOid: '-', fileType: 'Snapshot', creationDateTime: '2000-01-01T00:00:00Z' } as const;
  try {
    asImported(odm, importSilently(odm.study));
    writeMetadata({ file, studies: [odm.study], adminData: [] }, odm.version);
    return [];
  } catch {
    return [{ pointer: '/odm/study', code: 'invalid', message: 'This is no ODM study' }];
  }
}
