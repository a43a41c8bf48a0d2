import type { Pool } from 'pg';
import type { Sites } from '#access';
import { type QueryRow, queryRows } from '../casebook.projection.js';
import { isAt, rowsAsOf, type Slice } from './lists.projection.js';
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
): Promise<QueryRow[]> {
  const { text, values } = conditionsOf(scope, filter);
  const [subject, number] = after ?? ['', 0];
  const first = values.length + 1;
  const { rows } = await pool.query<QueryRow>(
    `SELECT * FROM query WHERE ${text} AND (subject, number) > ($${first}, $${first + 1}::int)
     ORDER BY subject, number LIMIT $${first + 2}`,
    [...values, subject, number, limit],
  );
  return rows;
}

/** How many open or answered queries the caller may see, by subject. */
export async function countStanding(
  pool: Pool,
  scope: QueryScope,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { text, values } = conditionsOf(scope, {});
  const { rows } = await pool.query<{ subject: string; count: number }>(
    `SELECT subject, count(*)::int AS count FROM query
     WHERE ${text} AND subject = ANY($${values.length + 1}) AND status IN ('open', 'answered') GROUP BY subject`,
    [...values, subjects],
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
): Promise<QueryRow[]> {
  const rows = await rowsAsOf<QueryRow>(pool, scope.study, position, queryRows);
  return rows.filter((row) => isAt(scope.sites, row.site) && fitsFilter(row, filter, scope) && shows(row));
}

/** What a row must be, in SQL, with the values of its parameters. */
export function conditionsOf(
  { study, sites, veils, at, times }: QueryScope,
  filter: QueryFilter,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
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
    ...given(filter.age, (p) => `raised <= ${instant(at)} - make_interval(days => ${p}::int)`),
    // As follows from being overdue: so that an index serves it.
    ...(filter.overdue ? ["status IN ('open', 'answered')"] : []),
    ...given(filter.overdue, (p) => `(${overdue()}) = ${p}::boolean`),
    ...given(veils.length > 0 ? JSON.stringify(veils) : undefined, seen),
  ];
  return { text: conditions.join(' AND '), values };

  function instant(value: string): string {
    return `$${values.push(value)}::timestamptz`;
  }

  /** As `dueOf`: the day, in UTC, after the last one on which its owner is in time. */
  function overdue(): string {
    const days = (value: number | undefined) => `$${values.push(value ?? null)}::int`;
    const allowed = `CASE status WHEN 'open' THEN ${days(times.answerWithinDays)} WHEN 'answered' THEN ${days(times.closeWithinDays)} END`;
    return `coalesce((changed AT TIME ZONE 'UTC')::date + ${allowed} < (${instant(at)} AT TIME ZONE 'UTC')::date, false)`;
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
