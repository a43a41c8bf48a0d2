/**
 * What ends with a withdrawal of consent. `visits`: the subject comes to no more visits, but data may still be
 * taken from records. `data`: no new data either. `all`: nor is the subject contacted any more. Each holds what
 * those before it do.
 */
export const withdrawalScopes = ['visits', 'data', 'all'] as const;
export type WithdrawalScope = (typeof withdrawalScopes)[number];

/** How a subject stands in the study; `absent` before enrolment. */
export const statuses = ['enrolled', 'screen-failed', 'withdrawn', 'completed', 'dead'] as const;
export type SubjectStatus = 'absent' | (typeof statuses)[number];

/** How a subject left the study, and on which day. */
export interface Leaving {
  readonly withdrawn: boolean;
  /** While the subject is withdrawn. */
  readonly withdrawnOn?: string;
  readonly withdrawalScope?: WithdrawalScope;
  /** When the scope became this one, where it was a narrower one at first. */
  readonly widenedOn?: string;
  /** While the screening counts as failed. */
  readonly screenFailedOn?: string;
  /** While the subject has completed the study. */
  readonly completedOn?: string;
  /** Date of death as recorded. */
  readonly died?: string;
}

/** Death is a fact of the record, and comes before whatever people said. */
export function statusOf({ died, withdrawn, screenFailedOn, completedOn }: Leaving): SubjectStatus {
  if (died) return 'dead';
  if (withdrawn) return 'withdrawn';
  if (screenFailedOn) return 'screen-failed';
  return completedOn ? 'completed' : 'enrolled';
}

/** The day of the last withdrawal, while the subject is withdrawn. */
export const lastWithdrawnOn = ({ withdrawnOn, widenedOn }: Leaving) => widenedOn ?? withdrawnOn;

/** Whether a withdrawal of that scope ends more than one that was recorded before. */
export const widens = (scope: WithdrawalScope, { withdrawalScope }: Leaving) =>
  withdrawalScope !== undefined &&
  withdrawalScopes.indexOf(scope) > withdrawalScopes.indexOf(withdrawalScope);

/** Whether consent does not reach as far as to new forms. */
export const takesNoNewData = ({ withdrawn, withdrawalScope }: Leaving) =>
  withdrawn && withdrawalScope !== 'visits';
