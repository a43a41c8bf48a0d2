import type { Pool } from 'pg';
import { authorise, type Caller, type Permission } from '#access';
import { type Context, Overtaken } from '#commands';
import { type CasebookFacts, today } from '../casebook-facts.service.js';
import { type CasebookCommand, casebooks, onCasebook, subjectStream } from '../casebook-stream.js';
import { type ConsequenceFacts, following } from '../consequences.js';
import {
  type AllocateArm,
  type AllocationFacts,
  allocateArm,
  type CompleteSubject,
  completeSubject,
  type EnrolmentFacts,
  type EnrolSubject,
  enrolSubject,
  type FailScreening,
  failScreening,
  type ReinstateSubject,
  reinstateSubject,
  type WithdrawSubject,
  withdrawSubject,
} from './subject.js';

/** The commands on a subject's way through the study. */
export function subjectCommands(facts: CasebookFacts) {
  const EnrolSubject: CasebookCommand<EnrolSubject, EnrolmentFacts> = {
    type: 'EnrolSubject',
    aggregate: casebooks,
    // Numbers are given one at a time, and taken only by an enrolment that commits: they have no gap.
    lane: ({ site }) => `enrolment/${site}`,
    stream: async ({ site }, context) => subjectStream(await nextSubject(facts.pool, context, site)),
    authorise: ({ caller, log }, { site }) => authorise(caller, 'EnrolSubject', log, site),
    facts: async ({ stream, now, log }, { site }, casebook) => {
      // Somebody else was given the number meanwhile.
      if (casebook.status !== 'absent') throw new Overtaken();
      return {
        today: today(now),
        subject: stream.slice(subjectStream('').length),
        siteIsOpen: await isOpen(facts.pool, log, site),
        definition: (await facts.studies.current(log)).version,
      };
    },
    prepare: (command) => command,
    decide: enrolSubject,
  };

  const AllocateArm: CasebookCommand<AllocateArm, AllocationFacts & ConsequenceFacts> = {
    ...onCasebook('AllocateArm'),
    facts: async (context, _, casebook) => {
      const own = await facts.of('AllocateArm', context, casebook);
      return { ...own, arms: own.study.definition.arms.map((arm) => arm.code) };
    },
    prepare: (command) => command,
    decide: following(allocateArm),
  };

  const step = <Command extends { readonly subject: string }>(
    type: Permission,
    decide: CasebookCommand<Command, ConsequenceFacts>['decide'],
  ): CasebookCommand<Command, ConsequenceFacts> => ({
    ...onCasebook(type),
    facts: (context, _, casebook) => facts.of(type, context, casebook),
    prepare: (command) => command,
    decide,
  });

  return {
    EnrolSubject,
    AllocateArm,
    FailScreening: step<FailScreening>('FailScreening', following(failScreening)),
    WithdrawSubject: step<WithdrawSubject>('WithdrawSubject', following(withdrawSubject)),
    CompleteSubject: step<CompleteSubject>('CompleteSubject', following(completeSubject)),
    ReinstateSubject: step<ReinstateSubject>('ReinstateSubject', following(reinstateSubject)),
  };
}

/** The next number of the site, after those that commands before this one give in the same act. */
async function nextSubject(
  pool: Pool,
  { log, begun }: Pick<Context<Caller>, 'log' | 'begun'>,
  site: string,
): Promise<string> {
  const { rows } = await pool.query<{ number: number }>(
    'SELECT coalesce(max(number), 0) + 1 AS number FROM subject WHERE study = $1 AND series = $2',
    [log, site],
  );
  for (let number = rows[0]!.number; ; number++) {
    const subject = `${site}-${String(number).padStart(4, '0')}`;
    if (!begun?.has(subjectStream(subject))) return subject;
  }
}

async function isOpen(pool: Pool, study: string, site: string): Promise<boolean> {
  const { rows } = await pool.query<{ open: boolean }>(
    'SELECT open FROM site WHERE study = $1 AND site = $2',
    [study, site],
  );
  return rows[0]?.open ?? false;
}
