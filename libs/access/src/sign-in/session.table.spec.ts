import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upsertRows } from '#event-store';
import { asOwner, freshStore } from '../../../../test/database.js';
import { userRows } from '../user/user.projection.js';
import { lockAwaited } from './lock-awaited.spec-kit.js';
import { Sessions } from './session.table.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
let sessions: Sessions;
beforeAll(async () => {
  fresh = await freshStore();
  sessions = new Sessions(fresh.pool, randomBytes);
});
afterAll(() => fresh.close());

const ended = expect.objectContaining({ code: 'unauthenticated' });
const hashOf = (token: string) => createHash('sha256').update(token).digest();

async function newUser(): Promise<string> {
  const user = { id: randomUUID(), name: 'Anna', active: true, grants: {} };
  const client = await fresh.pool.connect();
  await upsertRows(client, [{ model: userRows, rows: [{ ...user, email: `${user.id}@x.example` }] }]);
  client.release();
  return user.id;
}

describe('a refresh token', () => {
  it('has 256 random bits, of which the database knows only the hash', async () => {
    const { token } = await sessions.begin(await newUser());
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const { rows } = await fresh.pool.query('SELECT hash, expires FROM refresh_token WHERE hash = $1', [
      hashOf(token),
    ]);
    expect(rows).toHaveLength(1);
    const { rows: stored } = await fresh.pool.query('SELECT t::text AS row FROM refresh_token t');
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('is used up for the next one', async () => {
    const user = await newUser();
    const { token: first } = await sessions.begin(user);
    const second = await sessions.rotate(first);
    expect(second.user).toBe(user);
    expect(second.token).not.toBe(first);
    expect((await sessions.rotate(second.token)).user).toBe(user);
  });

  it('ends its family when it is used twice, and no other', async () => {
    const user = await newUser();
    const { token: other } = await sessions.begin(user);
    const { token: first } = await sessions.begin(user);
    const second = await sessions.rotate(first);
    await expect(sessions.rotate(first)).rejects.toEqual(ended);
    await expect(sessions.rotate(second.token)).rejects.toEqual(ended);
    expect((await sessions.rotate(other)).user).toBe(user);
  });

  it('used by many at once gives one of them the next, which is ended by the others', async () => {
    const { token: first } = await sessions.begin(await newUser());
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => sessions.rotate(first)));
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await expect(sessions.rotate(won[0]!.value.token)).rejects.toEqual(ended);
  });

  it('used twice ends a family whose next token is being given at that moment', async () => {
    const { token: first } = await sessions.begin(await newUser());
    const { token: second } = await sessions.rotate(first);
    // The rotation of the second token, held open before it commits.
    const rotating = new Client(fresh.url);
    await rotating.connect();
    await rotating.query('BEGIN');
    await rotating.query('UPDATE refresh_token SET used = true WHERE hash = $1', [hashOf(second)]);
    const third = randomBytes(32).toString('base64url');
    await rotating.query(
      `INSERT INTO refresh_token SELECT $2, family, "user", expires, false FROM refresh_token WHERE hash = $1`,
      [hashOf(second), hashOf(third)],
    );
    const reuse = expect(sessions.rotate(first)).rejects.toEqual(ended);
    await lockAwaited(fresh.pool);
    await rotating.query('COMMIT');
    await rotating.end();
    await reuse;
    await expect(sessions.rotate(third)).rejects.toEqual(ended);
  });

  it('lasts 30 days from sign-in, however often it is rotated', async () => {
    const { token } = await sessions.rotate((await sessions.begin(await newUser())).token);
    const { rows } = await fresh.pool.query(
      `SELECT round(extract(epoch FROM expires - now()) / 86400)::int AS days FROM refresh_token WHERE hash = $1`,
      [hashOf(token)],
    );
    expect(rows).toEqual([{ days: 30 }]);
    await fresh.pool.query('UPDATE refresh_token SET expires = now() WHERE hash = $1', [hashOf(token)]);
    await expect(sessions.rotate(token)).rejects.toEqual(ended);
  });

  it('is worth nothing once the account is deactivated', async () => {
    const user = await newUser();
    const { token } = await sessions.begin(user);
    await asOwner(fresh.url, `UPDATE app_user SET active = false WHERE id = '${user}'`);
    await expect(sessions.rotate(token)).rejects.toEqual(ended);
  });

  it('that was never given is refused', async () => {
    await expect(sessions.rotate('x')).rejects.toEqual(ended);
  });
});

describe('a sign-out', () => {
  it('ends the family, of whichever of its tokens, and no other', async () => {
    const user = await newUser();
    const { token: other } = await sessions.begin(user);
    const { token: first } = await sessions.begin(user);
    const second = await sessions.rotate(first);
    await sessions.end(first);
    await expect(sessions.rotate(second.token)).rejects.toEqual(ended);
    expect((await sessions.rotate(other)).user).toBe(user);
  });

  it('with a token that is none changes nothing', async () => {
    const { token } = await sessions.begin(await newUser());
    await sessions.end('x');
    await expect(sessions.rotate(token)).resolves.toBeDefined();
  });
});
