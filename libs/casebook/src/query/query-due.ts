import type { QueryTimes } from '#study';
import { addDays } from '#values';
import { isOpen, type QueryState, type QueryStatus } from './query-state.js';

/** The side whose turn it is; null once a query is settled. */
export type QueryOwner = 'site' | 'oversight';

export function ownerOf(status: QueryStatus): QueryOwner | null {
  if (status === 'open') return 'site';
  return status === 'answered' ? 'oversight' : null;
}

/** The status of what a side has to do. */
export const statusOwnedBy = { site: 'open', oversight: 'answered' } as const satisfies Record<
  QueryOwner,
  QueryStatus
>;

type Standing = Pick<QueryState, 'status' | 'raisedAt' | 'changedAt'>;

/** The last day (YYYY-MM-DD, UTC) on which the owner is in time; null where nobody is waited for. */
export function dueOf({ status, changedAt }: Standing, times: QueryTimes): string | null {
  const owner = ownerOf(status);
  const days = owner && times[owner === 'site' ? 'answerWithinDays' : 'closeWithinDays'];
  return days === null || days === undefined ? null : addDays(changedAt.slice(0, 10), days);
}

/** How a query stands at an instant. Ages are whole days: since it was raised, and since its owner has it. */
export function standingOf(query: Standing, times: QueryTimes, at: string) {
  const due = dueOf(query, times);
  return {
    owner: ownerOf(query.status),
    ageDays: daysBetween(query.raisedAt, at),
    ownedDays: isOpen(query) ? daysBetween(query.changedAt, at) : null,
    due,
    overdue: due !== null && due < at.slice(0, 10),
  };
}

export function daysBetween(from: string, to: string): number {
  return Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
