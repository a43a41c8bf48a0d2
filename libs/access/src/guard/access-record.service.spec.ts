import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Runner, Streams } from '#commands';
import { readLog } from '#event-store';
import { freshStore } from '../../../../test/database.js';
import type { Caller, Grant } from '../scope.js';
import { INSTALLATION_LOG } from '../user/user.commands.js';
import { AccessRecord } from './access-record.service.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
  await fresh.pool.query(`INSERT INTO study VALUES ('SINET', 'SINET', 1)`);
});
afterAll(() => fresh.close());

let time: number;
let record: AccessRecord;
let seen: number;
const faults: unknown[] = [];
beforeEach(async () => {
  time = Date.parse('2026-03-01T12:00:00Z');
  seen = (await fresh.store.size(INSTALLATION_LOG)) - 1;
  const now = () => new Date(time);
  const runner = new Runner<Caller>(fresh.store, new Streams(fresh.store), now);
  const onFault = (_: string, error: unknown) => faults.push(error);
  record = new AccessRecord(runner, fresh.pool, { now, uuid: randomUUID, onFault });
});
const recorded = async () =>
  (await readLog(fresh.pool, INSTALLATION_LOG, seen, 100)).map(({ type, data, actor }) => ({
    type,
    data,
    actor,
  }));
const grant: Grant = { study: 'SINET', role: 'monitor', sites: ['FR01'], unblinded: false };
const caller = (): Caller => ({ id: randomUUID(), name: 'Anna', grants: [grant] });
const place = { study: 'SINET', site: 'FR01', subject: 'FR01-0001', visit: 'V_SCR', form: 'DM' };

describe('the record of access', () => {
  it('C-25 says of every reading of identifying items who did it, and in which role', async () => {
    const anna = caller();
    const event = { type: 'IdentityRead', data: place, actor: { user: anna.id, role: 'monitor' } };
    await Promise.all(Array.from({ length: 5 }, () => record.identityRead(anna, place)));
    expect(await recorded()).toEqual(Array.from({ length: 5 }, () => event));
  });

  it('C-25 records no reading of who may not read', async () => {
    const refused = expect.objectContaining({ code: 'not-found' });
    await expect(record.identityRead(caller(), { ...place, site: 'DE01' })).rejects.toEqual(refused);
    expect(await recorded()).toEqual([]);
  });

  it('C-17 says who attempted what beyond their rights, once a minute, route and study', async () => {
    const anna = caller();
    const call = { method: 'POST', route: '/api/v1/studies/:study/subjects', study: 'SINET', status: 403 };
    for (let i = 0; i < 50; i++) await record.refused(anna, call);
    for (let i = 0; i < 50; i++)
      await record.refused(anna, { ...call, study: `${i} of the caller’s own text` });
    const event = { type: 'AccessRefused', actor: { system: 'access control' } };
    expect(await recorded()).toEqual([
      { ...event, data: { ...call, user: anna.id } },
      { ...event, data: { ...call, user: anna.id, study: null } },
    ]);
    time += 60_000;
    await record.refused(anna, call);
    expect(await recorded()).toHaveLength(3);
  });

  it('C-15 says whose sign-in failed, and never what was given for an account or a password', async () => {
    const id = randomUUID();
    await fresh.pool.query(`INSERT INTO app_user VALUES ($1, 'Anna@x.example', 'Anna', true, '{}')`, [id]);
    record.signInFailed('anna@X.example', 5, 60);
    for (let i = 0; i < 20; i++) record.signInFailed(`my password ${i}`, 1, 0);
    await record.settled();
    const event = { type: 'SignInFailed', actor: { system: 'access control' } };
    expect(await recorded()).toEqual([
      { ...event, data: { user: id, failures: 5, lockedSeconds: 60 } },
      { ...event, data: { user: null, failures: 1, lockedSeconds: 0 } },
    ]);
    expect(faults).toEqual([]);
  });
});
