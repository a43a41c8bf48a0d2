import type { Pool } from 'pg';
import { siteList } from '#access';
import { type SubjectRow, subjectRows } from '../casebook.projection.js';
import { fits, rowsAsOf, type Slice } from '../lists.projection.js';
import { type DepartureRow, lastDepartures } from '../transfer/transfer.projection.js';

export interface SubjectFilter {
  readonly site?: string | undefined;
  readonly arm?: string | undefined;
  readonly status?: string | undefined;
  /** Part of a subject key. */
  readonly q?: string | undefined;
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
     (SELECT ${COLUMNS} FROM ${lastDepartures('$1', '$3')} AS gone WHERE ${ASKED})
     ORDER BY subject LIMIT $8`,
    [
      slice.study,
      slice.after ?? '',
      siteList(slice.sites),
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
  const rows = await rowsAsOf<SubjectRow>(pool, slice, position, subjectRows);
  return rows
    .map((row): ListedSubject => (row.departed ? { ...row, status: 'transferred' } : row))
    .filter(
      (row) =>
        row.subject > (slice.after ?? '') &&
        fits(filter.site, row.site) &&
        fits(filter.arm, row.arm) &&
        fits(filter.status, row.status) &&
        (filter.q === undefined || row.subject.includes(filter.q)),
    )
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .slice(0, slice.limit);
}
