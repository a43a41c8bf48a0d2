import type { Pool } from 'pg';
import { authorise, type Caller, type Permission } from '#access';
import { type Context, Overtaken } from '#commands';
import { type CasebookFacts, today } from '../casebook-facts.service.js';
import { type CasebookCommand, casebooks, onCasebook, SUBJECTS, subjectStream } from '../casebook-stream.js';
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
      const [siteIsOpen, { version }] = await Promise.all([
        isOpen(facts.pool, log, site),
        facts.studies.current(log),
      ]);
      return {
        ...{ today: today(now), subject: stream.slice(SUBJECTS.length) },
        ...{ siteIsOpen, definition: version },
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

/** The next number of the site: after those that commands before this one gave in the same act, where they did. */
async function nextSubject(
  pool: Pool,
  { log, begun = new Set() }: Pick<Context<Caller>, 'log' | 'begun'>,
  site: string,
): Promise<string> {
  const series = subjectStream(`${site}-`);
  let last = 0;
  for (const stream of begun)
    if (stream.startsWith(series)) last = Math.max(last, Number(stream.slice(series.length)));
  if (last === 0) {
    const { rows } = await pool.query<{ last: number }>(
      'SELECT coalesce(max(number), 0) AS last FROM subject WHERE study = $1 AND series = $2',
      [log, site],
    );
    last = rows[0]!.last;
  }
  return `${site}-${String(last + 1).padStart(4, '0')}`;
}

async function isOpen(pool: Pool, study: string, site: string): Promise<boolean> {
  const { rows } = await pool.query<{ open: boolean }>(
    'SELECT open FROM site WHERE study = $1 AND site = $2',
    [study, site],
  );
  return rows[0]?.open ?? false;
}
