import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Runner, Streams } from '#commands';
import { freshStore, openStore } from '../../../../test/database.js';
import { type Caller, systemCaller } from '../scope.js';
import { INSTALLATION_LOG, userCommands } from '../user/user.commands.js';
import { Callers } from './callers.service.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
let elsewhere: ReturnType<typeof openStore>;
beforeAll(async () => {
  fresh = await freshStore();
  elsewhere = openStore(fresh.url);
});
afterAll(async () => {
  await elsewhere.close();
  await fresh.close();
});

let time: number;
let user: string;
let grant: string;
beforeEach(async () => {
  time = Date.now();
  user = randomUUID();
  grant = randomUUID();
  await run('CreateUser', { user, email: `${user}@centre.example`, name: 'Anna' });
  await run('GiveGrant', { user, grant, study: 'SINET', role: 'monitor', sites: ['FR01'], unblinded: false });
});

/** Runs a command on another node than the one whose callers are looked at. */
async function run(type: keyof ReturnType<typeof userCommands>, command: object): Promise<void> {
  const runner = new Runner<Caller>(elsewhere.store, new Streams(elsewhere.store), () => new Date());
  const call = { log: INSTALLATION_LOG, caller: systemCaller('spec'), key: randomUUID() };
  const grown = fresh.signal.grown(INSTALLATION_LOG, 10_000);
  await runner.run(userCommands(elsewhere.pool)[type] as never, command as never, call);
  await grown;
}
const open = (signal = fresh.signal) => new Callers(fresh.pool, signal, () => new Date(time));
/** A signal whose notifications are all lost. */
const silent = { onGrown: () => () => {} } as unknown as typeof fresh.signal;

describe('who calls', () => {
  it('is an account with its grants', async () => {
    expect(await open().find(user)).toEqual({
      id: user,
      email: `${user}@centre.example`,
      name: 'Anna',
      grants: [{ grant, study: 'SINET', role: 'monitor', sites: ['FR01'], unblinded: false }],
    });
  });

  it('is nobody without an account, or with one that is deactivated', async () => {
    const callers = open();
    expect(await callers.find(randomUUID())).toBeUndefined();
    await run('DeactivateUser', { user, reason: 'Left' });
    expect(await callers.find(user)).toBeUndefined();
  });

  it('is remembered, until another node withdraws a grant or deactivates the account', async () => {
    const callers = open();
    const first = await callers.find(user);
    expect(await callers.find(user)).toBe(first);
    await run('WithdrawGrant', { user, study: 'SINET', grant, reason: 'Moved' });
    expect((await callers.find(user))?.grants).toEqual([]);
    await run('DeactivateUser', { user, reason: 'Left' });
    expect(await callers.find(user)).toBeUndefined();
  });

  it('is looked up again within 5 seconds where the notification is lost', async () => {
    const callers = open(silent);
    await callers.find(user);
    await run('DeactivateUser', { user, reason: 'Left' });
    time += 4999;
    expect(await callers.find(user)).toBeDefined();
    time += 1;
    expect(await callers.find(user)).toBeUndefined();
  });

  it('is not remembered as it was before the log grew during the look-up', async () => {
    const callers = open(silent);
    const underWay = callers.find(user);
    callers.forget();
    const before = await underWay;
    expect(await callers.find(user)).not.toBe(before);
  });
});
