import type { QueryTimes } from '#study';
import { fits } from '../lists.projection.js';
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
  return (
    fits(filter.status, row.status as string) &&
    fits(filter.site, row.site) &&
    fits(filter.subject, row.subject) &&
    fits(filter.visit, row.visit) &&
    fits(filter.form, row.form) &&
    fits(filter.check, row.check) &&
    fits(filter.origin, row.check === null ? 'person' : 'check') &&
    fits(filter.owner, owner) &&
    fits(filter.overdue, overdue) &&
    (filter.item === undefined || row.items.includes(filter.item)) &&
    (filter.age === undefined || ageDays >= filter.age)
  );
}
