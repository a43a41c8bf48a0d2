import type { Pool } from 'pg';
import { type Sites, siteList } from '#access';
import { SUBJECTS } from '#casebook';
import type { EventStore } from '#event-store';
import type { Studies } from '#study';
import { atCutOff } from './outcome.js';
import { type OutcomeRow, outcomeRowsOf } from './outcome.projection.js';

export interface OutcomeSlice {
  readonly study: string;
  readonly sites: Sites;
  readonly endpoint: string | undefined;
  /** Endpoints that the caller may not see. */
  readonly withheld: readonly string[];
  /** A date YYYY-MM-DD after which nothing counts. */
  readonly cutOff: string | undefined;
  /** Endpoint and subject of the last row that was given. */
  readonly after: readonly [string, string] | undefined;
  readonly limit: number;
}

/** Outcomes by endpoint and subject. */
export async function listOutcomes(pool: Pool, slice: OutcomeSlice): Promise<OutcomeRow[]> {
  const { study, sites, endpoint, withheld, cutOff, after = ['', ''], limit } = slice;
  const { rows } = await pool.query<OutcomeRow>(
    `SELECT * FROM outcome WHERE study = $1 AND (endpoint, subject) > ($2, $3)
       AND ($4::text[] IS NULL OR site = ANY($4)) AND ($5::text IS NULL OR endpoint = $5)
       AND endpoint <> ALL($6) AND ($7::date IS NULL OR start <= $7)
     ORDER BY endpoint, subject LIMIT $8`,
    [study, ...after, siteList(sites), endpoint, withheld, cutOff, limit],
  );
  return rows.flatMap((row) => known(row, cutOff));
}

/** The same rows as they followed from the log up to a position. */
export async function listOutcomesAsOf(
  store: EventStore,
  studies: Studies,
  slice: OutcomeSlice,
  position: number,
): Promise<OutcomeRow[]> {
  const { study, sites, endpoint, withheld, cutOff, after = ['', ''], limit } = slice;
  const rows: OutcomeRow[] = [];
  for (const stream of await store.streams(study, SUBJECTS, position)) {
    const history = await store.readStream(study, stream, -1, position);
    rows.push(...(await outcomeRowsOf(history, studies)));
  }
  return rows
    .filter(
      (row) =>
        (sites === 'all' || sites.includes(row.site)) &&
        (endpoint === undefined || row.endpoint === endpoint) &&
        !withheld.includes(row.endpoint),
    )
    .flatMap((row) => known(row, cutOff))
    .filter((row) => row.endpoint > after[0] || (row.endpoint === after[0] && row.subject > after[1]))
    .sort((a, b) =>
      a.endpoint === b.endpoint ? (a.subject < b.subject ? -1 : 1) : a.endpoint < b.endpoint ? -1 : 1,
    )
    .slice(0, limit);
}

function known(row: OutcomeRow, cutOff: string | undefined): OutcomeRow[] {
  const counted = cutOff === undefined ? row : atCutOff(row, cutOff);
  return counted ? [counted] : [];
}
