import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { type Permission, permissions, permits, type Role, roles } from './roles.js';
import { authorise, type Caller, type Grant, sightOf, sitesFor, systemCaller } from './scope.js';

const grant = (role: Role, change: Partial<Grant> = {}): Grant => ({
  study: 'SINET',
  role,
  sites: 'all',
  unblinded: false,
  ...change,
});
const caller = (...grants: Grant[]): Caller => ({ id: 'u1', name: 'A. Person', grants });

const allPermissions = Object.keys(permissions) as Permission[];
const someGrant: fc.Arbitrary<Grant> = fc.record({
  study: fc.constantFrom('SINET', 'OTHER', '*'),
  role: fc.constantFrom(...roles),
  sites: fc.oneof(fc.constant('all' as const), fc.subarray(['FR01', 'FR02', 'DE01'])),
  unblinded: fc.boolean(),
});
const someCaller = fc.array(someGrant, { maxLength: 4 }).map((grants) => caller(...grants));
const somePermission = fc.constantFrom(...allPermissions);

/** The actor, or the code of the problem. */
function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('the roles', () => {
  const enteringData: Permission[] = ['EnrolSubject', 'AllocateArm', 'EnterForm', 'WithdrawSubject'];
  const sponsor: Role[] = ['administrator', 'data-manager', 'monitor', 'statistician', 'inspector'];

  it.each(sponsor)('of the sponsor’s people never enter data: %s', (role) => {
    expect(enteringData.filter((permission) => permits(role, permission))).toEqual([]);
  });

  it('let an inspector read everything there is to read, and do nothing', () => {
    const permitted = allPermissions.filter((permission) => permits('inspector', permission));
    expect(permitted.filter((permission) => !permission.startsWith('read '))).toEqual([]);
    expect(permitted).toEqual(expect.arrayContaining(['read casebook', 'read audit', 'read entries']));
  });

  it('let an administrator see accounts, and no data', () => {
    const reads = allPermissions.filter(
      (permission) => permission.startsWith('read ') && permits('administrator', permission),
    );
    expect(reads).toEqual(['read study', 'read users', 'read delegations']);
  });

  it('keep identities from data managers and statisticians', () => {
    expect(permits('data-manager', 'read identity')).toBe(false);
    expect(permits('statistician', 'read identity')).toBe(false);
  });
});

describe('authorise', () => {
  it('names the caller and the role that permits it', () => {
    const both = caller(grant('monitor'), grant('investigator', { sites: ['FR01'] }));
    expect(authorise(both, 'EnterForm', 'SINET', 'FR01')).toEqual({ user: 'u1', role: 'investigator' });
  });

  it.each([
    ['without any grant', caller()],
    ['with a grant in another study', caller(grant('investigator', { study: 'OTHER' }))],
    ['with a grant at another site', caller(grant('investigator', { sites: ['FR02'] }))],
  ])('hides the thing from a caller %s', (_, who) => {
    expect(outcome(() => authorise(who, 'EnterForm', 'SINET', 'FR01'))).toBe('not-found');
  });

  it('tells a caller who may see the thing that the role does not permit the act', () => {
    expect(outcome(() => authorise(caller(grant('monitor')), 'EnterForm', 'SINET', 'FR01'))).toBe(
      'not-permitted',
    );
  });

  it('does not join the site of one grant with the role of another', () => {
    const split = caller(grant('investigator', { sites: ['FR01'] }), grant('monitor', { sites: ['FR02'] }));
    expect(outcome(() => authorise(split, 'EnterForm', 'SINET', 'FR02'))).toBe('not-permitted');
  });

  it('reaches every study with a grant on *, and only that reaches what concerns all', () => {
    expect(authorise(caller(grant('administrator', { study: '*' })), 'OpenSite', 'SINET')).toEqual({
      user: 'u1',
      role: 'administrator',
    });
    expect(outcome(() => authorise(caller(grant('administrator')), 'CreateUser', '*'))).toBe('not-found');
  });

  it('lets the installation itself act, under its own name', () => {
    expect(authorise(systemCaller('set-up'), 'CreateUser', '*')).toEqual({ system: 'set-up' });
  });

  it('permits exactly where one grant has the study, the site and the role', () => {
    const sites = fc.constantFrom(undefined, 'FR01', 'DE01');
    fc.assert(
      fc.property(someCaller, somePermission, sites, (who, permission, site) => {
        const single = who.grants.map((one) =>
          outcome(() => authorise(caller(one), permission, 'SINET', site)),
        );
        const joint = outcome(() => authorise(who, permission, 'SINET', site));
        const permitted = single.find((one) => typeof one === 'object');
        expect(joint).toEqual(
          permitted ?? (single.includes('not-permitted') ? 'not-permitted' : 'not-found'),
        );
      }),
    );
  });
});

describe('sitesFor', () => {
  it('joins the sites of the grants that permit it, and of no others', () => {
    const who = caller(
      grant('investigator', { sites: ['FR01'] }),
      grant('coordinator', { sites: ['FR02'] }),
      grant('monitor', { sites: ['DE01'] }),
    );
    expect(sitesFor(who, 'EnterForm', 'SINET')).toEqual(['FR01', 'FR02']);
  });

  it('is all as soon as one grant is', () => {
    const who = caller(grant('monitor', { sites: ['FR01'] }), grant('data-manager'));
    expect(sitesFor(who, 'read casebook', 'SINET')).toBe('all');
  });

  it('lists a site exactly where authorise permits it', () => {
    fc.assert(
      fc.property(
        someCaller,
        somePermission,
        fc.constantFrom('FR01', 'FR02', 'XX99'),
        (who, permission, site) => {
          const listed = outcome(() => sitesFor(who, permission, 'SINET'));
          const permitted = typeof outcome(() => authorise(who, permission, 'SINET', site)) === 'object';
          expect(listed === 'all' || (Array.isArray(listed) && listed.includes(site))).toBe(permitted);
        },
      ),
    );
  });
});

describe('sightOf', () => {
  it.each<[string, Grant, boolean, boolean]>([
    ['investigator', grant('investigator', { sites: ['FR01'] }), true, true],
    ['monitor', grant('monitor'), true, true],
    ['data-manager', grant('data-manager'), false, true],
    ['blinded statistician', grant('statistician'), false, false],
    ['unblinded statistician', grant('statistician', { unblinded: true }), false, true],
    ['administrator', grant('administrator'), false, false],
    ['investigator elsewhere', grant('investigator', { sites: ['FR02'] }), false, false],
    ['investigator of another study', grant('investigator', { study: 'OTHER' }), false, false],
  ])('shows the %s what the role may see', (_, one, identity, arms) => {
    expect(sightOf(caller(one), 'SINET', 'FR01')).toMatchObject({ identity, arms });
  });

  it('hides an item only from those whose every role is kept from it', () => {
    const item = { hiddenFrom: ['statistician'] };
    expect(sightOf(caller(grant('statistician')), 'SINET', 'FR01').item(item)).toBe(false);
    expect(sightOf(caller(grant('statistician')), 'SINET', 'FR01').item({})).toBe(true);
    expect(sightOf(caller(grant('statistician'), grant('monitor')), 'SINET', 'FR01').item(item)).toBe(true);
  });

  it('never grows blinder by a further grant', () => {
    fc.assert(
      fc.property(someCaller, someGrant, (who, more) => {
        const before = sightOf(who, 'SINET', 'FR01');
        const after = sightOf(caller(...who.grants, more), 'SINET', 'FR01');
        expect([after.identity || !before.identity, after.arms || !before.arms]).toEqual([true, true]);
      }),
    );
  });
});
