import type { Pool } from 'pg';
import type { Sight, Sites } from '#access';
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
import type { FormAddress } from '../address.js';
import { adjudicationEvents } from '../adjudication/adjudication-state.js';
import type { CasebookEvent } from '../casebook.js';
import { sealedPlace, subjectStream } from '../casebook-stream.js';
import { versionFollowed } from '../form/history.js';
import { readerOf } from '../form/reader.js';
import { holdsSealed } from '../form/view.js';
import type { Change } from '../held.js';
import type { SubjectKeys } from '../identity/subject-key.table.js';
import { casebooksAsOf } from '../past.projection.js';
import { type AskedQuery, type Setting, stateAfter, subjectDataOf } from './odm-event.js';

/** What a clinical export is made from. */
export interface ClinicalSources {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly studies: Studies;
  readonly keys: SubjectKeys;
}

/** What of a study is told, and to whom. */
export interface ClinicalScope {
  /** After the event at this position of the log. */
  readonly position: number;
  /** Subjects of these sites, as they then belonged to them. */
  readonly sites: Sites;
  /** Only this one of them. */
  readonly subject?: string;
  /** At a site. */
  sight(site: string): Sight;
  /** Whether at a site it is told who acted, when and why. */
  audit(site: string): boolean;
  /** Before what identifies a subject is told; absent where it never is. */
  identityRead?(place: FormAddress & { readonly site: string; readonly subject: string }): Promise<void>;
}

/**
 * A study with all that was ever entered, as a transactional ODM document: every version of its metadata, those
 * who acted, the sites, and each event of its casebooks in the log's order, as far as the scope reaches.
 * `report` is told at the end of what was left out.
 *
 * @throws Problem not-found
 */
export async function* exportClinical(
  sources: ClinicalSources,
  study: string,
  scope: ClinicalScope,
  version: OdmVersion,
  report: (unsupported: Unsupported[]) => void,
): AsyncGenerator<string> {
  const subjects = await subjectsIn(sources, study, scope);
  const { head, lost } = await headOf(sources, study, version, scope, subjects);
  const tally = new Tally();
  const parts = clinicalParts(sources, study, scope, subjects, tally);
  yield* writeClinical(head, parts, version, (unwritten) => report([...lost, ...tally.list(), ...unwritten]));
}

/** What the events so far tell of a subject. */
interface Known {
  readonly sight: Sight;
  readonly audit: boolean;
  /** Where it is at the position that is told of. */
  readonly at: string;
  /** Where it then was. */
  site: string;
  definition: number;
  readonly queries: Map<string, AskedQuery>;
}

/** The subjects that the scope reaches. */
async function subjectsIn(
  { pool }: ClinicalSources,
  study: string,
  { position, sites, subject, sight, audit }: ClinicalScope,
): Promise<ReadonlyMap<string, Known>> {
  const found = (await casebooksAsOf(pool, study, position)).filter(
    (one) =>
      (subject === undefined || one.subject === subject) && (sites === 'all' || sites.includes(one.site)),
  );
  return new Map(
    found.map(({ subject: key, site }): [string, Known] => [
      key,
      { sight: sight(site), audit: audit(site), at: site, site: '', definition: 1, queries: new Map() },
    ]),
  );
}

async function headOf(
  { pool, store, studies }: ClinicalSources,
  study: string,
  version: OdmVersion,
  { position, sites }: ClinicalScope,
  subjects: ReadonlyMap<string, Known>,
): Promise<{ head: OdmDocument; lost: Unsupported[] }> {
  const asOf = await store.recordedAt(study, position);
  const versions = (await studies.publications(study)).versions.filter(
    ({ publishedAt }) => publishedAt <= asOf,
  );
  const documents = versions.map(({ definition, publishedAt }, i) =>
    definitionToOdm(definition, version, { version: i + 1, at: publishedAt }),
  );
  const last = documents.at(-1);
  if (!last) throw new Problem('not-found', `There is no study ${study}.`);
  const [metadata] = last.document.studies;
  const all = documents.flatMap(({ document }) => document.studies[0]!.metaDataVersions);
  const valid = {
    studyOid: metadata!.oid,
    metaDataVersionOid: all.at(-1)!.oid,
    effectiveDate: versions.at(-1)!.publishedAt.slice(0, 10),
  };
  const audited = [...subjects].filter(([, { audit }]) => audit);
  const reading = (await studies.lineage(study, versions.length)).readAs();
  const cause = reading.item(reading.definition.adjudication?.final ?? '');
  const streamsOf = (some: typeof audited) => some.map(([key]) => subjectStream(key));
  const users = await actorsOn(pool, study, position, {
    audited: streamsOf(audited),
    adjudicated: streamsOf(audited.filter(([, { sight }]) => cause && sight.item(cause))),
  });
  const locations = await locationsOf(pool, study, sites, valid);
  return {
    head: {
      file: {
        fileOid: `${metadata!.oid}.clinical.${position}`,
        fileType: 'Transactional',
        creationDateTime: asOf,
        granularity: 'All',
        sourceSystem: 'Daybook',
      },
      studies: [{ ...metadata!, metaDataVersions: all }],
      adminData: [
        {
          studyOid: valid.studyOid,
          ...(users.length > 0 && { users }),
          ...(locations.length > 0 && { locations }),
        },
      ],
    },
    lost: documents.flatMap(({ unsupported }) => unsupported),
  };
}

/** Who acted on casebooks; on those that are `adjudicated`, as members of the endpoint committee too. */
async function actorsOn(
  pool: Pool,
  study: string,
  position: number,
  { audited, adjudicated }: Record<'audited' | 'adjudicated', readonly string[]>,
): Promise<{ oid: string; fullName: string }[]> {
  const { rows } = await pool.query<{ id: string; name: string | null }>(
    `SELECT actor.id, u.name
     FROM (SELECT DISTINCT coalesce(entry::json->'actor'->>'user', 'system.' || (entry::json->'actor'->>'system')) AS id
           FROM event WHERE log = $1 AND position <= $2 AND stream = ANY($3)
             AND (stream = ANY($4) OR type <> ALL($5))) actor
       LEFT JOIN app_user u ON u.id::text = actor.id
     ORDER BY actor.id`,
    [study, position, audited, adjudicated, adjudicationEvents],
  );
  return rows.map(({ id, name }) => ({ oid: id, fullName: name ?? id }));
}

async function locationsOf(
  pool: Pool,
  study: string,
  sites: Sites,
  {
    metaDataVersionOid,
    effectiveDate,
    studyOid,
  }: Record<'metaDataVersionOid' | 'effectiveDate' | 'studyOid', string>,
): Promise<NonNullable<AdminData['locations']>> {
  const { rows } = await pool.query<{ site: string; name: string }>(
    'SELECT site, name FROM site WHERE study = $1 AND ($2::text[] IS NULL OR site = ANY($2)) ORDER BY site',
    [study, sites === 'all' ? null : sites],
  );
  const metaDataVersions = [{ studyOid, metaDataVersionOid, effectiveDate }];
  return rows.map(({ site, name }) => ({ oid: site, name, role: 'Site', metaDataVersions }));
}

async function* clinicalParts(
  sources: ClinicalSources,
  study: string,
  scope: ClinicalScope,
  subjects: ReadonlyMap<string, Known>,
  tally: Tally,
): AsyncGenerator<ClinicalPart> {
  // Who may see an item, the newest version says that has it.
  const newest = (await sources.studies.current(study)).version;
  const versions = new Map<number, ReturnType<typeof odmOidsOf>>();
  let section: string | undefined;
  for await (const event of eventsOf(sources, study, scope)) {
    const subject = subjectOf(event.stream);
    const known = subject === undefined ? undefined : subjects.get(subject);
    if (subject === undefined || !known) continue;
    learnBefore(known, event);
    const reading = (await sources.studies.lineage(study, newest)).readAs(known.definition);
    const odm = versions.get(known.definition) ?? odmOidsOf(reading.definition, known.definition);
    versions.set(known.definition, odm);
    const data = event.data as { visit?: string; form?: string };
    const at = { visit: String(data.visit), form: String(data.form) };
    const key = known.sight.identity ? await sources.keys.of(study, subject) : undefined;
    const setting: Setting = {
      study: reading,
      oids: odm.oids,
      subject,
      site: known.site,
      reader: readerOf(known.sight, key, (path) => sealedPlace(study, subject, at, path)),
      audit: known.audit,
      query: (id) => known.queries.get(id),
      tally,
    };
    const told = subjectDataOf(event, setting);
    learnAfter(known, event);
    if (!told) continue;
    if (known.sight.identity && tellsIdentity(event))
      await scope.identityRead?.({ ...at, subject, site: known.at });
    if (section !== odm.metaDataVersion)
      yield { kind: 'clinicalData', studyOid: odm.study, metaDataVersionOid: odm.metaDataVersion };
    section = odm.metaDataVersion;
    yield { kind: 'subject', subject: told };
  }
}

type Event = CasebookEvent & RecordedEvent;

async function* eventsOf(
  { store }: ClinicalSources,
  study: string,
  { position, subject }: ClinicalScope,
): AsyncGenerator<Event> {
  if (subject !== undefined)
    yield* (await store.readStream(study, subjectStream(subject), -1, position)) as Event[];
  else for await (const entry of store.entries(study, 0, position + 1)) yield JSON.parse(entry) as Event;
}

function tellsIdentity({ data }: Event): boolean {
  const { changes = [] } = data as { changes?: readonly Change[] };
  return changes.some(({ to }) => holdsSealed(to));
}

function subjectOf(stream: string): string | undefined {
  const prefix = subjectStream('');
  return stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined;
}

function learnBefore(known: Known, event: Event): void {
  if (event.type === 'QueryRaised') known.queries.set(event.data.query, { place: event.data, state: 'Open' });
  if (event.type === 'SubjectEnrolled') known.site = event.data.site;
  if (event.type === 'SubjectTransferred') known.site = event.data.to;
  known.definition = versionFollowed(event) ?? known.definition;
}

function learnAfter({ queries }: Known, { type, data }: Event): void {
  const { query = '' } = data as { query?: string };
  const asked = queries.get(query);
  if (asked) queries.set(query, { ...asked, state: stateAfter(type, asked.state) });
}
