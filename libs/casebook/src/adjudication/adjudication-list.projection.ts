import type { Pool } from 'pg';
import { emptyCasebook } from '../casebook.js';
import type { Slice } from '../lists.projection.js';
import { casebooksAsOf } from '../past.projection.js';
import { type AdjudicationRow, adjudicationRowsBetween } from './adjudication.projection.js';

type DeathSlice = Omit<Slice<string>, 'sites'>;

/** Deaths by subject key, after one of them. */
export async function listAdjudications(
  pool: Pool,
  { study, after, limit }: DeathSlice,
  status: string | undefined,
): Promise<AdjudicationRow[]> {
  const { rows } = await pool.query<AdjudicationRow>(
    `SELECT * FROM adjudication WHERE study = $1 AND subject > $2
       AND status <> 'none' AND ($3::text IS NULL OR status = $3) ORDER BY subject LIMIT $4`,
    [study, after ?? '', status, limit],
  );
  return rows;
}

/** The same list as it was after a position of the log. */
export async function listAdjudicationsAsOf(
  pool: Pool,
  { study, after = '', limit }: DeathSlice,
  status: string | undefined,
  position: number,
): Promise<AdjudicationRow[]> {
  return (await casebooksAsOf(pool, study, position))
    .flatMap((casebook) => adjudicationRowsBetween(emptyCasebook, casebook, study))
    .filter((row) => row.subject > after && row.status !== 'none' && (status ?? row.status) === row.status)
    .sort((a, b) => (a.subject < b.subject ? -1 : 1))
    .slice(0, limit);
}
