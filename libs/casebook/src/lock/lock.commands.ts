import type { Permission } from '#access';
import type { Loaded } from '#commands';
import { type LockStep, STUDY_LOCKS, type Studies, type StudyLocks } from '#study';
import type { CasebookEvent } from '../casebook.js';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type ChangeLock, changeLock, type LockFacts } from './lock.js';
import { refuseLocked } from './lock-guard.js';

/** The commands that freeze and lock data of a casebook, and lift that. */
export function lockCommands({ studies }: CasebookFacts) {
  return {
    FreezeData: changing('FreezeData', 'DataFrozen', studies),
    UnfreezeData: changing('UnfreezeData', 'DataUnfrozen', studies),
    LockData: changing('LockData', 'DataLocked', studies),
    UnlockData: changing('UnlockData', 'DataUnlocked', studies),
  };
}

function changing(
  type: Permission,
  step: LockStep,
  studies: Studies,
): CasebookCommand<ChangeLock, LockFacts> {
  return {
    ...onCasebook(type),
    facts: async ({ log }, _, casebook) => {
      const lineage = await studies.lineage(log, casebook.definition);
      return { followed: lineage.followed, known: lineage.readAs() };
    },
    prepare: (command) => command,
    decide: (command, casebook, facts) => changeLock(step, command, casebook, facts),
  };
}

interface UnderLocks<Facts> {
  readonly own: Facts;
  readonly locks: Loaded<StudyLocks>;
}

type Guarded<Type> =
  Type extends CasebookCommand<infer Command, infer Facts, infer Prepared>
    ? CasebookCommand<Command, UnderLocks<Facts>, Prepared>
    : never;

/** Commands that are refused where what they decide is frozen or locked: no command has to see to it itself. */
export function underLocks<Commands extends Record<string, CasebookCommand<unknown, unknown, unknown>>>(
  commands: Commands,
  { studies }: CasebookFacts,
) {
  const guarded = Object.entries(commands).map(([name, command]) => [name, underLock(command, studies)]);
  return Object.fromEntries(guarded) as { [Name in keyof Commands]: Guarded<Commands[Name]> };
}

function underLock<Command, Facts, Prepared>(
  command: CasebookCommand<Command, Facts, Prepared>,
  studies: Studies,
): CasebookCommand<Command, UnderLocks<Facts>, Prepared> {
  return {
    ...command,
    facts: async (context, one, casebook) => ({
      own: await command.facts(context, one, casebook),
      locks: await (context.anew ? studies.currentLocks(context.log) : studies.locks(context.log)),
    }),
    // Whoever locks a site or the study locks what is decided meanwhile, whichever node decides it.
    reliesOn: ({ own, locks }) => [
      ...(command.reliesOn?.(own) ?? []),
      { stream: STUDY_LOCKS, revision: locks.revision },
    ],
    prepare: (one, casebook, { own }) => command.prepare(one, casebook, own),
    decide: (one, casebook, { own, locks }) => {
      const events = command.decide(one, casebook, own);
      refuseLocked(casebook, locks.state, events as CasebookEvent[]);
      return events;
    },
  };
}
