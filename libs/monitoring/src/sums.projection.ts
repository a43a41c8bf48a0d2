import type { Pool } from 'pg';
import { type Sites, siteList } from '#access';
import { conditionsOf, type QueryScope } from '#casebook';
import type { Consented } from './enrolment.js';
import type { AgeCount } from './query-ages.js';

/** Subjects by site and month of consent. */
export async function countConsented(pool: Pool, study: string, sites: Sites): Promise<Consented[]> {
  const { rows } = await pool.query<Consented>(
    `SELECT site, to_char(consented, 'YYYY-MM') AS month, count(*)::integer AS count FROM subject
     WHERE study = $1 AND ($2::text[] IS NULL OR site = ANY($2)) GROUP BY 1, 2`,
    [study, siteList(sites)],
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
    [study, position, siteList(sites)],
  );
  return rows.map(({ site }) => site);
}
