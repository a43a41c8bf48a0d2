import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import type { Role } from './roles.js';
import type { Sites } from './scope.js';

/** An account of one person, and what it may do. */
export interface User {
  /** Empty before the account exists. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
  readonly grants: Readonly<Record<string, UserGrant>>;
}

export interface UserGrant {
  readonly grant: string;
  /** A study’s OID, or `*`. */
  readonly study: string;
  readonly role: Role;
  readonly sites: Sites;
  readonly unblinded: boolean;
}

export type UserEvent =
  | NewEvent<'UserCreated', { user: string; email: string; name: string }>
  | NewEvent<'PasswordChanged', { user: string }>
  | NewEvent<'UserDeactivated', { user: string; reason: string }>
  | NewEvent<'GrantGiven', UserGrant & { user: string }>
  | NewEvent<'GrantWithdrawn', { user: string; grant: string; reason: string }>;

export const nobody: User = { id: '', email: '', name: '', active: false, grants: {} };

export function evolveUser(user: User, event: UserEvent): User {
  switch (event.type) {
    case 'UserCreated':
      return { ...user, id: event.data.user, email: event.data.email, name: event.data.name, active: true };
    case 'PasswordChanged':
      return user;
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

/** The password itself is no part of the record: only that, by whom and when it was changed. */
export function changePassword(user: User): UserEvent[] {
  refuseAbsent(user);
  return [{ type: 'PasswordChanged', data: { user: user.id } }];
}

export function deactivateUser({ reason }: { reason: string }, user: User): UserEvent[] {
  refuseAbsent(user);
  if (!user.active) throw new Problem('conflict', 'The account is deactivated already.');
  return [{ type: 'UserDeactivated', data: { user: user.id, reason } }];
}

export interface GiveGrant extends UserGrant {
  readonly user: string;
}

const atSites: readonly Role[] = ['investigator', 'coordinator', 'monitor'];

/** Only those who work at sites are limited to some; only a statistician is blinded and so can be unblinded. */
export function giveGrant(command: GiveGrant, user: User): UserEvent[] {
  refuseAbsent(user);
  const { study, role, sites, unblinded } = command;
  if (role === 'administrator' && study !== '*')
    throw invalid('/role', 'An administrator is one of all studies: grant it on the study *.');
  if (sites !== 'all' && !atSites.includes(role))
    throw invalid('/sites', `A grant of the role ${role} is for all sites.`);
  if (sites === 'all' && (role === 'investigator' || role === 'coordinator')) {
    throw invalid('/sites', `A grant of the role ${role} names its sites.`);
  }
  if (unblinded && role !== 'statistician')
    throw invalid('/unblinded', 'Only a statistician can be unblinded.');
  return [{ type: 'GrantGiven', data: command }];
}

export interface WithdrawGrant {
  readonly study: string;
  readonly grant: string;
  readonly reason: string;
}

export function withdrawGrant({ study, grant, reason }: WithdrawGrant, user: User): UserEvent[] {
  if (user.grants[grant]?.study !== study) throw new Problem('not-found', 'There is no such grant.');
  return [{ type: 'GrantWithdrawn', data: { user: user.id, grant, reason } }];
}

function refuseAbsent(user: User): void {
  if (!user.id) throw new Problem('not-found', 'There is no such user.');
}

function invalid(pointer: string, message: string): Problem {
  return new Problem('invalid-value', message, { errors: [{ pointer, code: 'not-applicable', message }] });
}

function unknownEvent(event: never): never {
  throw new Error(`a user knows no event ${JSON.stringify(event)}`);
}
