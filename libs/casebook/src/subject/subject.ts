import { Problem } from '#problem';
import { isCompleteDate } from '#values';
import type { Casebook, CasebookEvent } from '../casebook.js';
import type { Reason } from '../held.js';
import { lastWithdrawnOn, type SubjectStatus, type WithdrawalScope, widens } from './subject-state.js';

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
  if (casebook.screenFailedOn) throw new Problem('conflict', ended['screen-failed']);
  if (casebook.completedOn) throw new Problem('conflict', ended.completed);
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

export interface FailScreening {
  readonly subject: string;
  readonly date: string;
  readonly reason: Reason;
}

/** Whoever has an arm is analysed in it: their screening did not fail. */
export function failScreening(
  { date, reason }: FailScreening,
  casebook: Casebook,
  facts: { today: string },
): CasebookEvent[] {
  refuseEnded(casebook);
  if (casebook.arm) throw new Problem('conflict', 'The subject has an arm; its screening did not fail.');
  refuseFuture(date, '/date', facts.today);
  return [{ type: 'ScreeningFailed', data: { date, reason } }];
}

export interface WithdrawSubject {
  readonly subject: string;
  readonly date: string;
  readonly reason: Reason;
  /** What ends; `data` unless said. */
  readonly scope?: WithdrawalScope;
}

/** Whoever has withdrawn may withdraw from more. */
export function withdrawSubject(
  { date, reason, scope }: WithdrawSubject,
  casebook: Casebook,
  facts: { today: string },
): CasebookEvent[] {
  const before = lastWithdrawnOn(casebook);
  if (casebook.status !== 'withdrawn' || !widens(scope ?? 'data', casebook)) refuseEnded(casebook);
  refuseFuture(date, '/date', facts.today);
  if (before !== undefined && date < before)
    throw invalid('/date', 'before-withdrawal', `The subject withdrew on ${before}, after that day.`);
  return [{ type: 'SubjectWithdrawn', data: { date, reason, ...(scope && { scope }) } }];
}

export interface CompleteSubject {
  readonly subject: string;
  readonly date: string;
}

export function completeSubject(
  { date }: CompleteSubject,
  casebook: Casebook,
  facts: { today: string },
): CasebookEvent[] {
  refuseEnded(casebook);
  refuseFuture(date, '/date', facts.today);
  return [{ type: 'SubjectCompleted', data: { date } }];
}

export interface ReinstateSubject {
  readonly subject: string;
  readonly reason: Reason;
  /** Day on which the subject consented anew. */
  readonly consentDate?: string;
}

/**
 * Takes back a withdrawal, a completion or a failed screening, also of a subject who has died since. Whom nobody
 * may contact any more does not come back but by a consent of their own.
 */
export function reinstateSubject(
  { reason, consentDate }: ReinstateSubject,
  casebook: Casebook,
  { today }: { today: string },
): CasebookEvent[] {
  const { withdrawn, withdrawalScope, screenFailedOn, completedOn } = casebook;
  const withdrawnOn = lastWithdrawnOn(casebook) ?? '';
  if (!withdrawn && !screenFailedOn && !completedOn)
    throw new Problem('conflict', 'The subject has not left the study.');
  const pointer = '/consentDate';
  if (consentDate === undefined) {
    if (withdrawalScope === 'all')
      throw invalid(pointer, 'consent-required', 'After a withdrawal from all, the subject consents anew.');
    return [{ type: 'SubjectReinstated', data: { reason } }];
  }
  refuseFuture(consentDate, pointer, today);
  if (consentDate < withdrawnOn)
    throw invalid(pointer, 'before-withdrawal', `Consent was withdrawn on ${withdrawnOn}, after that day.`);
  return [{ type: 'SubjectReinstated', data: { reason, consentDate } }];
}

const ended: Readonly<Record<Exclude<SubjectStatus, 'absent' | 'enrolled'>, string>> = {
  'screen-failed': 'The screening of the subject failed.',
  withdrawn: 'The subject has withdrawn.',
  completed: 'The subject has completed the study.',
  dead: 'The subject has died.',
};

/** A way through the study ends once, until it is taken back. */
function refuseEnded({ status }: Casebook): void {
  if (status !== 'enrolled' && status !== 'absent') throw new Problem('conflict', ended[status]);
}

export function refuseFuture(date: string, pointer: string, today: string): void {
  if (!isCompleteDate(date)) throw invalid(pointer, 'wrong-type', 'A calendar date, YYYY-MM-DD.');
  if (date > today) throw invalid(pointer, 'future-date', `${date} lies in the future.`);
}

export function invalid(pointer: string, code: string, message: string): Problem {
  return new Problem('invalid-value', message, { errors: [{ pointer, code, message }] });
}
