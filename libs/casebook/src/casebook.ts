import type { NewEvent } from '#event-store';
import { type FormEvent, type Forms, foldForm } from './form-state.js';
import type { Reason } from './held.js';
import { foldQuery, type Queries, type QueryEvent } from './query-state.js';
import type { Stamped } from './stamped.js';

/** Everything that can happen to a subject's casebook, as a monitor would tell it. */
export type CasebookEvent = SubjectEvent | FormEvent | QueryEvent;

export type SubjectEvent =
  | NewEvent<'SubjectEnrolled', { site: string; subject: string; consentDate: string; definition: number }>
  | NewEvent<'DefinitionAdopted', { definition: number }>
  | NewEvent<'ArmAllocated', { arm: string; date: string }>
  | NewEvent<'ArmCrossedOver', { from: string; to: string; date: string; reason: Reason }>
  | NewEvent<'SubjectWithdrawn', { date: string; reason: Reason }>
  | NewEvent<'SubjectReinstated', { reason: Reason }>
  | NewEvent<'SubjectDied', { date: string }>
  | NewEvent<'DeathRetracted', Record<string, never>>;

export interface Casebook {
  /** Empty before enrolment. */
  readonly subject: string;
  readonly site: string;
  readonly status: 'absent' | 'enrolled' | 'withdrawn' | 'dead';
  /** Version of the study's definition that the casebook follows. */
  readonly definition: number;
  readonly consentDate: string;
  readonly enrolledAt: string;
  /** As first allocated: the arm in which the subject is analysed, whatever came later. */
  readonly arm?: { readonly code: string; readonly date: string };
  readonly crossovers: readonly { readonly to: string; readonly date: string }[];
  readonly withdrawn: boolean;
  /** While the subject is withdrawn. */
  readonly withdrawnOn?: string;
  /** Date of death as recorded. */
  readonly died?: string;
  readonly revision: number;
  readonly forms: Forms;
  readonly queries: Queries;
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
  revision: -1,
  forms: {},
  queries: {},
};

export function evolve(casebook: Casebook, event: Stamped<CasebookEvent>): Casebook {
  const after = apply(casebook, event);
  const status = after.died ? 'dead' : after.withdrawn ? 'withdrawn' : 'enrolled';
  return { ...after, status, revision: event.revision };
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
      return { ...casebook, withdrawn: true, withdrawnOn: event.data.date };
    case 'SubjectReinstated': {
      const { withdrawnOn: _, ...rest } = casebook;
      return { ...rest, withdrawn: false };
    }
    case 'SubjectDied':
      return { ...casebook, died: event.data.date };
    case 'DeathRetracted': {
      const { died: _, ...alive } = casebook;
      return alive;
    }
    case 'ItemsEntered':
    case 'ItemsCorrected':
    case 'ItemsDerived':
    case 'FormCompleted':
    case 'FormReopened':
      return { ...casebook, forms: foldForm(casebook.forms, event, casebook.definition) };
    case 'QueryRaised':
    case 'QueryAnswered':
    case 'QueryClosed':
    case 'QueryReopened':
    case 'QueryCancelled':
      return { ...casebook, queries: foldQuery(casebook.queries, event) };
    default:
      return unknownEvent(event);
  }
}

function unknownEvent(event: never): never {
  throw new Error(`a casebook knows no event ${JSON.stringify(event)}`);
}
