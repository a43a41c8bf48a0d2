import type { Sight, Sites } from '#access';
import type { RecordedEvent } from '#event-store';
import { type ClinicalPart, type OdmVersion, Tally, type Unsupported, writeClinical } from '#odm';
import { type Lineage, odmOidsOf, STUDY_LOCKS } from '#study';
import { type FormAddress, formKey } from '../address.js';
import type { CasebookEvent } from '../casebook.js';
import { sealedPlace, subjectOf, subjectStream } from '../casebook-stream.js';
import { versionFollowed } from '../form/history.js';
import { readerOf } from '../form/reader.js';
import { holdsSealed } from '../form/view.js';
import type { Change } from '../held.js';
import type { SubjectKeys } from '../identity/subject-key.table.js';
import { casebooksAsOf } from '../past.projection.js';
import { among, reachFrom } from '../transfer/transfer-reach.js';
import { type AskedQuery, type Setting, stateAfter, subjectDataOf } from './odm-event.js';
import { type HeadSources, headOf } from './odm-head.projection.js';
import { Signing } from './odm-signature.js';
import { isLockTold, lockParts, siteOf, type WholeLock } from './odm-study-lock.js';

/** What a clinical export is made from. */
export interface ClinicalSources extends HeadSources {
  readonly keys: SubjectKeys;
}

/** What of a study is told, and to whom. */
export interface ClinicalScope {
  /** After the event at this position of the log. */
  readonly position: number;
  /** Subjects of these sites, as they then belonged to them; those that had left them, up to their departure. */
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
  const known = await subjectsIn(sources, study, scope);
  const { subjects, signing } = known;
  const locks = await locksIn(sources, study, scope, known);
  const audited = [...subjects].filter(([, { audit }]) => audit);
  const { definition, item } = (await newestOf(sources, study)).readAs();
  const cause = item(definition.adjudication?.final ?? '');
  const adjudicated = audited.filter(([, { sight }]) => cause && sight.item(cause));
  const streamsOf = (some: typeof audited) =>
    some.map(([key, { until }]) => ({ stream: subjectStream(key), until }));
  const { head, lost } = await headOf(sources, study, version, {
    ...{ position: scope.position, sites: scope.sites, passed: [...known.passed], signing },
    ...{ audited: streamsOf(audited), adjudicated: streamsOf(adjudicated) },
    locks: [...locks.values()].filter(({ audit }) => audit).map(({ lock }) => lock),
  });
  const [metadata] = head.studies;
  const last = { studyOid: metadata!.oid, metaDataVersionOid: metadata!.metaDataVersions.at(-1)!.oid };
  const tally = new Tally();
  const parts = clinicalParts(sources, study, scope, { ...known, locks, last, tally });
  yield* writeClinical(head, parts, version, (unwritten) => report([...lost, ...tally.list(), ...unwritten]));
}

/** What the events so far tell of a subject. */
interface Known {
  readonly sight: Sight;
  readonly audit: boolean;
  /** Through which site it is told: where it is at the position that is told of, or where it left. */
  readonly at: string;
  /** Revision of the last event that is told. */
  readonly until: number;
  /** Where it then was. */
  site: string;
  definition: number;
  readonly queries: Map<string, AskedQuery>;
}

/** What is known of casebooks before their events are gone through. */
interface Foreknown {
  /** Those that the scope reaches. */
  readonly subjects: ReadonlyMap<string, Known>;
  /** Sites at which they were. */
  readonly passed: ReadonlySet<string>;
  readonly signing: Signing;
}

/** By position: freezes and locks of the study or of sites as a whole, and whether it is told who acted. */
type Locks = ReadonlyMap<number, { readonly lock: WholeLock; readonly audit: boolean }>;

/** Of a subject that is there still, every event is told. */
const LAST_REVISION = 2 ** 31 - 1;

async function subjectsIn(
  sources: ClinicalSources,
  study: string,
  { position, sites, subject, sight, audit }: ClinicalScope,
): Promise<Foreknown> {
  const lineage = await newestOf(sources, study);
  const signing = new Signing();
  const subjects = new Map<string, Known>();
  const passed = new Set<string>();
  for (const casebook of await casebooksAsOf(sources.pool, study, position)) {
    const key = casebook.subject;
    const reach = reachFrom(among(sites), casebook);
    if ((subject !== undefined && key !== subject) || !reach) continue;
    const { site: at, departure } = reach;
    const { definition, signatures, left } = departure?.casebook ?? casebook;
    for (const { casebook: before } of left) passed.add(before.site);
    if (departure) passed.add(departure.to);
    const until = departure?.revision ?? LAST_REVISION;
    const seen = sight(at);
    subjects.set(key, {
      ...{ sight: seen, audit: audit(at), at, until, site: '', definition: 1, queries: new Map() },
    });
    const now = lineage.readAs(definition);
    for (const state of Object.values(signatures))
      signing.add(state, lineage.readAs(state.definition), now, seen);
  }
  return { subjects, passed, signing };
}

async function locksIn(
  { store }: ClinicalSources,
  study: string,
  { position, sites, subject, audit }: ClinicalScope,
  { subjects }: Foreknown,
): Promise<Locks> {
  const all = (await store.readStream(study, STUDY_LOCKS, -1, position)) as WholeLock[];
  const known = [...subjects.values()];
  const own = subject === undefined ? sites : known.map(({ at }) => at);
  const mayAudit = (site: string | undefined) =>
    site === undefined ? known.every((one) => one.audit) : audit(site);
  const told = all.filter((lock) => isLockTold(lock, own));
  return new Map(told.map((lock) => [lock.position, { lock, audit: mayAudit(siteOf(lock)) }]));
}

/** Who may see an item, the newest version says that has it. */
async function newestOf({ studies }: ClinicalSources, study: string): Promise<Lineage> {
  return studies.lineage(study, (await studies.current(study)).version);
}

interface Told {
  readonly locks: Locks;
  /** The version of the metadata by which the study goes as a whole. */
  readonly last: { readonly studyOid: string; readonly metaDataVersionOid: string };
  readonly tally: Tally;
}

async function* clinicalParts(
  sources: ClinicalSources,
  study: string,
  scope: ClinicalScope,
  { subjects, signing, locks, last, tally }: Foreknown & Told,
): AsyncGenerator<ClinicalPart> {
  const lineage = await newestOf(sources, study);
  const versions = new Map<number, ReturnType<typeof odmOidsOf>>();
  /** Forms whose reading is recorded, once a document. */
  const identified = new Set<string>();
  let section: string | undefined;
  for await (const event of eventsOf(sources, study, scope, locks)) {
    const whole = locks.get(event.position);
    if (whole) {
      yield* lockParts(whole.lock, { ...last, audit: whole.audit });
      section = undefined;
      continue;
    }
    const subject = subjectOf(event.stream);
    const known = subject === undefined ? undefined : subjects.get(subject);
    if (subject === undefined || !known || event.revision > known.until) continue;
    learnBefore(known, event);
    const reading = lineage.readAs(known.definition);
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
      signing,
      tally,
    };
    const told = subjectDataOf(event, setting);
    learnAfter(known, event);
    if (!told) continue;
    const form = `${subject}/${formKey(at)}`;
    if (known.sight.identity && tellsIdentity(event) && !identified.has(form)) {
      identified.add(form);
      await scope.identityRead?.({ ...at, subject, site: known.at });
    }
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
  locks: Locks,
): AsyncGenerator<Event> {
  if (subject !== undefined) {
    const own = await store.readStream(study, subjectStream(subject), -1, position);
    const all = [...own, ...[...locks.values()].map(({ lock }) => lock)];
    yield* all.sort((a, b) => a.position - b.position) as Event[];
  } else for await (const entry of store.entries(study, 0, position + 1)) yield JSON.parse(entry) as Event;
}

function tellsIdentity({ data }: Event): boolean {
  const { changes = [] } = data as { changes?: readonly Change[] };
  return changes.some(({ to }) => holdsSealed(to));
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
