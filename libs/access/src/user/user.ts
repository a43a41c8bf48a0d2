import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import type { Grant } from '../scope.js';

/** An account of one person or one service, and what it may do. */
export interface User {
  /** Empty before the account exists. */
  readonly id: string;
  /** Null for a service account. */
  readonly email: string | null;
  readonly name: string;
  readonly active: boolean;
  /** The second factor that sign-in asks for. */
  readonly factor: string | null;
  readonly grants: Readonly<Record<string, UserGrant>>;
}

export interface UserGrant extends Grant {
  readonly grant: string;
}

export type UserEvent =
  | NewEvent<'UserCreated', { user: string; email: string; name: string }>
  | NewEvent<'ServiceAccountCreated', { user: string; name: string }>
  | NewEvent<'ClientSecretRotated', { user: string }>
  | NewEvent<'PasswordChanged', { user: string }>
  | NewEvent<'SecondFactorAdded', { user: string; factor: string }>
  | NewEvent<'SecondFactorRemoved', { user: string; reason?: string }>
  | NewEvent<'UserDeactivated', { user: string; reason: string }>
  | NewEvent<'GrantGiven', UserGrant & { user: string }>
  | NewEvent<'GrantWithdrawn', { user: string; grant: string; reason: string }>;

export const nobody: User = { id: '', email: null, name: '', active: false, factor: null, grants: {} };

export function evolveUser(user: User, event: UserEvent): User {
  switch (event.type) {
    case 'UserCreated':
      return { ...user, id: event.data.user, email: event.data.email, name: event.data.name, active: true };
    case 'ServiceAccountCreated':
      return { ...user, id: event.data.user, name: event.data.name, active: true };
    case 'PasswordChanged':
    case 'ClientSecretRotated':
      return user;
    case 'SecondFactorAdded':
      return { ...user, factor: event.data.factor };
    case 'SecondFactorRemoved':
      return { ...user, factor: null };
    case 'UserDeactivated':
      return { ...user, active: false };
    case 'GrantGiven': {
      const { user: _, ...grant } = event.data;
      return { ...user, grants: { ...user.grants, [grant.grant]: grant } };
    }
    case 'GrantWithdrawn': {
      const { [event.data.grant]: _, ...grants } = user.grants;
      return { ...user, grants };
    }
    default:
      return unknownEvent(event);
  }
}

export interface CreateUser {
  readonly user: string;
  readonly email: string;
  readonly name: string;
}

export function createUser(
  { user: id, email, name }: CreateUser,
  user: User,
  emailTaken: boolean,
): UserEvent[] {
  if (emailTaken || user.id) throw emailTakenProblem();
  return [{ type: 'UserCreated', data: { user: id, email, name } }];
}

export function emailTakenProblem(): Problem {
  return new Problem('already-exists', 'There is an account with this e-mail already.');
}

export function createServiceAccount(
  { user: id, name }: { user: string; name: string },
  user: User,
): UserEvent[] {
  if (user.id) throw new Problem('already-exists', 'There is such an account already.');
  return [{ type: 'ServiceAccountCreated', data: { user: id, name } }];
}

/** The secret itself is no part of the record: only that, by whom and when it was changed. */
export function rotateClientSecret(user: User): UserEvent[] {
  refuseAbsent(user);
  if (user.email !== null) throw new Problem('not-found', 'There is no such service account.');
  return [{ type: 'ClientSecretRotated', data: { user: user.id } }];
}

/** The password itself is no part of the record: only that, by whom and when it was changed. */
export function changePassword(user: User): UserEvent[] {
  refuseAbsent(user);
  if (user.email === null) throw new Problem('conflict', 'A service account has no password.');
  return [{ type: 'PasswordChanged', data: { user: user.id } }];
}

/** Nobody does it to themselves (`by`): the last administrator would leave nobody to let others in. */
export function deactivateUser(
  { reason }: { reason: string },
  user: User,
  { by }: { by: string },
): UserEvent[] {
  refuseAbsent(user);
  if (user.id === by)
    throw new Problem('conflict', 'Nobody deactivates their own account; another administrator does.');
  if (!user.active) throw new Problem('conflict', 'The account is deactivated already.');
  return [{ type: 'UserDeactivated', data: { user: user.id, reason } }];
}

/** @throws Problem not-found */
export function refuseAbsent(user: User): void {
  if (!user.id) throw new Problem('not-found', 'There is no such user.');
}

function unknownEvent(event: never): never {
  throw new Error(`a user knows no event ${JSON.stringify(event)}`);
}
