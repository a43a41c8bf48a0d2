import { describe, expect, it } from 'vitest';
import { given } from '#decider';
import type { Role } from '../roles.js';
import { type GiveGrant, type GrantFacts, giveGrant, withdrawGrant } from './grant.js';
import {
  changePassword,
  createUser,
  deactivateUser,
  evolveUser,
  nobody,
  type User,
  type UserEvent,
} from './user.js';

const created: UserEvent = {
  type: 'UserCreated',
  data: { user: 'u1', email: 'anna@centre.example', name: 'Anna' },
};
const deactivated: UserEvent = { type: 'UserDeactivated', data: { user: 'u1', reason: 'Left' } };
const command = (change: Partial<GiveGrant> = {}): GiveGrant => ({
  user: 'u1',
  grant: 'g1',
  study: 'SINET',
  role: 'investigator',
  sites: ['FR01'],
  unblinded: false,
  ...change,
});
/** The study and the sites that a grant names exist. */
const known: GrantFacts = { studyExists: true, unknownSites: [] };
const granted: UserEvent = { type: 'GrantGiven', data: command() };
const withdrawn: UserEvent = { type: 'GrantWithdrawn', data: { user: 'u1', grant: 'g1', reason: 'Moved' } };

const account = (...events: UserEvent[]) => given<User, UserEvent>(evolveUser, nobody, events);
const refused = (code: string, at?: string[]) => ({ refused: code, ...(at && { at }) });

describe('an account', () => {
  const anna = { user: 'u1', email: 'anna@centre.example', name: 'Anna' };

  it('is created once', () => {
    expect(account().when((user) => createUser(anna, user, false))).toEqual([created]);
    expect(account(created).when((user) => createUser(anna, user, false))).toEqual(refused('already-exists'));
  });

  it('has an e-mail that nobody else has', () => {
    expect(account().when((user) => createUser(anna, user, true))).toEqual(refused('already-exists'));
  });

  it('records that the password changed, and nothing of it', () => {
    expect(account(created).when(changePassword)).toEqual([
      { type: 'PasswordChanged', data: { user: 'u1' } },
    ]);
  });

  it('is deactivated once, with a reason', () => {
    const leave = (user: User) => deactivateUser({ reason: 'Left' }, user, { by: 'admin' });
    expect(account(created).when(leave)).toEqual([deactivated]);
    expect(account(created, deactivated).when(leave)).toEqual(refused('conflict'));
    const leaveAlone = (user: User) => deactivateUser({ reason: 'Left' }, user, { by: 'u1' });
    expect(account(created).when(leaveAlone)).toEqual(refused('conflict'));
  });

  it('must exist before anything is done with it', () => {
    expect(account().when(changePassword)).toEqual(refused('not-found'));
    const leave = (user: User) => deactivateUser({ reason: 'Left' }, user, { by: 'admin' });
    expect(account().when(leave)).toEqual(refused('not-found'));
    expect(account().when((user) => giveGrant(command(), user, known))).toEqual(refused('not-found'));
  });
});

describe('a grant', () => {
  const give = (change: Partial<GiveGrant>, facts = known) =>
    account(created).when((user) => giveGrant(command(change), user, facts));

  it('is recorded as it was given', () => {
    expect(give({})).toEqual([granted]);
  });

  it.each<Role>(['investigator', 'coordinator', 'monitor'])('names the sites of a %s', (role) => {
    expect(give({ role })).toHaveLength(1);
  });

  it.each<Role>(['data-manager', 'statistician', 'inspector'])('of a %s is for all sites', (role) => {
    expect(give({ role })).toEqual(refused('invalid-value', ['/sites']));
    expect(give({ role, sites: 'all' })).toHaveLength(1);
  });

  it('of an administrator is for all studies and all sites', () => {
    const role = 'administrator';
    expect(give({ role, study: '*', sites: 'all' })).toHaveLength(1);
    expect(give({ role, study: '*' })).toEqual(refused('invalid-value', ['/sites']));
    expect(give({ role, sites: 'all' })).toEqual(refused('invalid-value', ['/role']));
  });

  it.each<Role>(['investigator', 'coordinator'])('of a %s is never for all sites', (role) => {
    expect(give({ role, sites: 'all' })).toEqual(refused('invalid-value', ['/sites']));
  });

  it('unblinds nobody but a statistician', () => {
    expect(give({ role: 'statistician', sites: 'all', unblinded: true })).toHaveLength(1);
    expect(give({ unblinded: true })).toEqual(refused('invalid-value', ['/unblinded']));
  });

  it('names a study and sites that there are', () => {
    expect(give({}, { ...known, studyExists: false })).toEqual(refused('not-found'));
    const sites = ['FR01', 'FR02'];
    expect(give({ sites }, { ...known, unknownSites: ['FR02'] })).toEqual(
      refused('invalid-value', ['/sites/1']),
    );
  });

  it('has days that exist, the last not before the first', () => {
    expect(give({ from: '2026-03-01', to: '2026-03-01' })).toHaveLength(1);
    expect(give({ from: '2026-02-30' })).toEqual(refused('invalid-value', ['/from']));
    expect(give({ to: '2026-13-01' })).toEqual(refused('invalid-value', ['/to']));
    expect(give({ from: '2026-03-02', to: '2026-03-01' })).toEqual(refused('invalid-value', ['/to']));
  });

  it('is withdrawn once, with a reason, and in its own study', () => {
    const withdraw =
      (study = 'SINET') =>
      (user: User) =>
        withdrawGrant({ study, grant: 'g1', reason: 'Moved' }, user);
    expect(account(created, granted).when(withdraw())).toEqual([withdrawn]);
    expect(account(created, granted).when(withdraw('OTHER'))).toEqual(refused('not-found'));
    expect(account(created, granted, withdrawn).when(withdraw())).toEqual(refused('not-found'));
  });
});

describe('an account’s events', () => {
  it('fold to what it is and may do', () => {
    const second = { ...granted, data: command({ grant: 'g2', study: 'OTHER' }) } as UserEvent;
    const passwordChanged: UserEvent = { type: 'PasswordChanged', data: { user: 'u1' } };
    const user = [created, granted, second, passwordChanged, withdrawn, deactivated].reduce(
      evolveUser,
      nobody,
    );
    const { user: _, ...left } = command({ grant: 'g2', study: 'OTHER' });
    expect(user).toMatchObject({
      id: 'u1',
      email: 'anna@centre.example',
      name: 'Anna',
      active: false,
      grants: { g2: left },
    });
    expect(Object.keys(user.grants)).toEqual(['g2']);
  });

  it('are all known: another one is a defect', () => {
    const unknown = { type: 'UserPromoted', data: {} } as unknown as UserEvent;
    expect(() => evolveUser(nobody, unknown)).toThrow('UserPromoted');
  });
});
