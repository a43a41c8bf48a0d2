import type { Pool } from 'pg';
import type { Sight } from '#access';
import type { EventStore, RecordedEvent } from '#event-store';
import {
  type AdminData,
  type ClinicalPart,
  type OdmDocument,
  type OdmVersion,
  Tally,
  type Unsupported,
  writeClinical,
} from '#odm';
import { Problem } from '#problem';
import { definitionToOdm, odmOidsOf, type Studies } from '#study';
import type { CasebookEvent } from './casebook.js';
import { sealedPlace, subjectStream } from './casebook-stream.js';
import { versionFollowed } from './history.js';
import { type QueryPlace, type Setting, subjectDataOf } from './odm-event.js';
import { readerOf } from './reader.js';
import type { SubjectKeys } from './subject-key.table.js';

/** What a clinical export is made from. */
export interface ClinicalSources {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly studies: Studies;
  readonly keys: SubjectKeys;
}

/**
 * A study with all that was ever entered, as a transactional ODM document: every version of its metadata, those
 * who acted, the sites, and each event of its casebooks in the log's order. `sight` says what is shown;
 * `report` is told at the end of what was left out.
 *
 * @throws Problem not-found
 */
export async function* exportClinical(
  sources: ClinicalSources,
  study: string,
  sight: Sight,
  version: OdmVersion,
  report: (unsupported: Unsupported[]) => void,
): AsyncGenerator<string> {
  const size = await sources.store.size(study);
  const asOf = await sources.store.recordedAt(study, size - 1);
  const { head, lost } = await headOf(sources, study, version, asOf);
  const tally = new Tally();
  const parts = clinicalParts(sources, study, size, sight, tally);
  yield* writeClinical(head, parts, version, (unwritten) => report([...lost, ...tally.list(), ...unwritten]));
}

async function headOf(
  { pool, studies }: ClinicalSources,
  study: string,
  version: OdmVersion,
  asOf: string,
): Promise<{ head: OdmDocument; lost: Unsupported[] }> {
  const { versions } = await studies.publications(study);
  const documents = versions.map(({ definition, publishedAt }, i) =>
    definitionToOdm(definition, version, { version: i + 1, at: publishedAt }),
  );
  const last = documents.at(-1);
  if (!last) throw new Problem('not-found', `There is no study ${study}.`);
  const [metadata] = last.document.studies;
  const all = documents.flatMap(({ document }) => document.studies[0]!.metaDataVersions);
  return {
    head: {
      file: {
        fileOid: `${metadata!.oid}.clinical`,
        fileType: 'Transactional',
        creationDateTime: asOf,
        granularity: 'All',
        sourceSystem: 'Daybook',
      },
      studies: [{ ...metadata!, metaDataVersions: all }],
      adminData: [
        await adminDataOf(pool, study, {
          studyOid: metadata!.oid,
          metaDataVersionOid: all.at(-1)!.oid,
          effectiveDate: versions.at(-1)!.publishedAt.slice(0, 10),
        }),
      ],
    },
    lost: documents.flatMap(({ unsupported }) => unsupported),
  };
}

interface Valid {
  studyOid: string;
  metaDataVersionOid: string;
  effectiveDate: string;
}

async function adminDataOf(pool: Pool, study: string, valid: Valid): Promise<AdminData> {
  const users = await pool.query<{ id: string; name: string | null }>(
    `SELECT actor.id, u.name
     FROM (SELECT DISTINCT coalesce(entry::json->'actor'->>'user', 'system.' || (entry::json->'actor'->>'system')) AS id
           FROM event WHERE log = $1 AND starts_with(stream, 'subject/')) actor
       LEFT JOIN app_user u ON u.id::text = actor.id
     ORDER BY actor.id`,
    [study],
  );
  const sites = await pool.query<{ site: string; name: string }>(
    'SELECT site, name FROM site WHERE study = $1 ORDER BY site',
    [study],
  );
  return {
    studyOid: valid.studyOid,
    ...(users.rows.length > 0 && {
      users: users.rows.map(({ id, name }) => ({ oid: id, fullName: name ?? id })),
    }),
    ...(sites.rows.length > 0 && {
      locations: sites.rows.map(({ site, name }) => ({
        oid: site,
        name,
        role: 'Site',
        metaDataVersions: [valid],
      })),
    }),
  };
}

/** What the events so far tell of a subject. */
interface Known {
  site: string;
  definition: number;
  queries: Map<string, QueryPlace>;
}

async function* clinicalParts(
  sources: ClinicalSources,
  study: string,
  size: number,
  sight: Sight,
  tally: Tally,
): AsyncGenerator<ClinicalPart> {
  const subjects = new Map<string, Known>();
  const versions = new Map<number, ReturnType<typeof odmOidsOf>>();
  let section: string | undefined;
  for await (const entry of sources.store.entries(study, 0, size)) {
    const event = JSON.parse(entry) as CasebookEvent & RecordedEvent;
    if (!event.stream.startsWith(subjectStream(''))) continue;
    const subject = event.stream.slice(subjectStream('').length);
    const known = knownAfter(subjects.get(subject), event);
    subjects.set(subject, known);
    const compiled = await sources.studies.version(study, known.definition);
    const odm = versions.get(known.definition) ?? odmOidsOf(compiled.definition, known.definition);
    versions.set(known.definition, odm);
    const data = event.data as { visit?: string; form?: string };
    const at = { visit: String(data.visit), form: String(data.form) };
    const key = sight.identity ? await sources.keys.of(study, subject) : undefined;
    const setting: Setting = {
      study: compiled,
      oids: odm.oids,
      subject,
      site: known.site,
      reader: readerOf(sight, key, (path) => sealedPlace(study, subject, at, path)),
      query: (id) => known.queries.get(id),
      tally,
    };
    const told = subjectDataOf(event, setting);
    if (!told) continue;
    if (section !== odm.metaDataVersion)
      yield { kind: 'clinicalData', studyOid: odm.study, metaDataVersionOid: odm.metaDataVersion };
    section = odm.metaDataVersion;
    yield { kind: 'subject', subject: told };
  }
}

function knownAfter(known: Known | undefined, event: CasebookEvent & RecordedEvent): Known {
  const { site } = event.data as { site?: string };
  const after = known ?? { site: '', definition: 1, queries: new Map<string, QueryPlace>() };
  if (event.type === 'QueryRaised') after.queries.set(event.data.query, event.data);
  return { ...after, site: site ?? after.site, definition: versionFollowed(event) ?? after.definition };
}
