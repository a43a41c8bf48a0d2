import type { Pool } from 'pg';
import { authorise, type Caller, type Permission } from '#access';
import type { Aggregate, CommandType } from '#commands';
import { Problem } from '#problem';
import {
  type ChangeStudyLock,
  changeStudyLock,
  evolveStudyLocks,
  type LockStep,
  nothingLocked,
  type StudyLockEvent,
  type StudyLocks,
} from './lock.js';

/** The stream of a study's log that tells which of its data are frozen or locked. */
export const STUDY_LOCKS = 'locks';

export const studyLocks: Aggregate<StudyLocks> = {
  initial: nothingLocked,
  evolve: (locks, event) => evolveStudyLocks(locks, event as StudyLockEvent & typeof event),
};

/** Freezes and locks of a whole study or site. */
export function studyLockCommands(pool: Pool) {
  return {
    FreezeData: changing('FreezeData', 'DataFrozen', pool),
    UnfreezeData: changing('UnfreezeData', 'DataUnfrozen', pool),
    LockData: changing('LockData', 'DataLocked', pool),
    UnlockData: changing('UnlockData', 'DataUnlocked', pool),
  };
}

function changing(
  type: Permission,
  step: LockStep,
  pool: Pool,
): CommandType<ChangeStudyLock, StudyLocks, undefined, Caller> {
  return {
    type,
    aggregate: studyLocks,
    stream: () => STUDY_LOCKS,
    authorise: ({ caller, log }, { site }) => authorise(caller, type, log, site),
    facts: async ({ log }, { site }) => {
      const { rowCount } = await pool.query(
        'SELECT FROM study s WHERE study = $1 AND ($2::text IS NULL OR EXISTS (SELECT FROM site WHERE study = $1 AND site = $2))',
        [log, site],
      );
      if (rowCount === 0) throw new Problem('not-found', 'There is no such thing here.');
      return undefined;
    },
    prepare: (command) => command,
    decide: (command, locks) => changeStudyLock(step, command, locks),
  };
}
