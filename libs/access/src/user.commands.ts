import type { Pool } from 'pg';
import type { Aggregate, CommandType, Context } from '#commands';
import type { RecordedEvent } from '#event-store';
import type { Permission } from './roles.js';
import { authorise, type Caller } from './scope.js';
import {
  type CreateUser,
  changePassword,
  createUser,
  deactivateUser,
  evolveUser,
  type GiveGrant,
  giveGrant,
  nobody,
  type User,
  type UserEvent,
  type WithdrawGrant,
  withdrawGrant,
} from './user.js';
import { projectUser } from './user.projection.js';

/** The installation's own log: no study can have this name, for an OID begins with a letter. */
export const INSTALLATION_LOG = '.installation';

export const users: Aggregate<User> = {
  initial: nobody,
  evolve: (user, event) => evolveUser(user, event as UserEvent & RecordedEvent),
  project: projectUser,
};

type UserCommand<Command, Facts = undefined> = CommandType<Command & { user: string }, User, Facts, Caller>;

/** Commands on accounts, all of them in the installation's log. */
export function userCommands(pool: Pool) {
  const CreateUser: UserCommand<CreateUser, boolean> = {
    ...onUser('CreateUser'),
    facts: (_, { email }) => isTaken(pool, email),
    prepare: (command) => command,
    decide: createUser,
  };
  const ChangePassword: UserCommand<object> = {
    ...onUser('ChangePassword'),
    facts: () => undefined,
    prepare: (command) => command,
    decide: (_, user) => changePassword(user),
  };
  const DeactivateUser: UserCommand<{ reason: string }> = {
    ...onUser('DeactivateUser'),
    facts: () => undefined,
    prepare: (command) => command,
    decide: deactivateUser,
  };
  const GiveGrant: UserCommand<GiveGrant> = {
    ...onUser('GiveGrant'),
    authorise: ({ caller }, { study }) => authorise(caller, 'GiveGrant', study),
    facts: () => undefined,
    prepare: (command) => command,
    decide: giveGrant,
  };
  const WithdrawGrant: UserCommand<WithdrawGrant> = {
    ...onUser('WithdrawGrant'),
    authorise: ({ caller }, { study }) => authorise(caller, 'WithdrawGrant', study),
    facts: () => undefined,
    prepare: (command) => command,
    decide: withdrawGrant,
  };
  return { CreateUser, ChangePassword, DeactivateUser, GiveGrant, WithdrawGrant };
}

export type UserCommands = ReturnType<typeof userCommands>;

/** DI token of the `UserCommands`. */
export const USER_COMMANDS = Symbol('UserCommands');

function onUser(type: Permission) {
  return {
    type,
    aggregate: users,
    stream: ({ user }: { user: string }) => `user/${user}`,
    authorise: ({ caller }: Context<Caller>) => authorise(caller, type, '*'),
  };
}

async function isTaken(pool: Pool, email: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM app_user WHERE lower(email) = lower($1)', [email]);
  return rowCount !== 0;
}
