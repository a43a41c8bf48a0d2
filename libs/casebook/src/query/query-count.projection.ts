import type { Pool } from 'pg';
import { grouped } from '#values';
import type { Reached } from '../lists.projection.js';
import type { QueryRow } from './query.projection.js';
import { daysBetween } from './query-due.js';
import { type QueryClock, type QueryFilter, queryStatuses } from './query-filter.js';
import { clockFor, type QueryScope, queriesOf } from './query-list.projection.js';
import { isOpen } from './query-state.js';

export const countGroups = ['site', 'item', 'check', 'status'] as const;
export type CountGroup = (typeof countGroups)[number];

export interface QueryCount {
  /** Null for queries on no item, or of people. */
  readonly key: string | null;
  readonly open: number;
  readonly answered: number;
  readonly closed: number;
  readonly cancelled: number;
  readonly total: number;
  /** Of those open or answered, in days since they were raised; null where there is none. */
  readonly medianAgeDays: number | null;
}

const keys: Readonly<Record<CountGroup, string>> = {
  site: 'site',
  item: 'items[1]',
  check: '"check"',
  status: 'status',
};

/** Queries counted by the site, the first item, the edit check or the status, in the order of these. */
export async function countQueries(
  pool: Pool,
  scope: QueryScope,
  filter: QueryFilter,
  by: CountGroup,
): Promise<QueryCount[]> {
  const values: unknown[] = [scope.at];
  const statuses = queryStatuses.map((one) => `count(*) FILTER (WHERE status = '${one}')::int AS ${one}`);
  const { rows } = await pool.query<QueryCount>(
    `SELECT ${keys[by]} COLLATE "C" AS key, ${statuses.join(', ')}, count(*)::int AS total,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY floor(extract(epoch FROM coalesce(departed, $1::timestamptz) - raised) / 86400)::float8)
         FILTER (WHERE status IN ('open', 'answered')) AS "medianAgeDays"
     FROM (${queriesOf(scope, filter, values)}) AS query GROUP BY 1 ORDER BY 1 NULLS LAST`,
    values,
  );
  return rows;
}

/** The same count of rows at hand. */
export function countRows(
  rows: readonly Reached<QueryRow>[],
  by: CountGroup,
  clock: QueryClock,
): QueryCount[] {
  const groups = grouped(rows, (row) => (by === 'item' ? (row.items[0] ?? null) : row[by]));
  return [...groups]
    .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
    .map(([key, own]) => {
      const count = (status: string) => own.filter((row) => row.status === status).length;
      return {
        key,
        open: count('open'),
        answered: count('answered'),
        closed: count('closed'),
        cancelled: count('cancelled'),
        total: own.length,
        medianAgeDays: median(
          own.filter(isOpen).map((row) => daysBetween(row.raised, clockFor(row, clock).at)),
        ),
      };
    });
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  if (sorted.length === 0) return null;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
