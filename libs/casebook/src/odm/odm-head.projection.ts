import type { Pool } from 'pg';
import type { Sites } from '#access';
import type { EventStore } from '#event-store';
import type { Location, MetaDataVersionRef, OdmDocument, OdmVersion, Unsupported } from '#odm';
import { Problem } from '#problem';
import { definitionToOdm, listSitesAsOf, type Studies } from '#study';
import { adjudicationEvents } from '../adjudication/adjudication-state.js';
import { odmUser } from './odm-annotation.js';
import type { Signing } from './odm-signature.js';
import { SPONSOR, siteOf, type WholeLock } from './odm-study-lock.js';

/** What the head of a clinical document is made from. */
export interface HeadSources {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly studies: Studies;
}

/** A stream, and the revision up to which it is told. */
export interface Told {
  readonly stream: string;
  readonly until: number;
}

/** Who and where is told of at the head of a document. */
export interface HeadScope {
  readonly position: number;
  readonly sites: Sites;
  /** Streams of which it is told who acted; on those that are `adjudicated`, as members of the committee too. */
  readonly audited: readonly Told[];
  readonly adjudicated: readonly Told[];
  readonly signing: Signing;
  /** Of the study or a site as a whole, of which it is told who acted. */
  readonly locks: readonly WholeLock[];
  /** Where subjects were that are told of, beside the sites of the scope. */
  readonly passed: readonly string[];
}

/** All versions of a study's metadata, those who acted or signed, and the sites. @throws Problem not-found */
export async function headOf(
  { pool, store, studies }: HeadSources,
  study: string,
  version: OdmVersion,
  scope: HeadScope,
): Promise<{ head: OdmDocument; lost: Unsupported[] }> {
  const { position, locks, signing } = scope;
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
  } satisfies MetaDataVersionRef;
  const users = withSigners(await actorsOn(pool, study, scope), signing);
  const locations = await locationsOf(pool, study, scope, valid);
  if (locks.some((lock) => siteOf(lock) === undefined)) locations.push(sponsorIn(valid));
  const { signatureDefs } = signing;
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
          ...(signatureDefs.length > 0 && { signatureDefs }),
        },
      ],
    },
    lost: documents.flatMap(({ unsupported }) => unsupported),
  };
}

interface User {
  readonly oid: string;
  readonly fullName: string;
}

/** Who acted, people and parts of the system. */
async function actorsOn(
  pool: Pool,
  study: string,
  { position, audited, adjudicated, locks }: HeadScope,
): Promise<User[]> {
  const { rows } = await pool.query<{ id: string; name: string | null }>(
    `SELECT actor.id, u.name
     FROM (SELECT DISTINCT coalesce(entry::json->'actor'->>'user', 'system.' || (entry::json->'actor'->>'system')) AS id
           FROM event JOIN unnest($3::text[], $4::int[]) AS told(stream, until) USING (stream)
           WHERE log = $1 AND position <= $2 AND revision <= told.until
             AND (stream = ANY($5) OR type <> ALL($6))
           UNION SELECT unnest($7::text[])) actor
       LEFT JOIN app_user u ON u.id::text = actor.id
     ORDER BY actor.id`,
    [
      study,
      position,
      audited.map(({ stream }) => stream),
      audited.map(({ until }) => until),
      adjudicated.map(({ stream }) => stream),
      adjudicationEvents,
      locks.map(({ actor }) => odmUser(actor)),
    ],
  );
  return rows.map(({ id, name }) => ({ oid: id, fullName: name ?? id }));
}

/** A signature tells its signer’s name to everyone who is told of it. */
function withSigners(actors: readonly User[], { signers }: Signing): User[] {
  const others = actors.filter(({ oid }) => !signers.has(oid));
  return [...others, ...[...signers].map(([oid, fullName]) => ({ oid, fullName }))];
}

async function locationsOf(
  pool: Pool,
  study: string,
  { position, sites, passed }: HeadScope,
  valid: MetaDataVersionRef,
): Promise<Location[]> {
  const all = await listSitesAsOf(pool, study, position);
  const own = all.filter(({ site }) => sites === 'all' || sites.includes(site) || passed.includes(site));
  return own.map(({ site, name }) => ({ oid: site, name, role: 'Site', metaDataVersions: [valid] }));
}

/** Where people act on the study as a whole. */
function sponsorIn(valid: MetaDataVersionRef): Location {
  return { oid: SPONSOR, name: 'Sponsor', role: 'Sponsor', metaDataVersions: [valid] };
}
