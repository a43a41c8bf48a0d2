import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProblem, STUDY } from './casebook.js';
import { ApiClient } from './client.js';
import { startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const base = `${trial.started.server.url}/api/v1`;
const user = trial.userId('inspector');

interface Forgery {
  alg?: string;
  typ?: string;
  kid?: string;
  key?: Parameters<SignJWT['sign']>[0];
  issuer?: string;
  audience?: string;
  subject?: string;
  expires?: string;
  claims?: Record<string, unknown>;
}

/** As the server signs its own, but for what is said. */
function forge({
  alg = 'HS256',
  typ = 'at+jwt',
  kid,
  key = trial.secrets.tokenKey,
  issuer = 'daybook',
  audience = 'daybook-api',
  subject = user,
  expires = '5m',
  claims = {},
}: Forgery): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ, ...(kid && { kid }) })
    .setSubject(subject)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(key);
}

async function expectRefused(token: string | undefined): Promise<void> {
  for (const path of ['/me', `${STUDY}/subjects`]) {
    const answer = await new ApiClient(base, token).get(path);
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  }
}

describe('C-08 an access token', () => {
  it('signed as the server signs is taken: what follows is refused for what differs', async () => {
    const client = new ApiClient(base, await forge({}));
    expect((await client.get('/me')).body.id).toBe(user);
  });

  it('is required', () => expectRefused(undefined));

  it('with alg none is refused', async () => {
    const unsecured = new UnsecuredJWT({ typ: 'at+jwt' })
      .setSubject(user)
      .setIssuer('daybook')
      .setAudience('daybook-api')
      .setIssuedAt()
      .setExpirationTime('5m')
      .encode();
    await expectRefused(unsecured);
    const [, payload] = (await forge({})).split('.');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
      await expectRefused(`${header}.${payload}.`);
      await expectRefused(`${header}.${payload}.AAAA`);
    }
  });

  it('of a foreign key, another algorithm or another kind of key is refused', async () => {
    await expectRefused(await forge({ key: randomBytes(32) }));
    await expectRefused(await forge({ key: trial.secrets.cursorKey }));
    await expectRefused(await forge({ key: trial.secrets.keyEncryptionKey }));
    const long = createSecretKey(Buffer.concat([trial.secrets.tokenKey, trial.secrets.tokenKey]));
    await expectRefused(await forge({ alg: 'HS512', key: long }));
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await expectRefused(await forge({ alg: 'RS256', key: privateKey }));
    await expectRefused(await forge({ key: randomBytes(32), kid: '../../../dev/null' }));
  });

  it('that has expired, or is not of use yet, is refused', async () => {
    await expectRefused(await forge({ expires: '-1s' }));
    await expectRefused(await forge({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } }));
  });

  it('without an expiry or a subject is refused', async () => {
    const bare = () => new SignJWT().setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).setIssuer('daybook');
    await expectRefused(
      await bare().setAudience('daybook-api').setSubject(user).sign(trial.secrets.tokenKey),
    );
    await expectRefused(
      await bare().setAudience('daybook-api').setExpirationTime('5m').sign(trial.secrets.tokenKey),
    );
  });

  it('of another issuer, for another audience or of another type is refused', async () => {
    await expectRefused(await forge({ issuer: 'elsewhere' }));
    await expectRefused(await forge({ audience: 'elsewhere' }));
    await expectRefused(await forge({ typ: 'JWT' }));
  });

  it('of an account that does not exist is refused', async () => {
    await expectRefused(await forge({ subject: '00000000-0000-8000-a000-000000000000' }));
  });

  it('gives no more rights than the account has, whatever it claims', async () => {
    const claims = { role: 'administrator', grants: [{ study: '*', role: 'administrator', sites: 'all' }] };
    const client = new ApiClient(base, await forge({ claims }));
    expectProblem(await client.get('/users'), 404, 'not-found');
  });

  it('that was changed by one character is refused', async () => {
    const [header, payload, signature] = (await forge({})).split('.') as [string, string, string];
    const other = (text: string) => (text[5] === 'A' ? 'B' : 'A') + text.slice(6);
    await expectRefused(`${header}.${payload}.${signature.slice(0, 5)}${other(signature)}`);
    await expectRefused(`${header}.${payload.slice(0, 5)}${other(payload)}.${signature}`);
    await expectRefused(`${header}.${payload}`);
    await expectRefused(`${header}.${payload}.${signature}.`);
    await expectRefused('');
    await expectRefused('null');
  });

  it('travels in the Authorization header as Bearer, and nowhere else', async () => {
    const token = await forge({});
    const get = (path: string, headers: Record<string, string>) => new ApiClient(base).get(path, headers);
    for (const headers of [
      { Authorization: token },
      { Authorization: `Basic ${token}` },
      { Authorization: `Bearer ${token} ${token}` },
      { Cookie: `access_token=${token}` },
      { 'X-Authorization': `Bearer ${token}` },
    ])
      expectProblem(await get('/me', headers as Record<string, string>), 401, 'unauthenticated');
    expectProblem(await get(`/me?access_token=${token}`, {}), 401, 'unauthenticated');
    expect((await get('/me', { Authorization: `bearer ${token}` })).status).toBe(200);
  });
});
