import { earliest } from '#values';
import type { Leaving } from './subject-state.js';

/** The days on which a visit is on time, YYYY-MM-DD, and the one it is planned for. */
export interface Window {
  readonly earliest: string;
  readonly target: string;
  readonly latest: string;
}

/**
 * How a planned visit stands: something is entered; it is not due yet, due now, or overdue; it is overdue and a
 * later visit took place, so it was missed; or the subject left the study before its window passed.
 */
export type VisitState = 'entered' | 'expected' | 'due' | 'overdue' | 'missed' | 'closed';

export interface PlannedVisit {
  /** Absent where the visit has no planned day, or what it counts from has not happened. */
  readonly window: Window | null;
  /** Whether the plan gives it a day: without one it may be what is entered after a death. */
  readonly hasDay: boolean;
  readonly isEntered: boolean;
  /** Whether a visit that the plan has later is entered. */
  readonly isFollowed: boolean;
}

export function visitState(
  { window, hasDay, isEntered, isFollowed }: PlannedVisit,
  casebook: Omit<Leaving, 'withdrawn'>,
  today: string,
): VisitState {
  if (isEntered) return 'entered';
  const end = endOf(casebook);
  if (hasDay && end !== undefined && (!window || end <= window.latest)) return 'closed';
  if (!window || today < window.earliest) return 'expected';
  if (today <= window.latest) return 'due';
  return isFollowed ? 'missed' : 'overdue';
}

/** Of an incomplete date of death, the first day that it can mean: nobody is asked for what may be after it. */
function endOf({
  died,
  withdrawnOn,
  screenFailedOn,
  completedOn,
}: Omit<Leaving, 'withdrawn'>): string | undefined {
  const ends = [died && earliest(died), withdrawnOn, screenFailedOn, completedOn].filter(
    (day) => day !== undefined,
  );
  return ends.sort()[0];
}
