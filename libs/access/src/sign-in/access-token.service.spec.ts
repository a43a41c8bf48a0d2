import { createHmac } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from './access-token.service.js';

const key = Buffer.alloc(32, 7);
let time: number;
let tokens: AccessTokens;
beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z');
  tokens = open();
});
const open = (secret = key) => new AccessTokens(secret, () => new Date(time));
const pass = (seconds: number) => {
  time += seconds * 1000;
};

/** A token like our own but for what is changed. */
function forge({ alg = 'HS256', typ = 'at+jwt', secret = key, claims = {} }: Forgery = {}): Promise<string> {
  const seconds = time / 1000;
  const own = { sub: 'u1', iss: 'daybook', aud: 'daybook-api', iat: seconds, exp: seconds + 900 };
  return new SignJWT({ ...own, ...claims }).setProtectedHeader({ alg, typ }).sign(secret);
}
interface Forgery {
  alg?: string;
  typ?: string;
  secret?: Uint8Array;
  claims?: Record<string, unknown>;
}

describe('an access token', () => {
  it('names its user, when asked once and again', async () => {
    const token = await tokens.issue('u1', 's1');
    expect((await tokens.read(token))?.user).toBe('u1');
    expect((await tokens.read(token))?.user).toBe('u1');
    expect((await open().read(token))?.user).toBe('u1');
  });

  it('says for whom, by whom, how long and of which session, and nothing of the user but the id', async () => {
    const token = await tokens.issue('u1', 's1');
    const seconds = time / 1000;
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(decodeJwt(token)).toEqual({
      sub: 'u1',
      sid: 's1',
      iss: 'daybook',
      aud: 'daybook-api',
      iat: seconds,
      exp: seconds + ACCESS_TOKEN_SECONDS,
    });
  });

  it('is good for 15 minutes, whether it was seen before or not', async () => {
    const token = await tokens.issue('u1', 's1');
    pass(899);
    expect((await tokens.read(token))?.user).toBe('u1');
    pass(1);
    expect((await tokens.read(token))?.user).toBeUndefined();
    expect((await open().read(token))?.user).toBeUndefined();
  });

  it('of ours is what the forgeries below differ from', async () => {
    expect((await tokens.read(await forge()))?.user).toBe('u1');
  });

  it.each<[string, Forgery]>([
    ['under another key', { secret: Buffer.alloc(32, 8) }],
    ['with another algorithm', { alg: 'HS512', secret: Buffer.alloc(64, 7) }],
    ['of another type', { typ: 'JWT' }],
    ['of another issuer', { claims: { iss: 'elsewhere' } }],
    ['for another audience', { claims: { aud: 'elsewhere' } }],
    ['without an end', { claims: { exp: undefined } }],
    ['without a user', { claims: { sub: undefined } }],
    ['not valid yet', { claims: { nbf: Date.parse('2026-03-01T13:00:00Z') / 1000 } }],
  ])('is not one %s', async (_, forgery) => {
    expect((await tokens.read(await forge(forgery)))?.user).toBeUndefined();
  });

  it('under our key with another algorithm is none', async () => {
    const [, payload] = (await forge()).split('.');
    const header = Buffer.from('{"alg":"HS512","typ":"at+jwt"}').toString('base64url');
    const mac = createHmac('sha512', key).update(`${header}.${payload}`).digest('base64url');
    expect((await tokens.read(`${header}.${payload}.${mac}`))?.user).toBeUndefined();
  });

  it('without a signature is none', async () => {
    const [, payload] = (await forge()).split('.');
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    expect((await tokens.read(`${header}.${payload}.`))?.user).toBeUndefined();
  });

  it.each(['', 'x', 'a.b.c'])('is not any text: %j', async (text) => {
    expect((await tokens.read(text))?.user).toBeUndefined();
  });
});
