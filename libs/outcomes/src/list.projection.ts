import type { Pool } from 'pg';
import type { Sites } from '#access';
import type { EventStore } from '#event-store';
import type { Studies } from '#study';
import { type OutcomeRow, outcomeRowsOf } from './outcome.projection.js';

export interface OutcomeSlice {
  readonly study: string;
  readonly sites: Sites;
  readonly endpoint: string | undefined;
  /** Endpoint and subject of the last row that was given. */
  readonly after: readonly [string, string] | undefined;
  readonly limit: number;
}

/** Outcomes by endpoint and subject. */
export async function listOutcomes(
  pool: Pool,
  { study, sites, endpoint, after, limit }: OutcomeSlice,
): Promise<OutcomeRow[]> {
  const { rows } = await pool.query<OutcomeRow>(
    `SELECT * FROM outcome WHERE study = $1 AND (endpoint, subject) > ($2, $3)
       AND ($4::text[] IS NULL OR site = ANY($4)) AND ($5::text IS NULL OR endpoint = $5)
     ORDER BY endpoint, subject LIMIT $6`,
    [study, ...(after ?? ['', '']), sites === 'all' ? null : sites, endpoint, limit],
  );
  return rows;
}

/** The same rows as they followed from the log up to a position. */
export async function listOutcomesAsOf(
  store: EventStore,
  studies: Studies,
  slice: OutcomeSlice,
  position: number,
): Promise<OutcomeRow[]> {
  const { study, sites, endpoint, after = ['', ''], limit } = slice;
  const rows: OutcomeRow[] = [];
  for (const stream of await store.streams(study, 'subject/', position)) {
    const history = await store.readStream(study, stream, -1, position);
    rows.push(...(await outcomeRowsOf(history, studies)).rows);
  }
  return rows
    .filter(
      (row) =>
        (sites === 'all' || sites.includes(row.site)) &&
        (endpoint === undefined || row.endpoint === endpoint),
    )
    .filter((row) => row.endpoint > after[0] || (row.endpoint === after[0] && row.subject > after[1]))
    .sort((a, b) =>
      a.endpoint === b.endpoint ? (a.subject < b.subject ? -1 : 1) : a.endpoint < b.endpoint ? -1 : 1,
    )
    .slice(0, limit);
}
