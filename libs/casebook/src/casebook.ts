import type { NewEvent } from '#event-store';
import {
  type Adjudication,
  type AdjudicationEvent,
  foldAdjudication,
} from './adjudication/adjudication-state.js';
import { type FormEvent, type Forms, foldForm } from './form/form-state.js';
import type { Reason } from './held.js';
import { foldLock, type LockEvent, type Locks } from './lock/lock-state.js';
import { foldQuery, type Queries, type QueryEvent } from './query/query-state.js';
import { foldSignature, type SignatureEvent, type Signatures } from './signature/signature-state.js';
import type { Stamped } from './stamped.js';
import { type Leaving, type SubjectStatus, statusOf, type WithdrawalScope } from './subject/subject-state.js';
import { foldVerification, type VerificationEvent } from './verification/verification-state.js';

/** Everything that can happen to a subject's casebook, as a monitor would tell it. */
export type CasebookEvent =
  | SubjectEvent
  | FormEvent
  | QueryEvent
  | SignatureEvent
  | VerificationEvent
  | AdjudicationEvent
  | LockEvent;

export type SubjectEvent =
  | NewEvent<'SubjectEnrolled', { site: string; subject: string; consentDate: string; definition: number }>
  | NewEvent<'DefinitionAdopted', { definition: number }>
  | NewEvent<'ArmAllocated', { arm: string; date: string }>
  | NewEvent<'ArmCrossedOver', { from: string; to: string; date: string; reason: Reason }>
  | NewEvent<'ScreeningFailed', { date: string; reason: Reason }>
  | NewEvent<'SubjectWithdrawn', { date: string; reason: Reason; scope?: WithdrawalScope }>
  | NewEvent<'SubjectCompleted', { date: string }>
  | NewEvent<'SubjectReinstated', { reason: Reason; consentDate?: string }>
  | NewEvent<'SubjectTransferred', { from: string; to: string; date: string; reason: Reason }>
  | NewEvent<'IdentityErased', { reason: Reason }>
  | NewEvent<'SubjectDied', { date: string }>
  | NewEvent<'DeathRetracted', Record<string, never>>;

export interface Casebook extends Leaving {
  /** Empty before enrolment. */
  readonly subject: string;
  readonly site: string;
  readonly status: SubjectStatus;
  /** Version of the study's definition that the casebook follows. */
  readonly definition: number;
  readonly consentDate: string;
  readonly enrolledAt: string;
  /** As first allocated: the arm in which the subject is analysed, whatever came later. */
  readonly arm?: { readonly code: string; readonly date: string };
  readonly crossovers: readonly { readonly to: string; readonly date: string }[];
  /** Sites that the subject was transferred from, in order. */
  readonly left: readonly Departure[];
  /** When the key of what identifies the subject was given up. */
  readonly erasedAt?: string;
  /** Once a recorded death was taken back. */
  readonly deathRetracted?: true;
  /** While the death that is recorded has an opinion of the endpoint committee. */
  readonly adjudication?: Adjudication;
  readonly revision: number;
  readonly forms: Forms;
  readonly queries: Queries;
  readonly signatures: Signatures;
  readonly locks: Locks;
}

/** A casebook as it was when its subject was transferred to another site. */
export interface Departure {
  readonly casebook: Casebook;
  readonly to: string;
  readonly date: string;
  /** When the transfer was recorded: from then on, nothing is news to the site. */
  readonly at: string;
  /** Of the transfer, the last event that the site knows of. */
  readonly revision: number;
}

export const emptyCasebook: Casebook = {
  subject: '',
  site: '',
  status: 'absent',
  definition: 0,
  consentDate: '',
  enrolledAt: '',
  crossovers: [],
  withdrawn: false,
  left: [],
  revision: -1,
  forms: {},
  queries: {},
  signatures: {},
  locks: {},
};

export function evolve(casebook: Casebook, event: Stamped<CasebookEvent>): Casebook {
  const after = apply(casebook, event);
  return { ...after, status: statusOf(after), revision: event.revision };
}

function apply(casebook: Casebook, event: Stamped<CasebookEvent>): Casebook {
  switch (event.type) {
    case 'SubjectEnrolled':
      return { ...casebook, ...event.data, enrolledAt: event.recordedAt };
    case 'DefinitionAdopted':
      return { ...casebook, definition: event.data.definition };
    case 'ArmAllocated':
      return { ...casebook, arm: { code: event.data.arm, date: event.data.date } };
    case 'ArmCrossedOver': {
      const { to, date } = event.data;
      return { ...casebook, crossovers: [...casebook.crossovers, { to, date }] };
    }
    case 'SubjectWithdrawn':
      return withdrawnFrom(casebook, event.data);
    case 'ScreeningFailed':
      return { ...casebook, screenFailedOn: event.data.date };
    case 'SubjectCompleted':
      return { ...casebook, completedOn: event.data.date };
    case 'SubjectReinstated':
      return stillIn(casebook);
    case 'SubjectTransferred': {
      const { to, date } = event.data;
      const departure = { casebook, to, date, at: event.recordedAt, revision: event.revision };
      return { ...casebook, site: to, left: [...casebook.left, departure] };
    }
    case 'IdentityErased':
      return { ...casebook, erasedAt: event.recordedAt };
    case 'SubjectDied':
      return { ...casebook, died: event.data.date };
    case 'DeathRetracted': {
      const { died: _, ...alive } = casebook;
      return { ...alive, deathRetracted: true };
    }
    case 'ItemsEntered':
    case 'ItemsCorrected':
    case 'ItemsDerived':
    case 'ItemsAdjudicated':
    case 'FormCompleted':
    case 'FormReopened':
      return { ...casebook, forms: foldForm(casebook.forms, event, casebook.definition) };
    case 'ItemsVerified':
    case 'VerificationWithdrawn':
      return { ...casebook, forms: foldVerification(casebook.forms, event) };
    case 'OpinionRecorded':
    case 'EndpointAdjudicated':
    case 'AdjudicationReopened': {
      const { adjudication: before, ...rest } = casebook;
      const adjudication = foldAdjudication(before, event);
      return { ...rest, ...(adjudication && { adjudication }) };
    }
    case 'QueryRaised':
    case 'QueryAnswered':
    case 'QueryClosed':
    case 'QueryReopened':
    case 'QueryCancelled':
    case 'QueryCommented':
      return { ...casebook, queries: foldQuery(casebook.queries, event) };
    case 'SignatureGiven':
    case 'SignatureBroken':
      return { ...casebook, signatures: foldSignature(casebook.signatures, event) };
    case 'DataFrozen':
    case 'DataUnfrozen':
    case 'DataLocked':
    case 'DataUnlocked':
      return { ...casebook, locks: foldLock(casebook.locks, event) };
    default:
      return unknownEvent(event);
  }
}

function withdrawnFrom(
  casebook: Casebook,
  { date, scope = 'data' }: { date: string; scope?: WithdrawalScope },
): Casebook {
  if (casebook.withdrawn) return { ...casebook, withdrawalScope: scope, widenedOn: date };
  return { ...casebook, withdrawn: true, withdrawnOn: date, withdrawalScope: scope };
}

function stillIn(casebook: Casebook): Casebook {
  const {
    withdrawnOn: _,
    withdrawalScope: _scope,
    widenedOn: _widened,
    screenFailedOn: _failed,
    completedOn: _done,
    ...rest
  } = casebook;
  return { ...rest, withdrawn: false };
}

function unknownEvent(event: never): never {
  throw new Error(`a casebook knows no event ${JSON.stringify(event)}`);
}
