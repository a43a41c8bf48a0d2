import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { upsertRows } from '#event-store';
import { freshStore } from '../../../../test/database.js';
import { userRows } from '../user/user.projection.js';
import { Credentials } from './credential.table.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
let credentials: Credentials;
beforeAll(async () => {
  fresh = await freshStore();
  credentials = new Credentials(fresh.pool, randomBytes);
});
afterAll(() => fresh.close());

const password = 'correct horse battery staple';
let anna: string;
beforeEach(async () => {
  anna = await newUser();
});

async function newUser(active = true): Promise<string> {
  const id = randomUUID();
  const row = { id, email: emailOf(id), name: 'Anna', active, grants: {} };
  const client = await fresh.pool.connect();
  await upsertRows(client, [{ model: userRows, rows: [row] }]);
  client.release();
  return id;
}
const emailOf = (id: string) => `Anna.${id}@Centre.example`;

describe('a password', () => {
  it('lets its owner in, however the e-mail is written', async () => {
    await credentials.set(anna, password);
    expect(await credentials.check(emailOf(anna), password)).toBe(anna);
    expect(await credentials.check(emailOf(anna).toUpperCase(), password)).toBe(anna);
  });

  it('lets nobody in when it is another’s, another or none', async () => {
    const otto = await newUser();
    await credentials.set(otto, password);
    await credentials.set(anna, 'another phrase altogether');
    for (const wrong of [password, '', `${password} `]) {
      expect(await credentials.check(emailOf(anna), wrong)).toBeUndefined();
    }
    expect(await credentials.check('nobody@centre.example', password)).toBeUndefined();
  });

  it('lets nobody into an account that has none or is deactivated', async () => {
    expect(await credentials.check(emailOf(anna), '')).toBeUndefined();
    const gone = await newUser(false);
    await credentials.set(gone, password);
    expect(await credentials.check(emailOf(gone), password)).toBeUndefined();
  });

  it('takes the place of the one before', async () => {
    await credentials.set(anna, password);
    await credentials.set(anna, 'another phrase altogether');
    expect(await credentials.check(emailOf(anna), password)).toBeUndefined();
    expect(await credentials.check(emailOf(anna), 'another phrase altogether')).toBe(anna);
  });

  it('is kept as argon2id at OWASP’s strength, salted', async () => {
    const otto = await newUser();
    await Promise.all([anna, otto].map((id) => credentials.set(id, password)));
    const { rows } = await fresh.pool.query<{ hash: string }>(
      'SELECT hash FROM credential WHERE id = ANY($1)',
      [[anna, otto]],
    );
    expect(rows.map(({ hash }) => hash.split('$').slice(0, 4))).toEqual(
      Array(2).fill(['', 'argon2id', 'v=19', 'm=19456,t=2,p=1']),
    );
    expect(rows[0]!.hash).not.toBe(rows[1]!.hash);
  });
});
