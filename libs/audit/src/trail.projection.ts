import type { Pool } from 'pg';
import { type Caller, type Sight, type Sites, sightOf, siteList } from '#access';
import {
  type Change,
  holdsSealed,
  lastDepartures,
  type QueryState,
  readerOf,
  type SubjectKeys,
  sealedPlace,
  showsQuery,
  subjectOfQuery,
  versionFollowed,
} from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { Studies } from '#study';
import { type AuditLine, auditLines, type LineContext, type Place } from './line.js';

/** What of the trail is asked for; positions `from` (inclusive) to `to` (exclusive). */
export interface TrailFilter {
  readonly subject?: string | undefined;
  readonly site?: string | undefined;
  /** A person’s id, or the name of a part of the system. */
  readonly user?: string | undefined;
  readonly type?: string | undefined;
  readonly visit?: string | undefined;
  readonly form?: string | undefined;
  readonly item?: string | undefined;
  readonly from: number;
  readonly to: number;
}

export interface TrailSlice {
  readonly study: string;
  /** What belongs to no site is shown wherever something is. */
  readonly sites: Sites;
  readonly filter: TrailFilter;
  /** The last line that was given. */
  readonly after: { readonly position: number; readonly line: number } | undefined;
  /** How many events are read at once. */
  readonly batch: number;
}

/** What lines are made with. */
export interface TrailSources {
  readonly pool: Pool;
  readonly studies: Studies;
  readonly keys: SubjectKeys;
}

interface TrailRow extends Omit<Place, 'item'> {
  readonly items: readonly string[];
  readonly definition: number | null;
  readonly entry: string;
  /** The site through which it is seen, whichever it was of when it was done. */
  readonly through: string | null;
}

/** The lines that a caller may see, in the log’s order. Holds no more than a batch of events at a time. */
export async function* readTrail(
  sources: TrailSources,
  caller: Caller,
  slice: TrailSlice,
): AsyncGenerator<AuditLine> {
  const { study, after, filter, batch } = slice;
  for (let from = after?.position ?? filter.from; ; ) {
    const rows = await readRows(sources.pool, slice, from);
    const events = rows.map((row): RecordedEvent => JSON.parse(row.entry));
    const people = await readPeople(sources.pool, events);
    const queries = await readQueries(sources.pool, study, events);
    const followed = await readFollowed(sources.pool, study, rows, events);
    for (const [i, row] of rows.entries()) {
      const event = events[i]!;
      const context = await contextOf(
        sources,
        sightOf(caller, study, row.through ?? undefined),
        row,
        event,
        followed(event),
        queries,
      );
      for (const line of auditLines(event, { ...context, people })) {
        const given = after?.position === line.position && line.line <= after.line;
        if (!given && (filter.item === undefined || line.item === filter.item)) yield line;
      }
    }
    if (rows.length < batch) return;
    from = events.at(-1)!.position + 1;
  }
}

/** As `reachFrom` has it: where a subject is now, all is shown; where it was once, all up to its last departure. */
async function readRows(
  pool: Pool,
  { study, sites, filter, batch }: TrailSlice,
  from: number,
): Promise<TrailRow[]> {
  const { rows } = await pool.query<TrailRow>(
    `SELECT a.site, a.subject, a.visit, a.form, a.items, s.definition, e.entry,
       coalesce(CASE WHEN $4::text[] IS NULL OR s.site = ANY($4) THEN s.site END, gone.site, a.site) AS through
     FROM audit_entry a JOIN event e ON e.log = a.study AND e.position = a.position
       LEFT JOIN subject s ON s.study = a.study AND s.subject = a.subject
       LEFT JOIN ${lastDepartures('$1', '$4')} AS gone ON gone.subject = a.subject
     WHERE a.study = $1 AND a.position >= $2 AND a.position < $3
       AND ($4::text[] IS NULL OR a.site = ANY($4) OR a.site IS NULL OR s.site = ANY($4)
         OR e.revision <= gone.revision + 1)
       AND ($5::text IS NULL OR a.subject = $5) AND ($6::text IS NULL OR a.site = $6)
       AND ($7::text IS NULL OR a.actor = $7) AND ($8::text IS NULL OR a.type = $8)
       AND ($9::text IS NULL OR a.visit = $9) AND ($10::text IS NULL OR a.form = $10)
       AND ($11::text IS NULL OR $11 = ANY(a.items))
     ORDER BY a.position LIMIT $12`,
    [
      study,
      from,
      filter.to,
      siteList(sites),
      filter.subject,
      filter.site,
      filter.user,
      filter.type,
      filter.visit,
      filter.form,
      filter.item,
      batch,
    ],
  );
  return rows;
}

/** The names of those who acted, and of those whom events of accounts are about. */
async function readPeople(pool: Pool, events: readonly RecordedEvent[]): Promise<Map<string, string>> {
  const users = new Set(
    events.flatMap(({ actor, data }) => [
      'user' in actor ? actor.user : undefined,
      (data as { user?: string }).user,
    ]),
  );
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id::text, name FROM app_user WHERE id::text = ANY($1)',
    [[...users]],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The queries that events name. */
async function readQueries(
  pool: Pool,
  study: string,
  events: readonly RecordedEvent[],
): Promise<ReadonlyMap<string, QueryState>> {
  const ids = new Set(events.flatMap(({ data }) => (data as { query?: string }).query ?? []));
  const { rows } =
    ids.size === 0
      ? { rows: [] }
      : await pool.query<{ state: QueryState }>(
          `SELECT state FROM query WHERE study = $1
             AND (subject, number) IN (SELECT * FROM unnest($2::text[], $3::int[]))`,
          [
            study,
            [...ids].map((id) => subjectOfQuery(id)),
            [...ids].map((id) => Number(id.split('-Q').at(-1))),
          ],
        );
  return new Map(rows.map(({ state }) => [state.query, state]));
}

/**
 * Which version of the definition a casebook followed at an event of its own, that event included. While
 * there is but one version, there is nothing to ask.
 */
async function readFollowed(
  pool: Pool,
  study: string,
  rows: readonly TrailRow[],
  events: readonly RecordedEvent[],
): Promise<(event: RecordedEvent) => number> {
  const streams = events.flatMap(({ stream }, i) => ((rows[i]!.definition ?? 1) > 1 ? stream : []));
  const { rows: turns } =
    streams.length === 0
      ? { rows: [] }
      : await pool.query<{ entry: string }>(
          `SELECT entry FROM event WHERE log = $1 AND stream = ANY($2)
             AND type IN ('SubjectEnrolled', 'DefinitionAdopted') ORDER BY position`,
          [study, [...new Set(streams)]],
        );
  const turnsOf = new Map<string, RecordedEvent[]>();
  for (const { entry } of turns) {
    const turn: RecordedEvent = JSON.parse(entry);
    turnsOf.set(turn.stream, [...(turnsOf.get(turn.stream) ?? []), turn]);
  }
  return ({ stream, position }) => {
    const last = turnsOf.get(stream)?.findLast((turn) => turn.position <= position);
    return (last && versionFollowed(last)) ?? 1;
  };
}

async function contextOf(
  { studies, keys }: TrailSources,
  sight: Sight,
  { site, subject, visit, form, items, definition }: TrailRow,
  { log, data }: RecordedEvent,
  followed: number,
  queries: ReadonlyMap<string, QueryState>,
): Promise<Omit<LineContext, 'people'>> {
  const { changes, query } = data as { changes?: readonly Change[]; query?: string };
  const place = { site, subject, visit, form, item: changes ? null : (items[0] ?? null) };
  if (subject === null || definition === null) {
    return { place, study: undefined, reader: readerOf(sight, undefined, String), showsQuery: true };
  }
  const lineage = await studies.lineage(log, definition);
  const study = lineage.readAs(followed);
  const asked = query === undefined ? undefined : queries.get(query);
  const sealed = sight.identity && changes?.some(({ from, to }) => holdsSealed(from) || holdsSealed(to));
  const key = sealed ? await keys.of(log, subject) : undefined;
  const at = { visit: String(visit), form: String(form) };
  return {
    place,
    study,
    reader: readerOf(sight, key, (path) => sealedPlace(log, subject, at, path)),
    showsQuery: query === undefined || (asked !== undefined && showsQuery(asked, lineage.readAs(), sight)),
  };
}
