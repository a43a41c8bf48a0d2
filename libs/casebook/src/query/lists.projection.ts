import type { Pool } from 'pg';
import type { Sites } from '#access';
import { type Casebook, emptyCasebook } from '../casebook.js';
import { projectCasebook, type SubjectRow, subjectRows } from '../casebook.projection.js';
import { casebooksAsOf } from '../past.projection.js';
import { type DepartureRow, departureRows } from '../transfer/transfer.projection.js';

export interface SubjectFilter {
  readonly site?: string | undefined;
  readonly arm?: string | undefined;
  readonly status?: string | undefined;
  /** Part of a subject key. */
  readonly q?: string | undefined;
}

/** Which rows of a list: those of a study at some sites, after a place in its order, at most so many. */
export interface Slice<Place> {
  readonly study: string;
  readonly sites: Sites;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** A subject in a list, or what a site knew of one that left it. */
export type ListedSubject = Omit<SubjectRow, 'status' | 'series' | 'number'> & {
  readonly status: SubjectRow['status'] | DepartureRow['status'];
};

/** The columns that both have. */
const COLUMNS = 'study, subject, site, status, arm, definition, consented, enrolled, openqueries';

/** What both halves of a list are asked; each is cut by itself, so that an index serves it. */
const ASKED = `subject > $2 AND ($4::text IS NULL OR site = $4) AND ($5::text IS NULL OR arm = $5)
       AND ($6::text IS NULL OR status = $6) AND ($7::text IS NULL OR strpos(subject, $7) > 0)
     ORDER BY subject LIMIT $8`;

/** Subjects by subject key; of one that left a site of the caller’s, and is at none of them now, how it left. */
export async function listSubjects(
  pool: Pool,
  slice: Slice<string>,
  filter: SubjectFilter,
): Promise<ListedSubject[]> {
  const { rows } = await pool.query<ListedSubject>(
    `(SELECT ${COLUMNS} FROM subject
      WHERE study = $1 AND ($3::text[] IS NULL OR site = ANY($3)) AND ${ASKED})
     UNION ALL
     (SELECT * FROM (
        SELECT DISTINCT ON (d.subject) ${COLUMNS.replaceAll(/\w+/g, 'd.$&')}
        FROM departure d JOIN subject s USING (study, subject)
        WHERE study = $1 AND d.site = ANY($3) AND s.site <> ALL($3)
        ORDER BY d.subject, d.revision DESC) AS gone
      WHERE ${ASKED})
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
): Promise<ListedSubject[]> {
  const { study, sites } = slice;
  const now = await rowsAsOf<SubjectRow>(pool, study, position, subjectRows);
  const here = new Set(now.filter(({ site }) => isAt(sites, site)).map(({ subject }) => subject));
  const left = (await rowsAsOf<DepartureRow>(pool, study, position, departureRows))
    .filter(({ site, subject }) => sites !== 'all' && sites.includes(site) && !here.has(subject))
    .sort((a, b) => b.revision - a.revision)
    .filter(({ subject }, i, all) => all.findIndex((one) => one.subject === subject) === i);
  return [...now, ...left]
    .filter(
      (row) =>
        row.subject > (slice.after ?? '') &&
        isAt(sites, row.site) &&
        fits(filter.site, row.site) &&
        fits(filter.arm, row.arm) &&
        fits(filter.status, row.status) &&
        (filter.q === undefined || row.subject.includes(filter.q)),
    )
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .slice(0, slice.limit);
}

/** The rows of one table as they were after a position. */
export async function rowsAsOf<Row>(
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
export const isAt = (sites: Sites, site: string) => sites === 'all' || sites.includes(site);
const fits = (wanted: string | undefined, value: string | null) => wanted === undefined || wanted === value;
