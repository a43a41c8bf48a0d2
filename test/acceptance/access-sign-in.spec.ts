import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { codeAt } from '../../libs/access/src/sign-in/totp.js';
import { expectProblem, faultsOf } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, PASSWORD, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const administrator = trial.as('administrator');
const nobody = trial.as('nobody');
const clientOf = (accessToken: string) => new ApiClient(`${trial.started.server.url}/api/v1`, accessToken);
const signIn = (email: string, rest: object = {}) =>
  nobody.post('/auth/token', { email, password: PASSWORD, ...rest });

async function newPerson() {
  const email = `${randomUUID()}@trial.example`;
  const { id } = await accepted(
    administrator.post('/users', { email, name: 'A. Person', password: PASSWORD }),
  );
  const { accessToken, refreshToken } = await accepted(signIn(email));
  return { id, email, refreshToken, client: clientOf(accessToken) };
}

/** Lines of the installation's audit trail, once there are so many: failures are recorded after the answer. */
async function trailOf(
  type: string,
  about: string,
  least: number,
): Promise<{ text: string; system: string }[]> {
  for (;;) {
    const { items } = await accepted(administrator.get(`/audit?type=${type}&limit=1000`));
    const found = items.filter(({ text }: { text: string }) => text.includes(about));
    if (found.length >= least) return found;
  }
}

describe('C-15 repeated failures', () => {
  it('lock an account for longer and longer, known or not in the same way, and are recorded', async () => {
    const { id, email } = await newPerson();
    const unknown = `${randomUUID()}@trial.example`;
    const told: string[][] = [];
    for (const account of [email, unknown]) {
      const answers = [];
      for (let i = 0; i < 7; i++) answers.push(await signIn(account, { password: `a wrong guess ${i}` }));
      for (const answer of answers.slice(0, 5)) expectProblem(answer, 401, 'invalid-credentials');
      for (const answer of answers.slice(5)) expectProblem(answer, 429, 'too-many-requests');
      expect(Number(answers[5]!.headers.get('retry-after'))).toBeGreaterThan(55);
      expectProblem(await signIn(account), 429, 'too-many-requests');
      told.push(answers.map(({ text, status }) => `${status} ${text.replace(/"retryAfter":\d+/, '')}`));
    }
    expect(told[1]).toEqual(told[0]);

    const failures = await trailOf('SignInFailed', 'A. Person', 5);
    expect(failures.map(({ text, system }) => `${system}: ${text}`)).toEqual([
      'access control: Sign-in of A. Person failed, 1 in a row',
      'access control: Sign-in of A. Person failed, 2 in a row',
      'access control: Sign-in of A. Person failed, 3 in a row',
      'access control: Sign-in of A. Person failed, 4 in a row',
      'access control: Sign-in of A. Person failed, 5 in a row; locked for 60 seconds',
    ]);
    await trailOf('SignInFailed', 'does not exist', 1);
    const { rows } = await trial.started.installation.pool.query(
      `SELECT entry AS row FROM event WHERE type = 'SignInFailed' UNION ALL SELECT f::text FROM sign_in_failure f`,
    );
    expect(JSON.stringify(rows)).toContain(id);
    expect(JSON.stringify(rows)).not.toMatch(/guess/);
    expect(JSON.stringify(rows)).not.toContain(unknown);
  });
});

describe('C-15 sessions', () => {
  it('are listed to their holder, who ends one of them and the access it gave', async () => {
    const person = await newPerson();
    const other = await accepted(signIn(person.email));
    const { items } = await accepted(person.client.get('/me/sessions'));
    expect(items).toHaveLength(2);
    expect(items[0]).toEqual({
      id: expect.any(String),
      begun: expect.stringMatching(/Z$/),
      lastUsed: expect.stringMatching(/Z$/),
      expires: expect.stringMatching(/Z$/),
    });
    expect((await person.client.delete(`/me/sessions/${items[1].id}`, undefined)).status).toBe(204);
    expectProblem(
      await nobody.post('/auth/refresh', { refreshToken: other.refreshToken }),
      401,
      'unauthenticated',
    );
    expectProblem(await clientOf(other.accessToken).get('/me'), 401, 'unauthenticated');
    expect((await accepted(person.client.get('/me/sessions'))).items).toHaveLength(1);
    expect((await nobody.post('/auth/refresh', { refreshToken: person.refreshToken })).status).toBe(200);
  });

  it('of another are nobody’s to see or end, but the administrator’s', async () => {
    const [one, other] = [await newPerson(), await newPerson()];
    const [session] = (await accepted(administrator.get(`/users/${one.id}/sessions`))).items;
    await other.client.delete(`/me/sessions/${session.id}`, undefined);
    expect((await one.client.get('/me')).status).toBe(200);
    expectProblem(await other.client.get(`/users/${one.id}/sessions`), 404, 'not-found');
    expectProblem(await other.client.delete(`/users/${one.id}/sessions`, undefined), 404, 'not-found');
    expect((await administrator.delete(`/users/${one.id}/sessions`, undefined)).status).toBe(204);
    expectProblem(await one.client.get('/me'), 401, 'unauthenticated');
    expectProblem(await administrator.get(`/users/${randomUUID()}/sessions`), 404, 'not-found');
  });

  it('end with signing out, access and all', async () => {
    const { client, refreshToken } = await newPerson();
    await nobody.post('/auth/logout', { refreshToken });
    expectProblem(await client.get('/me'), 401, 'unauthenticated');
  });

  it('end when nobody uses them for a day', async () => {
    const { id, client, refreshToken } = await newPerson();
    const { pool } = trial.started.installation;
    await pool.query(`UPDATE refresh_token SET issued = now() - interval '24 hours' WHERE "user" = $1`, [id]);
    expect((await accepted(client.get('/me/sessions'))).items).toEqual([]);
    expectProblem(await nobody.post('/auth/refresh', { refreshToken }), 401, 'unauthenticated');
    await newPerson();
    const left = await pool.query('SELECT FROM refresh_token WHERE "user" = $1', [id]);
    expect(left.rowCount).toBe(0);
  });
});

describe('C-15 the second factor', () => {
  const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytesOf = (secret: string) => {
    const bits = [...secret].map((one) => BASE32.indexOf(one).toString(2).padStart(5, '0')).join('');
    return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
  };
  /** The code of the present time step, or of another one near it. */
  const codeOf = (secret: string, shift = 0) =>
    codeAt(bytesOf(secret), Math.floor(Date.now() / 30_000) + shift);

  async function withFactor() {
    const person = await newPerson();
    const { secret, uri } = await accepted(person.client.post('/me/second-factor', {}));
    const used = codeOf(secret);
    const confirmed = await person.client.post('/me/second-factor/confirm', { code: used });
    expect(confirmed.status, confirmed.text).toBe(200);
    return { ...person, secret, uri, used, recoveryCodes: confirmed.body.recoveryCodes as string[] };
  }

  it('is asked for at sign-in from when it is confirmed, each code once', async () => {
    const { email, secret, uri, client, used } = await withFactor();
    expect(uri).toContain(`secret=${secret}`);
    expectProblem(await signIn(email), 401, 'second-factor-required');
    expectProblem(await signIn(email, { code: used }), 401, 'invalid-credentials');
    const code = codeOf(secret, 1);
    expect((await signIn(email, { code })).status).toBe(200);
    expectProblem(await signIn(email, { code }), 401, 'invalid-credentials');
    expectProblem(
      await client.post('/me/second-factor/confirm', { code: codeOf(secret, 1) }),
      409,
      'conflict',
    );
  });

  it('says nothing to who does not know the password', async () => {
    const { email, secret } = await withFactor();
    const answer = await signIn(email, { password: 'another phrase', code: codeOf(secret) });
    expectProblem(answer, 401, 'invalid-credentials');
    expectProblem(await signIn(email, { password: 'another phrase' }), 401, 'invalid-credentials');
  });

  it('does not count before it is confirmed with a right code', async () => {
    const { email, client } = await newPerson();
    expectProblem(await client.post('/me/second-factor/confirm', { code: '000000' }), 409, 'conflict');
    const { secret } = await accepted(client.post('/me/second-factor', {}));
    const wrong = await client.post('/me/second-factor/confirm', { code: codeOf(secret, 20) });
    expectProblem(wrong, 422, 'invalid-value');
    expect(faultsOf(wrong)).toEqual({ '/code': 'wrong-code' });
    expect((await signIn(email)).status).toBe(200);
  });

  it('is lost with the phone, and not the account: ten recovery codes, each good once', async () => {
    const { email, recoveryCodes } = await withFactor();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first, second] = recoveryCodes;
    expect((await signIn(email, { code: first })).status).toBe(200);
    expectProblem(await signIn(email, { code: first }), 401, 'invalid-credentials');
    expect((await signIn(email, { code: second })).status).toBe(200);
  });

  it('gives a retry of its making and of its confirmation the first answer', async () => {
    const { client } = await newPerson();
    const [making, confirming] = [randomUUID(), randomUUID()];
    const made = () => client.post('/me/second-factor', {}, { key: making });
    const { secret } = (await made()).body;
    expect((await made()).body.secret).toBe(secret);
    const confirm = (code: string) => client.post('/me/second-factor/confirm', { code }, { key: confirming });
    const first = await confirm(codeOf(secret));
    const again = await confirm(codeOf(secret));
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('is removed with the password, or by an administrator with a reason', async () => {
    const own = await withFactor();
    const wrong = await own.client.delete('/me/second-factor', { password: 'another phrase' });
    expectProblem(wrong, 401, 'invalid-credentials');
    expect((await own.client.delete('/me/second-factor', { password: PASSWORD })).status).toBe(204);
    expect((await signIn(own.email)).status).toBe(200);

    const lost = await withFactor();
    const path = `/users/${lost.id}/second-factor`;
    expectProblem(await own.client.delete(path, { reason: 'Mine now' }), 404, 'not-found');
    expect((await administrator.delete(path, { reason: 'Lost the phone' })).status).toBe(204);
    expect((await signIn(lost.email)).status).toBe(200);
    expectProblem(await administrator.delete(path, { reason: 'Again' }), 404, 'not-found');
  });

  it('has its guesses counted like those of the password', async () => {
    const { email, secret } = await withFactor();
    for (let i = 0; i < 5; i++) {
      expectProblem(await signIn(email, { code: `00000${i}` }), 401, 'invalid-credentials');
    }
    expectProblem(await signIn(email, { code: codeOf(secret) }), 429, 'too-many-requests');
  });

  it('is kept wrapped, and its codes as hashes', async () => {
    const { secret, recoveryCodes } = await withFactor();
    const { rows } = await trial.started.installation.pool.query(
      `SELECT t::text AS row FROM second_factor t UNION ALL SELECT t::text FROM recovery_code t
       UNION ALL SELECT entry FROM event WHERE log = '.installation'`,
    );
    const stored = JSON.stringify(rows);
    for (const hidden of [secret, bytesOf(secret).toString('hex'), recoveryCodes[0]!]) {
      expect(stored).not.toContain(hidden);
    }
  });
});
