import type { StudyLocks } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { type ConsequenceFacts, consequencesOfDay } from '../consequences.js';
import { locksOver } from '../lock/lock-guard.js';

export interface RunDailyChecks {
  readonly subject: string;
}

export interface DailyFacts extends ConsequenceFacts {
  readonly locks: StudyLocks;
}

/** Queries that a day raises or closes by having come. Of locked data nothing is asked. */
export function runDailyChecks(_: RunDailyChecks, casebook: Casebook, facts: DailyFacts): CasebookEvent[] {
  if (locksOver(casebook, facts.locks, {}).some(({ locked }) => locked)) return [];
  return consequencesOfDay(casebook, facts);
}
