import type { Pool } from 'pg';
import type { Sites } from '#access';
import { conditionsOf, type QueryScope } from '#casebook';
import type { Consented } from './enrolment.js';
import type { ProgressRow } from './progress.projection.js';
import type { AgeCount } from './query-ages.js';
import type { Telling } from './tells-arms.js';

/** Whose subjects of a study, on which day, and at which sites also what tells the arms apart. */
export interface SumScope {
  readonly study: string;
  readonly sites: Sites;
  readonly today: string;
  readonly unblinded: Sites;
  readonly telling: Telling;
}

export interface VisitSums {
  readonly site: string;
  /** Forms of visits that are entered or late. */
  readonly expected: number;
  readonly entered: number;
  readonly complete: number;
  /** Late visits; those that a later one followed were missed. */
  readonly overdue: number;
  readonly missed: number;
}

/** What is expected, entered and late by site, of the rows of the table, or of these. */
export async function sumVisits(
  pool: Pool,
  { study, sites, today, unblinded, telling }: SumScope,
  past?: readonly ProgressRow[],
): Promise<VisitSums[]> {
  const source = past ? 'json_populate_recordset(NULL::progress, $8)' : 'progress';
  const { rows } = await pool.query<VisitSums>(
    `WITH visit AS (
       SELECT p.subject, p.site, v.n, v.late, seen.* FROM ${source} AS p,
         LATERAL json_to_recordset(p.visits)
           AS v(visit text, n integer, late date, planned text[], entered text[], complete text[]),
         LATERAL (SELECT $3 OR p.site = ANY($4) AS unblinded) AS sight,
         LATERAL (SELECT count(*) AS forms,
             count(*) FILTER (WHERE form = ANY(v.entered)) AS entered,
             count(*) FILTER (WHERE form = ANY(v.complete)) AS complete
           FROM unnest(v.planned) AS form WHERE unblinded OR form <> ALL($5)) AS seen
       WHERE p.study = $1 AND ($2::text[] IS NULL OR p.site = ANY($2))
         AND (unblinded OR v.visit <> ALL($6)) AND seen.forms > 0
     ), placed AS (
       SELECT *, entered = 0 AND late <= $7::date AS is_late,
         n < max(n) FILTER (WHERE entered > 0) OVER (PARTITION BY subject) AS is_followed
       FROM visit
     )
     SELECT site,
       coalesce(sum(forms) FILTER (WHERE entered > 0 OR is_late), 0)::integer AS expected,
       sum(entered)::integer AS entered, sum(complete)::integer AS complete,
       (count(*) FILTER (WHERE is_late AND is_followed IS NOT TRUE))::integer AS overdue,
       (count(*) FILTER (WHERE is_late AND is_followed))::integer AS missed
     FROM placed GROUP BY site ORDER BY site COLLATE "C"`,
    [
      ...[study, listed(sites), unblinded === 'all', listed(unblinded) ?? []],
      ...[telling.forms, telling.visits, today],
      ...(past ? [JSON.stringify(past)] : []),
    ],
  );
  return rows;
}

/** Subjects by site and month of consent. */
export async function countConsented(pool: Pool, study: string, sites: Sites): Promise<Consented[]> {
  const { rows } = await pool.query<Consented>(
    `SELECT site, to_char(consented, 'YYYY-MM') AS month, count(*)::integer AS count FROM subject
     WHERE study = $1 AND ($2::text[] IS NULL OR site = ANY($2)) GROUP BY 1, 2`,
    [study, listed(sites)],
  );
  return rows;
}

/** Open and answered queries by their age. */
export async function countAges(pool: Pool, scope: QueryScope): Promise<AgeCount[]> {
  const { text, values } = conditionsOf(scope, {});
  const { rows } = await pool.query<AgeCount>(
    `SELECT site, status, count(*)::integer AS count,
       floor(extract(epoch FROM $${values.length + 1}::timestamptz - raised) / 86400)::integer AS days
     FROM query WHERE ${text} AND status IN ('open', 'answered') GROUP BY site, status, days`,
    [...values, scope.at],
  );
  return rows;
}

/** The study's sites that were opened by a position. */
export async function sitesOpened(
  pool: Pool,
  study: string,
  position: number,
  sites: Sites,
): Promise<string[]> {
  const { rows } = await pool.query<{ site: string }>(
    `SELECT substr(stream, 6) AS site FROM event
     WHERE log = $1 AND revision = 0 AND position <= $2 AND stream COLLATE "C" > 'site/' AND stream COLLATE "C" < 'site0'
       AND ($3::text[] IS NULL OR substr(stream, 6) = ANY($3))`,
    [study, position, listed(sites)],
  );
  return rows.map(({ site }) => site);
}

const listed = (sites: Sites) => (sites === 'all' ? null : sites);
