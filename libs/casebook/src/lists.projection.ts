import type { Pool } from 'pg';
import type { Sites } from '#access';
import { type Casebook, emptyCasebook } from './casebook.js';
import {
  projectCasebook,
  type QueryRow,
  queryRows,
  type SubjectRow,
  subjectRows,
} from './casebook.projection.js';
import { casebooksAsOf } from './past.projection.js';

export interface SubjectFilter {
  readonly site?: string | undefined;
  readonly arm?: string | undefined;
  readonly status?: string | undefined;
  /** Part of a subject key. */
  readonly q?: string | undefined;
}

export interface QueryFilter {
  readonly site?: string | undefined;
  readonly status?: string | undefined;
  readonly subject?: string | undefined;
  /** Raised at least so many days ago. */
  readonly age?: number | undefined;
}

/** Which rows of a list: those of a study at some sites, after a place in its order, at most so many. */
export interface Slice<Place> {
  readonly study: string;
  readonly sites: Sites;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** Subjects by subject key. */
export async function listSubjects(
  pool: Pool,
  slice: Slice<string>,
  filter: SubjectFilter,
): Promise<SubjectRow[]> {
  const { rows } = await pool.query<SubjectRow>(
    `SELECT * FROM subject WHERE study = $1 AND subject > $2
       AND ($3::text[] IS NULL OR site = ANY($3)) AND ($4::text IS NULL OR site = $4)
       AND ($5::text IS NULL OR arm = $5) AND ($6::text IS NULL OR status = $6)
       AND ($7::text IS NULL OR strpos(subject, $7) > 0)
     ORDER BY subject LIMIT $8`,
    [
      slice.study,
      slice.after ?? '',
      listed(slice.sites),
      filter.site,
      filter.arm,
      filter.status,
      filter.q,
      slice.limit,
    ],
  );
  return rows;
}

/** The same list as it was after a position of the log. */
export async function listSubjectsAsOf(
  pool: Pool,
  slice: Slice<string>,
  filter: SubjectFilter,
  position: number,
): Promise<SubjectRow[]> {
  const rows = await rowsAsOf<SubjectRow>(pool, slice.study, position, subjectRows);
  return rows
    .filter(
      (row) =>
        row.subject > (slice.after ?? '') &&
        isAt(slice.sites, row.site) &&
        fits(filter.site, row.site) &&
        fits(filter.arm, row.arm) &&
        fits(filter.status, row.status) &&
        (filter.q === undefined || row.subject.includes(filter.q)),
    )
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .slice(0, slice.limit);
}

export type QueryPlace = readonly [subject: string, number: number];

/** Queries by subject key and number. */
export async function listQueries(
  pool: Pool,
  slice: Slice<QueryPlace>,
  filter: QueryFilter,
): Promise<QueryRow[]> {
  const [subject, number] = slice.after ?? ['', 0];
  const { rows } = await pool.query<QueryRow>(
    `SELECT * FROM query WHERE study = $1 AND (subject, number) > ($2, $3)
       AND ($4::text[] IS NULL OR site = ANY($4)) AND ($5::text IS NULL OR site = $5)
       AND ($6::text IS NULL OR status = $6) AND ($7::text IS NULL OR subject = $7)
       AND ($8::int IS NULL OR raised <= now() - make_interval(days => $8))
     ORDER BY subject, number LIMIT $9`,
    [
      slice.study,
      subject,
      number,
      listed(slice.sites),
      filter.site,
      filter.status,
      filter.subject,
      filter.age,
      slice.limit,
    ],
  );
  return rows;
}

/** The same list as it was after a position; an age is counted to `instant`, when that position was recorded. */
export async function listQueriesAsOf(
  pool: Pool,
  slice: Slice<QueryPlace>,
  filter: QueryFilter,
  { position, instant }: { position: number; instant: string },
): Promise<QueryRow[]> {
  const [subject, number] = slice.after ?? ['', 0];
  const raisedBy =
    filter.age === undefined
      ? undefined
      : new Date(Date.parse(instant) - filter.age * 86_400_000).toISOString();
  const rows = await rowsAsOf<QueryRow>(pool, slice.study, position, queryRows);
  return rows
    .filter(
      (row) =>
        (row.subject > subject || (row.subject === subject && row.number > number)) &&
        isAt(slice.sites, row.site) &&
        fits(filter.site, row.site) &&
        fits(filter.status, row.status) &&
        fits(filter.subject, row.subject) &&
        (raisedBy === undefined || row.raised <= raisedBy),
    )
    .sort((a, b) => (a.subject === b.subject ? a.number - b.number : a.subject < b.subject ? -1 : 1))
    .slice(0, slice.limit);
}

async function rowsAsOf<Row>(
  pool: Pool,
  study: string,
  position: number,
  model: typeof subjectRows,
): Promise<Row[]> {
  const casebooks: Casebook[] = await casebooksAsOf(pool, study, position);
  return casebooks
    .flatMap((casebook) => projectCasebook(emptyCasebook, casebook, study))
    .flatMap((set) => (set.model === model ? (set.rows as readonly Row[]) : []));
}

const listed = (sites: Sites) => (sites === 'all' ? null : sites);
const isAt = (sites: Sites, site: string) => sites === 'all' || sites.includes(site);
const fits = (wanted: string | undefined, value: string | null) => wanted === undefined || wanted === value;
