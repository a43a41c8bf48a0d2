import type { Pool } from 'pg';
import type { Sites } from '#access';
import { type Reached, rowsAsOf, type Slice } from '../lists.projection.js';
import { lastDepartures } from '../transfer/transfer.projection.js';
import { type QueryRow, queryRows } from './query.projection.js';
import { statusOwnedBy } from './query-due.js';
import { fitsFilter, type QueryClock, type QueryFilter } from './query-filter.js';
import type { Veil } from './query-veil.js';

export type QueryPlaceInList = readonly [subject: string, number: number];

/** Whose queries of a study, looked at when, and what is kept from whoever looks. */
export interface QueryScope extends QueryClock {
  readonly study: string;
  readonly sites: Sites;
  readonly veils: readonly Veil[];
}

/** Queries by subject key and number. */
export async function listQueries(
  pool: Pool,
  scope: QueryScope,
  filter: QueryFilter,
  { after, limit }: Pick<Slice<QueryPlaceInList>, 'after' | 'limit'>,
): Promise<Reached<QueryRow>[]> {
  const values: unknown[] = [...(after ?? ['', 0]), limit];
  const page = 'AND (subject, number) > ($1, $2::int) ORDER BY subject, number LIMIT $3';
  const halves = queriesOf(scope, filter, values, page);
  const text = `SELECT * FROM (${halves}) AS query ORDER BY subject, number LIMIT $3`;
  const { rows } = await pool.query<Reached<QueryRow>>(text, values);
  return rows;
}

/** How many open or answered queries the caller may see, by subject. */
export async function countStanding(
  pool: Pool,
  scope: QueryScope,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const values: unknown[] = [subjects];
  const standing = "AND subject = ANY($1) AND status IN ('open', 'answered')";
  const { rows } = await pool.query<{ subject: string; count: number }>(
    `SELECT subject, count(*)::int AS count FROM (${queriesOf(scope, {}, values, standing)}) AS query GROUP BY subject`,
    values,
  );
  return new Map(rows.map(({ subject, count }) => [subject, count]));
}

/** The rows that fit, as they were after a position. */
export async function queriesAsOf(
  pool: Pool,
  scope: Omit<QueryScope, 'veils'>,
  filter: QueryFilter,
  position: number,
  shows: (row: QueryRow) => boolean,
): Promise<Reached<QueryRow>[]> {
  const rows = await rowsAsOf<QueryRow>(pool, scope, position, queryRows);
  return rows.filter((row) => fitsFilter(row, filter, clockFor(row, scope)) && shows(row));
}

/** How a row is looked at: where the subject left, as of then, and nobody is waited for any more. */
export function clockFor(
  { departed }: Pick<Reached<QueryRow>, 'departed'>,
  { at, times }: QueryClock,
): QueryClock {
  return departed === null ? { at, times } : { at: new Date(departed).toISOString(), times: {} };
}

/**
 * In SQL the queries that fit: of the subjects that are at the sites, and of those that left, as they then were.
 *
 * @param values of the parameters, which are added to
 * @param more what else is asked of either half, so that an index serves each
 */
export function queriesOf(scope: QueryScope, filter: QueryFilter, values: unknown[], more = ''): string {
  const here = `(SELECT query.*, NULL::timestamptz AS departed FROM query
    WHERE ${conditionsOf(scope, filter, values).text} ${more})`;
  if (scope.sites === 'all') return here;
  const then = conditionsOf({ ...scope, times: {} }, filter, values, 'departed').text;
  const left = lastDepartures(`$${values.push(scope.study)}`, `$${values.push(scope.sites)}`);
  return `${here} UNION ALL (SELECT query.* FROM (
      SELECT q.*, d.departed FROM ${left} AS d, json_populate_recordset(NULL::query, d.queries) AS q) AS query
    WHERE ${then} ${more})`;
}

/**
 * What a row must be, in SQL, with the values of its parameters.
 *
 * @param values of parameters before, which are added to
 * @param now in SQL the instant at which it is looked at, where that is another one than the scope’s
 */
export function conditionsOf(
  { study, sites, veils, at, times }: QueryScope,
  filter: QueryFilter,
  values: unknown[] = [],
  now?: string,
): { text: string; values: unknown[] } {
  const given = (value: unknown, condition: (parameter: string) => string) =>
    value === undefined ? [] : [condition(`$${values.push(value)}`)];
  const [only, ...more] = sites === 'all' ? [] : sites;
  const conditions = [
    ...given(study, (p) => `study = ${p}`),
    ...(sites === 'all'
      ? []
      : more.length === 0
        ? given(only ?? '', (p) => `site = ${p}`)
        : given(sites, (p) => `site = ANY(${p})`)),
    ...given(filter.site, (p) => `site = ${p}`),
    ...given(filter.status, (p) => `status = ${p}`),
    ...given(filter.owner && statusOwnedBy[filter.owner], (p) => `status = ${p}`),
    ...given(filter.subject, (p) => `subject = ${p}`),
    ...given(filter.visit, (p) => `visit = ${p}`),
    ...given(filter.form, (p) => `form = ${p}`),
    ...given(filter.item, (p) => `${p} = ANY(items)`),
    ...given(filter.check, (p) => `"check" = ${p}`),
    ...given(filter.origin, (p) => `("check" IS NULL) = (${p} = 'person')`),
    ...given(filter.age, (p) => `raised <= ${instant()} - make_interval(days => ${p}::int)`),
    // As follows from being overdue: so that an index serves it.
    ...(filter.overdue ? ["status IN ('open', 'answered')"] : []),
    ...given(filter.overdue, (p) => `(${overdue()}) = ${p}::boolean`),
    ...given(veils.length > 0 ? JSON.stringify(veils) : undefined, seen),
  ];
  return { text: conditions.join(' AND '), values };

  function instant(): string {
    return now ?? `$${values.push(at)}::timestamptz`;
  }

  /** As `dueOf`: the day, in UTC, after the last one on which its owner is in time. */
  function overdue(): string {
    const days = (value: number | undefined) => `$${values.push(value ?? null)}::int`;
    const allowed = `CASE status WHEN 'open' THEN ${days(times.answerWithinDays)} WHEN 'answered' THEN ${days(times.closeWithinDays)} END`;
    return `coalesce((changed AT TIME ZONE 'UTC')::date + ${allowed} < (${instant()} AT TIME ZONE 'UTC')::date, false)`;
  }
}

/** As `showsQuery`: a query tells of the items that it names, or else of its form, or of its visit. */
const seen = (veils: string) => `NOT EXISTS (
  SELECT FROM json_to_recordset(${veils}) AS veil(sites text[], others text[], items text[], forms text[], visits text[])
  WHERE (query.site = ANY(veil.sites) OR query.site <> ALL(veil.others))
    AND CASE WHEN query.items <> '{}' THEN query.items && veil.items
      WHEN query.form IS NOT NULL THEN split_part(query.form, '~', 1) = ANY(veil.forms)
      ELSE split_part(query.visit, '~', 1) = ANY(veil.visits) END)`;

/** The names of those who wrote. */
export async function namesOf(pool: Pool, ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT id::text, name FROM app_user WHERE id::text = ANY($1)',
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
