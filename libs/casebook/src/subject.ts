import { Problem } from '#problem';
import { isCompleteDate } from '#values';
import type { Casebook, CasebookEvent } from './casebook.js';
import type { Reason } from './held.js';

export interface EnrolSubject {
  readonly site: string;
  /** Day on which consent was given, or non-opposition established. */
  readonly consentDate: string;
}

export interface EnrolmentFacts {
  readonly today: string;
  readonly subject: string;
  readonly siteIsOpen: boolean;
  /** The study's current definition version. */
  readonly definition: number;
}

/** No casebook without consent: the date comes with the enrolment (21 CFR 11.10(f)). */
export function enrolSubject(
  command: EnrolSubject,
  casebook: Casebook,
  facts: EnrolmentFacts,
): CasebookEvent[] {
  const { site, consentDate } = command;
  if (casebook.status !== 'absent')
    throw new Problem('already-exists', `There is a subject ${facts.subject} already.`);
  if (!facts.siteIsOpen) throw new Problem('site-closed', `Site ${site} is not open for enrolment.`);
  refuseFuture(consentDate, '/consentDate', facts.today);
  return [
    {
      type: 'SubjectEnrolled',
      data: { site, subject: facts.subject, consentDate, definition: facts.definition },
    },
  ];
}

export interface AllocateArm {
  readonly subject: string;
  readonly arm: string;
  readonly date: string;
  readonly reason?: Reason;
}

export interface AllocationFacts {
  readonly today: string;
  readonly arms: readonly string[];
}

/** The first allocation stands for ever; a later one is a crossover, never an overwriting. */
export function allocateArm(
  command: AllocateArm,
  casebook: Casebook,
  facts: AllocationFacts,
): CasebookEvent[] {
  const { arm, date, reason } = command;
  if (!facts.arms.includes(arm))
    throw invalid('/arm', 'not-in-code-list', `The study's arms are ${facts.arms.join(', ')}.`);
  refuseFuture(date, '/date', facts.today);
  if (casebook.withdrawn) throw new Problem('subject-withdrawn', 'The subject has withdrawn.');
  if (!casebook.arm) return [{ type: 'ArmAllocated', data: { arm, date } }];
  const from = casebook.crossovers.at(-1)?.to ?? casebook.arm.code;
  if (from === arm) throw new Problem('conflict', `The subject is in arm ${arm} already.`);
  if (!reason) {
    throw new Problem('reason-required', 'A second allocation is a crossover and needs a reason.', {
      errors: [{ pointer: '/reason', code: 'reason-required', message: 'A crossover needs a reason.' }],
    });
  }
  return [{ type: 'ArmCrossedOver', data: { from, to: arm, date, reason } }];
}

export interface WithdrawSubject {
  readonly subject: string;
  readonly date: string;
  readonly reason: Reason;
}

export function withdrawSubject(
  { date, reason }: WithdrawSubject,
  casebook: Casebook,
  facts: { today: string },
): CasebookEvent[] {
  if (casebook.withdrawn) throw new Problem('conflict', 'The subject has withdrawn already.');
  if (casebook.died) throw new Problem('conflict', 'The subject has died.');
  refuseFuture(date, '/date', facts.today);
  return [{ type: 'SubjectWithdrawn', data: { date, reason } }];
}

export interface ReinstateSubject {
  readonly subject: string;
  readonly reason: Reason;
}

export function reinstateSubject({ reason }: ReinstateSubject, casebook: Casebook): CasebookEvent[] {
  if (!casebook.withdrawn) throw new Problem('conflict', 'The subject has not withdrawn.');
  return [{ type: 'SubjectReinstated', data: { reason } }];
}

function refuseFuture(date: string, pointer: string, today: string): void {
  if (!isCompleteDate(date)) throw invalid(pointer, 'wrong-type', 'A calendar date, YYYY-MM-DD.');
  if (date > today) throw invalid(pointer, 'future-date', `${date} lies in the future.`);
}

function invalid(pointer: string, code: string, message: string): Problem {
  return new Problem('invalid-value', message, { errors: [{ pointer, code, message }] });
}
