import type { Pool } from 'pg';
import { authorise } from '#access';
import { type CasebookFacts, today } from './casebook-facts.service.js';
import { type CasebookCommand, casebooks, onCasebook, subjectStream } from './casebook-stream.js';
import { type ConsequenceFacts, following } from './consequences.js';
import {
  type AllocateArm,
  type AllocationFacts,
  allocateArm,
  type EnrolmentFacts,
  type EnrolSubject,
  enrolSubject,
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
    stream: async ({ site }, { log }) => subjectStream(await nextSubject(facts.pool, log, site)),
    authorise: ({ caller, log }, { site }) => authorise(caller, 'EnrolSubject', log, site),
    facts: async ({ log, now }, { site }) => ({
      today: today(now),
      subject: await nextSubject(facts.pool, log, site),
      siteIsOpen: await isOpen(facts.pool, log, site),
      definition: (await facts.studies.current(log)).version,
    }),
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

  const WithdrawSubject: CasebookCommand<WithdrawSubject, ConsequenceFacts> = {
    ...onCasebook('WithdrawSubject'),
    facts: (context, _, casebook) => facts.of('WithdrawSubject', context, casebook),
    prepare: (command) => command,
    decide: following(withdrawSubject),
  };

  const ReinstateSubject: CasebookCommand<ReinstateSubject, ConsequenceFacts> = {
    ...onCasebook('ReinstateSubject'),
    facts: (context, _, casebook) => facts.of('ReinstateSubject', context, casebook),
    prepare: (command) => command,
    decide: following(reinstateSubject),
  };

  return { EnrolSubject, AllocateArm, WithdrawSubject, ReinstateSubject };
}

async function nextSubject(pool: Pool, study: string, site: string): Promise<string> {
  const { rows } = await pool.query<{ number: number }>(
    'SELECT coalesce(max(number), 0) + 1 AS number FROM subject WHERE study = $1 AND series = $2',
    [study, site],
  );
  return `${site}-${String(rows[0]!.number).padStart(4, '0')}`;
}

async function isOpen(pool: Pool, study: string, site: string): Promise<boolean> {
  const { rows } = await pool.query<{ open: boolean }>(
    'SELECT open FROM site WHERE study = $1 AND site = $2',
    [study, site],
  );
  return rows[0]?.open ?? false;
}
