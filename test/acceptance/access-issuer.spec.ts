import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import Provider from 'oidc-provider';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProblem, STUDY } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, startTrial } from './trial.js';

const AUDIENCE = 'urn:daybook';
const keys = await generateKeyPair('RS256', { extractable: true });

/** A real provider on this machine; whoever asks it for a token says in the client's name who it is for. */
async function openProvider(): Promise<{ server: Server; issuer: string }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = (client_id: string) => ({
    client_id,
    client_secret: 'not much of a secret',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  });
  const people = [emailOf('inspector'), 'stranger@trial.example', emailOf('monitor').toUpperCase()];
  const provider = new Provider(issuer, {
    clients: [...people, `unverified ${emailOf('inspector')}`].map(client) as never,
    jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), alg: 'RS256', use: 'sig', kid: 'one' }] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt' as const,
          accessTokenTTL: 300,
        }),
      },
    },
    extraTokenClaims: (_, token) => ({
      email: token.clientId?.split(' ').at(-1),
      email_verified: !token.clientId?.startsWith('unverified'),
    }),
  });
  server.on('request', provider.callback());
  return { server, issuer };
}

const { server, issuer } = await openProvider();
const trial = await startTrial(undefined, { DAYBOOK_OIDC_ISSUER: issuer, DAYBOOK_OIDC_AUDIENCE: AUDIENCE });
afterAll(async () => {
  await trial.close();
  server.close();
});

const base = `${trial.started.server.url}/api/v1`;
const as = (token: string) => new ApiClient(base, token);

async function tokenFor(client: string, resource = AUDIENCE): Promise<string> {
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from(`${encodeURIComponent(client)}:${encodeURIComponent('not much of a secret')}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
  });
  const body = (await answer.json()) as { access_token?: string };
  expect(body, JSON.stringify(body)).toHaveProperty('access_token');
  return body.access_token!;
}

/** As the provider signs, but for what is said. */
async function forge(change: {
  alg?: string;
  key?: Parameters<SignJWT['sign']>[0];
  claims?: Record<string, unknown>;
}): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: issuer, aud: AUDIENCE, sub: 'x', iat: seconds, exp: seconds + 60 };
  const person = { email: emailOf('inspector'), email_verified: true };
  return new SignJWT({ ...claims, ...person, ...change.claims })
    .setProtectedHeader({ alg: change.alg ?? 'RS256', kid: 'one' })
    .sign(change.key ?? keys.privateKey);
}
const refused = async (token: string) => expectProblem(await as(token).get('/me'), 401, 'unauthenticated');

describe('C-08 the token of an OpenID Connect issuer', () => {
  it('stands for the account with the verified e-mail, and its grants', async () => {
    const me = await as(await tokenFor(emailOf('inspector'))).get('/me');
    expect(me.body).toMatchObject({ id: trial.userId('inspector'), grants: [{ role: 'inspector' }] });
    const monitor = as(await tokenFor(emailOf('monitor').toUpperCase()));
    expect((await monitor.get('/me')).body.id).toBe(trial.userId('monitor'));
    expectProblem(await monitor.get(`${STUDY}/grants`), 403, 'not-permitted');
  });

  it('is nobody’s without an account, or with an e-mail that is not verified', async () => {
    await refused(await tokenFor('stranger@trial.example'));
    await refused(await tokenFor(`unverified ${emailOf('inspector')}`));
  });

  it('is refused for another audience', async () => {
    await refused(await tokenFor(emailOf('inspector'), 'urn:elsewhere'));
  });

  it('is refused for what differs from a good one', async () => {
    expect((await as(await forge({})).get('/me')).status).toBe(200);
    const other = await generateKeyPair('RS256');
    const { kty, n, e } = await exportJWK(keys.publicKey);
    const seconds = Math.floor(Date.now() / 1000);
    const forgeries = [
      forge({ key: other.privateKey }),
      // The public key as the secret of an HMAC.
      forge({ alg: 'HS256', key: Buffer.from(JSON.stringify({ kty, n, e })) }),
      forge({ claims: { exp: seconds - 1 } }),
      forge({ claims: { exp: undefined } }),
      forge({ claims: { nbf: seconds + 600 } }),
      forge({ claims: { aud: 'elsewhere' } }),
      forge({ claims: { iss: 'https://elsewhere.example' } }),
      forge({ claims: { iss: `${issuer}/` } }),
      forge({ claims: { email_verified: 'true' } }),
      forge({ claims: { email: undefined } }),
      forge({ claims: { email: { $ne: null } } }),
    ];
    for (const forgery of await Promise.all(forgeries)) await refused(forgery);
    const [, payload] = (await forge({})).split('.');
    for (const alg of ['none', 'None', '']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url');
      await refused(`${header}.${payload}.`);
    }
  });

  it('ends with the account', async () => {
    const email = `${randomUUID()}@trial.example`;
    const { id } = await accepted(
      trial.as('administrator').post('/users', { email, name: 'A. Person', password: PASSWORD }),
    );
    const client = as(await forge({ claims: { email } }));
    expect((await client.get('/me')).body.id).toBe(id);
    await accepted(trial.as('administrator').post(`/users/${id}/deactivation`, { reason: 'Left' }));
    expectProblem(await client.get('/me'), 401, 'unauthenticated');
  });
});
