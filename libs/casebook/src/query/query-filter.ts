import type { QueryTimes } from '#study';
import type { QueryRow } from './query.projection.js';
import { type QueryOwner, standingOf } from './query-due.js';
import type { QueryStatus } from './query-state.js';

export const queryStatuses = ['open', 'answered', 'closed', 'cancelled'] as const satisfies QueryStatus[];
export const queryOwners = ['site', 'oversight'] as const satisfies QueryOwner[];
export const queryOrigins = ['person', 'check'] as const;

/** Which queries of a list; what is absent does not count. */
export interface QueryFilter {
  readonly status?: string | undefined;
  readonly site?: string | undefined;
  readonly subject?: string | undefined;
  /** With its repeat: `FU~3`. */
  readonly visit?: string | undefined;
  readonly form?: string | undefined;
  /** One of the items that the query is about. */
  readonly item?: string | undefined;
  readonly check?: string | undefined;
  readonly origin?: (typeof queryOrigins)[number] | undefined;
  readonly owner?: QueryOwner | undefined;
  readonly overdue?: boolean | undefined;
  /** Raised at least so many days ago. */
  readonly age?: number | undefined;
}

/** When queries are looked at, and how long each side then had. */
export interface QueryClock {
  /** Instant. */
  readonly at: string;
  readonly times: QueryTimes;
}

/** Whether a row is one of those that the database would find. */
export function fitsFilter(row: QueryRow, filter: QueryFilter, { at, times }: QueryClock): boolean {
  const { owner, ageDays, overdue } = standingOf(row.state, times, at);
  const is = <T>(wanted: T | undefined, value: T | null) => wanted === undefined || wanted === value;
  return (
    is(filter.status, row.status as string) &&
    is(filter.site, row.site) &&
    is(filter.subject, row.subject) &&
    is(filter.visit, row.visit) &&
    is(filter.form, row.form) &&
    is(filter.check, row.check) &&
    is(filter.origin, row.check === null ? 'person' : 'check') &&
    is(filter.owner, owner) &&
    is(filter.overdue, overdue) &&
    (filter.item === undefined || row.items.includes(filter.item)) &&
    (filter.age === undefined || ageDays >= filter.age)
  );
}
