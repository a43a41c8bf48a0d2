import type { Pool } from 'pg';
import type { Aggregate, CommandType, Context } from '#commands';
import type { Actor, RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import type { Permission } from '../roles.js';
import { authorise, type Caller } from '../scope.js';
import { addSecondFactor, removeSecondFactor } from '../sign-in/second-factor.js';
import type { SecondFactors } from '../sign-in/second-factor.table.js';
import { type GiveGrant, type GrantFacts, giveGrant, type WithdrawGrant, withdrawGrant } from './grant.js';
import {
  type CreateUser,
  changePassword,
  createServiceAccount,
  createUser,
  deactivateUser,
  evolveUser,
  nobody,
  rotateClientSecret,
  type User,
  type UserEvent,
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

/** What a retry must repeat though no event holds it: a keyed hash of the secret. */
interface Proof {
  readonly proof?: string;
}

/** Commands on accounts, all of them in the installation's log. */
export function userCommands(pool: Pool) {
  const CreateUser: UserCommand<CreateUser & Proof, boolean> = {
    ...onUser('CreateUser'),
    facts: (_, { email }) => isTaken(pool, email),
    prepare: (command) => command,
    decide: createUser,
  };
  const CreateServiceAccount: UserCommand<{ name: string }> = {
    ...onUser('CreateServiceAccount'),
    ...factless,
    decide: createServiceAccount,
  };
  const RotateClientSecret: UserCommand<object> = {
    ...onUser('RotateClientSecret'),
    ...factless,
    decide: (_, user) => rotateClientSecret(user),
  };
  const ChangePassword: UserCommand<Proof> = {
    ...onUser('ChangePassword'),
    ...factless,
    decide: (_, user) => changePassword(user),
  };
  const DeactivateUser: UserCommand<{ reason: string }, { by: string }> = {
    ...onUser('DeactivateUser'),
    facts: ({ caller }) => ({ by: caller.id }),
    prepare: (command) => command,
    decide: deactivateUser,
  };
  const RemoveSecondFactor: UserCommand<{ reason: string }> = {
    ...onUser('RemoveSecondFactor'),
    ...factless,
    decide: removeSecondFactor,
  };
  const GiveGrant: UserCommand<GiveGrant, GrantFacts> = {
    ...onUser('GiveGrant'),
    authorise: ({ caller }, { study }) => authorise(caller, 'GiveGrant', study),
    facts: ({ caller }, command) => grantFacts(pool, caller, command),
    prepare: (command) => command,
    decide: giveGrant,
  };
  const WithdrawGrant: UserCommand<WithdrawGrant> = {
    ...onUser('WithdrawGrant'),
    authorise: ({ caller }, { study }) => authorise(caller, 'WithdrawGrant', study),
    ...factless,
    decide: withdrawGrant,
  };
  return {
    CreateUser,
    CreateServiceAccount,
    RotateClientSecret,
    ChangePassword,
    DeactivateUser,
    RemoveSecondFactor,
    GiveGrant,
    WithdrawGrant,
  };
}

export type UserCommands = ReturnType<typeof userCommands>;

/** DI token of the `UserCommands`. */
export const USER_COMMANDS = Symbol('UserCommands');

const factless = { facts: () => undefined, prepare: <Command>(command: Command) => command };

function onUser(type: Permission) {
  return {
    type,
    aggregate: users,
    stream: streamOf,
    authorise: ({ caller }: Context<Caller>) => authorise(caller, type, '*'),
  };
}

/** What holders do with their own accounts; nobody has granted it, and nobody else may. */
export function ownCommands(factors: SecondFactors) {
  const AddSecondFactor: CommandType<
    { user: string; factor: string; code: string },
    User,
    boolean,
    Caller,
    { user: string; factor: string }
  > = {
    ...onOwn('AddSecondFactor'),
    facts: (_, { factor, code }) => factors.fits(factor, code),
    // A retry comes when the code is an old one.
    prepare: ({ user, factor }) => ({ user, factor }),
    decide: addSecondFactor,
  };
  const RemoveOwnSecondFactor: UserCommand<object> = {
    ...onOwn('RemoveOwnSecondFactor'),
    ...factless,
    decide: (_, user) => removeSecondFactor({}, user),
  };
  return { AddSecondFactor, RemoveOwnSecondFactor };
}

function onOwn(type: string) {
  return { type, aggregate: users, stream: streamOf, authorise: ownActor };
}

function ownActor({ caller }: Context<Caller>, { user }: { user: string }): Actor {
  if (caller.id !== user) throw new Problem('not-found', 'There is no such thing here.');
  return { user, role: 'account holder' };
}

function streamOf({ user }: { user: string }): string {
  return `user/${user}`;
}

async function isTaken(pool: Pool, email: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM app_user WHERE lower(email) = lower($1)', [email]);
  return rowCount !== 0;
}

/** The installation itself employs people before their sites are opened. */
async function grantFacts(pool: Pool, caller: Caller, { study, sites }: GiveGrant): Promise<GrantFacts> {
  if (caller.system) return { studyExists: true, unknownSites: [] };
  const { rows } = await pool.query<GrantFacts>(
    `SELECT $1 = '*' OR EXISTS (SELECT FROM study WHERE study = $1) AS "studyExists",
       ARRAY(SELECT named FROM unnest($2::text[]) AS named
             WHERE NOT EXISTS (SELECT FROM site WHERE site = named AND $1 IN ('*', study))) AS "unknownSites"`,
    [study, sites === 'all' ? [] : sites],
  );
  return rows[0]!;
}
