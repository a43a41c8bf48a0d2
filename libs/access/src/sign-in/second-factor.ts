import { Problem } from '#problem';
import { refuseAbsent, type User, type UserEvent } from '../user/user.js';

/** A second factor counts from when a first code of it was shown. */
export function addSecondFactor({ factor }: { factor: string }, user: User, codeFits: boolean): UserEvent[] {
  refuseAbsent(user);
  if (user.factor !== null) throw new Problem('conflict', 'The account has a second factor already.');
  if (!codeFits) {
    const message = 'This is not the code of this moment.';
    throw new Problem('invalid-value', message, {
      errors: [{ pointer: '/code', code: 'wrong-code', message }],
    });
  }
  return [{ type: 'SecondFactorAdded', data: { user: user.id, factor } }];
}

export function removeSecondFactor({ reason }: { reason?: string }, user: User): UserEvent[] {
  if (user.factor === null) throw new Problem('not-found', 'The account has no second factor.');
  return [{ type: 'SecondFactorRemoved', data: { user: user.id, ...(reason !== undefined && { reason }) } }];
}
