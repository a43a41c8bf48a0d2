import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { Controller, Get, Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Runner, Streams } from '#commands';
import { EventStore } from '#event-store';
import { applyConventions, Cursors, serverOptions } from '#http';
import { freshStore } from '../../../test/database.js';
import { AccessModule } from './access.module.js';
import { AccessRecord } from './guard/access-record.service.js';
import { Callers } from './guard/callers.service.js';
import { CurrentCaller } from './guard/current-caller.decorator.js';
import { Needs, Public } from './guard/needs.decorator.js';
import { type Caller, systemCaller } from './scope.js';
import { ServerSecret } from './server-secret.service.js';
import { AccessTokens } from './sign-in/access-token.service.js';
import { ClientSecrets } from './sign-in/client-secret.table.js';
import { Credentials } from './sign-in/credential.table.js';
import { ForeignTokens } from './sign-in/foreign-token.service.js';
import { lockAwaited } from './sign-in/lock-awaited.spec-kit.js';
import { Lockouts } from './sign-in/lockout.table.js';
import { SecondFactors } from './sign-in/second-factor.table.js';
import { Sessions } from './sign-in/session.table.js';
import { SignInLimit } from './sign-in/sign-in-limit.service.js';
import { INSTALLATION_LOG, USER_COMMANDS, userCommands } from './user/user.commands.js';

@Controller('probe')
class ProbeController {
  @Public()
  @Get('open')
  open(@CurrentCaller() caller: Caller | undefined) {
    return { caller: caller ?? null };
  }

  @Needs('signed-in')
  @Get('closed')
  closed(@CurrentCaller() caller: Caller) {
    return { caller };
  }
}

@Global()
@Module({})
class BehindModule {}

@Module({})
class ProbeModule {}

let fresh: Awaited<ReturnType<typeof freshStore>>;
let app: NestFastifyApplication;
let admin: string;
let time = 0;
const now = () => new Date(Date.now() + time);

beforeAll(async () => {
  fresh = await freshStore();
  await fresh.pool.query(`INSERT INTO study VALUES ('SINET', 'SINET', 1), ('OTHER', 'Other', 1)`);
  await fresh.pool.query(
    `INSERT INTO site SELECT 'SINET', site, site, 'FR', true FROM unnest(ARRAY['FR01', 'FR02']) AS site`,
  );
  app = await serve();
  admin = await firstAdministrator();
});
afterAll(async () => {
  await app.close();
  await fresh.close();
});

async function serve(): Promise<NestFastifyApplication> {
  const { pool, store, signal } = fresh;
  const runner = new Runner<Caller>(store, new Streams(store), now);
  const secret = new ServerSecret(randomBytes(32));
  const ambient = { now, uuid: randomUUID, onFault: console.error };
  const providers = [
    { provide: Pool, useValue: pool },
    { provide: EventStore, useValue: store },
    { provide: Runner, useValue: runner },
    { provide: Cursors, useValue: new Cursors(randomBytes(32)) },
    { provide: USER_COMMANDS, useValue: userCommands(pool) },
    { provide: Credentials, useValue: new Credentials(pool, randomBytes) },
    { provide: Sessions, useValue: new Sessions(pool, randomBytes) },
    { provide: AccessTokens, useValue: new AccessTokens(randomBytes(32), now) },
    { provide: Callers, useValue: new Callers(pool, signal, now) },
    { provide: ForeignTokens, useValue: new ForeignTokens(undefined, pool, now) },
    { provide: ClientSecrets, useValue: new ClientSecrets(pool) },
    { provide: SecondFactors, useValue: new SecondFactors(pool, randomBytes(32), randomBytes, now) },
    { provide: Lockouts, useValue: new Lockouts(pool, secret, now) },
    { provide: ServerSecret, useValue: secret },
    { provide: AccessRecord, useValue: new AccessRecord(runner, pool, ambient) },
    { provide: SignInLimit, useValue: new SignInLimit(now, true) },
  ];
  const behind = { module: BehindModule, providers, exports: providers.map(({ provide }) => provide) };
  const made = await NestFactory.create<NestFastifyApplication>(
    { module: ProbeModule, imports: [behind, AccessModule], controllers: [ProbeController] },
    new FastifyAdapter(serverOptions),
    { bodyParser: false, logger: false },
  );
  applyConventions(made);
  await made.init();
  await made.getHttpAdapter().getInstance().ready();
  return made;
}

/** Signs in as the first start's administrator. */
async function firstAdministrator(): Promise<string> {
  const user = randomUUID();
  const call = () => ({ log: INSTALLATION_LOG, caller: systemCaller('set-up'), key: randomUUID() });
  const { CreateUser, GiveGrant } = userCommands(fresh.pool);
  const runner = app.get<Runner<Caller>>(Runner);
  await runner.run(CreateUser, { user, email: 'admin@daybook.example', name: 'Admin' }, call());
  const grant = { user, grant: randomUUID(), study: '*', role: 'administrator', sites: 'all' } as const;
  await runner.run(GiveGrant, { ...grant, unblinded: false }, call());
  await app.get(Credentials).set(user, PASSWORD);
  return signIn('admin@daybook.example');
}

const PASSWORD = 'correct horse battery staple';

interface Sent {
  token?: string;
  key?: string;
  body?: object;
}
async function send(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  { token, key, body }: Sent = {},
) {
  const answer = await app.inject({
    method,
    url: path.startsWith('/probe') ? path : `/api/v1${path}`,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { payload: body }),
  });
  const { statusCode: status, headers } = answer;
  return { status, headers, body: answer.body ? answer.json() : undefined };
}
const read = (path: string, token = admin) => send('GET', path, { token });
const write = (method: 'POST' | 'PUT' | 'DELETE', path: string, body: object, change: Sent = {}) =>
  send(method, path, { token: admin, key: randomUUID(), body, ...change });

async function signIn(email: string, password = PASSWORD): Promise<string> {
  return (await send('POST', '/auth/token', { body: { email, password } })).body.accessToken;
}

let nth = 0;
const newEmail = () => `person${nth++}@centre.example`;
async function newUser(email = newEmail()): Promise<{ id: string; email: string }> {
  const { body } = await write('POST', '/users', { email, name: 'Anna', password: PASSWORD });
  return body;
}
async function grantTo(user: string, role: string, sites?: string[], study = 'SINET'): Promise<string> {
  const body = { user, role, ...(sites && { sites }) };
  return (await write('POST', `/studies/${study}/grants`, body)).body.grant;
}
const problem = (code: string) => expect.objectContaining({ type: `/problems/${code}` });

describe('the guard', () => {
  it('lets a caller in who carries a token, and says who it is', async () => {
    const { status, body } = await read('/probe/closed');
    expect(status).toBe(200);
    expect(body.caller).toMatchObject({ name: 'Admin', email: 'admin@daybook.example' });
  });

  it('opens only what is public to those who carry none', async () => {
    expect(await send('GET', '/probe/open')).toMatchObject({ status: 200, body: { caller: null } });
    const { status, headers, body } = await send('GET', '/probe/closed');
    expect({ status, body }).toEqual({ status: 401, body: problem('unauthenticated') });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['', 'x', 'a.b.c', 'a b'])('refuses what is no token: %j', async (token) => {
    expect(await read('/probe/closed', token)).toMatchObject({
      status: 401,
      body: problem('unauthenticated'),
    });
  });

  it('shuts out a deactivated account at once, and a withdrawn grant', async () => {
    const user = await newUser();
    const grant = await grantTo(user.id, 'inspector', undefined, '*');
    const token = await signIn(user.email);
    expect((await read('/users', token)).status).toBe(200);
    await write('DELETE', `/studies/*/grants/${grant}`, { reason: 'Inspection over' });
    expect((await read('/users', token)).status).toBe(404);
    await write('POST', `/users/${user.id}/deactivation`, { reason: 'Left' });
    expect((await read('/me', token)).status).toBe(401);
  });
});

describe('signing in', () => {
  it('gives tokens for e-mail and password', async () => {
    const { email } = await newUser();
    const { status, body } = await send('POST', '/auth/token', { body: { email, password: PASSWORD } });
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 900,
    });
    expect((await read('/me', body.accessToken)).body).toMatchObject({ email });
  });

  it('does not tell a wrong password from an unknown account', async () => {
    const { email } = await newUser();
    const wrong = await send('POST', '/auth/token', { body: { email, password: 'x' } });
    const unknown = await send('POST', '/auth/token', { body: { email: newEmail(), password: 'x' } });
    expect(wrong).toMatchObject({ status: 401, body: problem('invalid-credentials') });
    expect(unknown.body).toEqual(wrong.body);
  });

  it('C-15 is locked for a minute after five failures', async () => {
    const { email } = await newUser();
    const attempt = (password: string) => send('POST', '/auth/token', { body: { email, password } });
    for (let i = 0; i < 5; i++) await attempt('x');
    const refused = await attempt(PASSWORD);
    expect(refused).toMatchObject({ status: 429, body: problem('too-many-requests') });
    expect(Number(refused.headers['retry-after'])).toBe(60);
    time += 60_000;
    expect((await attempt(PASSWORD)).status).toBe(200);
  });

  it('is renewed by the refresh token, once; signing out ends that', async () => {
    const { email } = await newUser();
    const first = (await send('POST', '/auth/token', { body: { email, password: PASSWORD } })).body;
    const refresh = (refreshToken: string) => send('POST', '/auth/refresh', { body: { refreshToken } });
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect((await read('/me', second.body.accessToken)).body).toMatchObject({ email });
    const out = await send('POST', '/auth/logout', { body: { refreshToken: second.body.refreshToken } });
    expect(out).toMatchObject({ status: 204, body: undefined });
    expect(await refresh(second.body.refreshToken)).toMatchObject({
      status: 401,
      body: problem('unauthenticated'),
    });
  });
});

describe('me', () => {
  it('says who I am and what I may do', async () => {
    const { id, email } = await newUser();
    await grantTo(id, 'coordinator', ['FR01', 'FR02']);
    expect((await read('/me', await signIn(email))).body).toEqual({
      id,
      email,
      name: 'Anna',
      grants: [{ study: 'SINET', role: 'coordinator', sites: ['FR01', 'FR02'], unblinded: false }],
    });
  });
});

describe('accounts', () => {
  it('are created, found and listed', async () => {
    const email = newEmail();
    const made = await write('POST', '/users', { email, name: 'Anna', password: PASSWORD });
    const account = {
      id: expect.any(String),
      email,
      name: 'Anna',
      active: true,
      secondFactor: false,
      grants: [],
    };
    expect(made).toMatchObject({ status: 201, body: account });
    expect(made.headers.location).toBe(`/api/v1/users/${made.body.id}`);
    expect(made.headers['daybook-position']).toMatch(/^\d+$/);
    expect((await read(`/users/${made.body.id}`)).body).toEqual(account);
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await read(`/users?limit=2${cursor && `&cursor=${cursor}`}`);
      listed.push(...body.items.map((one: { email: string }) => one.email));
      cursor = body.nextCursor;
    }
    const { rows } = await fresh.pool.query<{ email: string }>('SELECT email FROM app_user');
    expect(listed.sort()).toEqual(rows.map((row) => row.email).sort());
    expect(listed).toContain(email);
  });

  it('give a retry the first answer again', async () => {
    const key = randomUUID();
    const body = { email: newEmail(), name: 'Anna', password: PASSWORD };
    const first = await write('POST', '/users', body, { key });
    const again = await write('POST', '/users', body, { key });
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.headers['daybook-position']).toBe(first.headers['daybook-position']);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    const other = await write('POST', '/users', { ...body, name: 'Otto' }, { key });
    expect(other).toMatchObject({ status: 422, body: problem('idempotency-key-reused') });
  });

  it('have each its own e-mail, whatever its case', async () => {
    const { email } = await newUser();
    const again = await write('POST', '/users', {
      email: email.toUpperCase(),
      name: 'Otto',
      password: PASSWORD,
    });
    expect(again).toMatchObject({ status: 409, body: problem('already-exists') });
  });

  it('have each its own e-mail even where another node takes it at the same moment', async () => {
    const email = newEmail();
    const other = new Client(fresh.url);
    await other.connect();
    await other.query('BEGIN');
    await other.query(
      `INSERT INTO app_user (id, email, name, active, grants) VALUES ($1, $2, 'Otto', true, '{}')`,
      [randomUUID(), email],
    );
    const creating = write('POST', '/users', { email, name: 'Anna', password: PASSWORD });
    await lockAwaited(fresh.pool);
    await other.query('COMMIT');
    await other.end();
    expect(await creating).toMatchObject({ status: 409, body: problem('already-exists') });
  });

  it('complete on a retry what was cut short after the event', async () => {
    const key = randomUUID();
    const body = { email: newEmail(), name: 'Anna', password: PASSWORD };
    const { id } = (await write('POST', '/users', body, { key })).body;
    await fresh.pool.query('UPDATE credential SET hash = $2, position = -1 WHERE id = $1', [id, 'lost']);
    await write('POST', '/users', body, { key });
    expect(await signIn(body.email)).toBeDefined();
  });

  it('take a new password, which ends the sessions; a retry does not undo a later one', async () => {
    const { id, email } = await newUser();
    const session = (await send('POST', '/auth/token', { body: { email, password: PASSWORD } })).body;
    const key = randomUUID();
    const change = (password: string, sent?: Sent) =>
      write('PUT', `/users/${id}/password`, { password }, sent);
    expect(await change('the second phrase', { key })).toMatchObject({ status: 204, body: undefined });
    await change('the third phrase');
    expect((await change('the second phrase', { key })).headers['idempotent-replayed']).toBe('true');
    expect(await change('the fourth phrase', { key })).toMatchObject({
      status: 422,
      body: problem('idempotency-key-reused'),
    });
    expect(await signIn(email, 'the third phrase')).toBeDefined();
    expect(await signIn(email, 'the second phrase')).toBeUndefined();
    const refreshed = await send('POST', '/auth/refresh', { body: { refreshToken: session.refreshToken } });
    expect(refreshed.status).toBe(401);
  });

  it('refuse weak passwords, the own e-mail among them', async () => {
    const { id, email } = await newUser();
    const refused = { status: 422, body: { errors: [expect.objectContaining({ pointer: '/password' })] } };
    const create = (password: string) =>
      write('POST', '/users', { email: newEmail(), name: 'Anna', password });
    expect(await create('short')).toMatchObject(refused);
    expect(await write('PUT', `/users/${id}/password`, { password: email })).toMatchObject(refused);
  });

  it('refuse bodies with faults, each with its place', async () => {
    const { status, body } = await write('POST', '/users', { email: 'x', role: 'administrator' });
    expect(status).toBe(422);
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect([...new Set(pointers)].sort()).toEqual(['/email', '/name', '/password', '/role']);
  });

  it('are not told apart where they do not exist', async () => {
    for (const id of [randomUUID(), 'x']) {
      expect(await read(`/users/${id}`)).toMatchObject({ status: 404, body: problem('not-found') });
      const change = await write('PUT', `/users/${id}/password`, { password: PASSWORD });
      expect(change).toMatchObject({ status: 404, body: problem('not-found') });
    }
  });

  it('leave events that never hold a password', async () => {
    const { id } = await newUser();
    await write('PUT', `/users/${id}/password`, { password: 'the second phrase' });
    await write('POST', `/users/${id}/deactivation`, { reason: 'Left' });
    const events = await fresh.store.readStream(INSTALLATION_LOG, `user/${id}`);
    expect(events.map(({ type }) => type)).toEqual(['UserCreated', 'PasswordChanged', 'UserDeactivated']);
    expect(JSON.stringify(events)).not.toMatch(/phrase|horse|argon2/);
  });
});

describe('grants', () => {
  let user: { id: string; email: string };
  beforeEach(async () => {
    user = await newUser();
  });
  const give = (body: object, sent?: Sent, study = 'SINET') =>
    write('POST', `/studies/${study}/grants`, { user: user.id, ...body }, sent);

  it('are given, listed and withdrawn, and a retry of either gets the first answer', async () => {
    const [giving, withdrawing] = [randomUUID(), randomUUID()];
    const given = await give({ role: 'monitor', sites: ['FR01'] }, { key: giving });
    const { grant } = given.body;
    const recorded = {
      user: user.id,
      grant,
      study: 'SINET',
      role: 'monitor',
      sites: ['FR01'],
      unblinded: false,
    };
    expect(given).toMatchObject({ status: 201, body: recorded });
    expect((await read('/studies/SINET/grants')).body.items).toContainEqual(recorded);
    expect((await read('/studies/OTHER/grants')).body.items).toEqual([]);

    const path = `/studies/SINET/grants/${grant}`;
    const withdraw = (sent: Sent) => write('DELETE', path, { reason: 'Moved' }, sent);
    const gone = await withdraw({ key: withdrawing });
    expect(gone).toMatchObject({ status: 204, body: undefined });
    expect((await read(`/users/${user.id}`)).body.grants).toEqual([]);
    expect(await withdraw({})).toMatchObject({ status: 404, body: problem('not-found') });

    const goneAgain = await withdraw({ key: withdrawing });
    expect(goneAgain.status).toBe(204);
    expect(goneAgain.headers['idempotent-replayed']).toBe('true');
    expect(goneAgain.headers['daybook-position']).toBe(gone.headers['daybook-position']);
    const givenAgain = await give({ role: 'monitor', sites: ['FR01'] }, { key: giving });
    expect(givenAgain).toMatchObject({ status: 201, body: recorded });
    expect(givenAgain.headers['idempotent-replayed']).toBe('true');
  });

  it('are withdrawn only in their own study, and only if there are any', async () => {
    const grant = await grantTo(user.id, 'monitor', ['FR01']);
    for (const path of [`/studies/OTHER/grants/${grant}`, `/studies/SINET/grants/${randomUUID()}`]) {
      const refused = await write('DELETE', path, { reason: 'Moved' });
      expect(refused).toMatchObject({ status: 404, body: problem('not-found') });
    }
  });

  it('are for all sites when none are named, or when all are', async () => {
    expect((await give({ role: 'data-manager' })).body.sites).toBe('all');
    expect((await give({ role: 'data-manager', sites: 'all' })).body.sites).toBe('all');
  });

  it.each([
    ['a role that there is not', { role: 'king' }, '/role'],
    ['no sites for who works at some', { role: 'investigator' }, '/sites'],
    ['sites that are null', { role: 'investigator', sites: null }, '/sites'],
    ['an empty list of sites', { role: 'monitor', sites: [] }, '/sites'],
    ['sites for who works for all', { role: 'statistician', sites: ['FR01'] }, '/sites'],
    ['unblinding that is null', { role: 'statistician', unblinded: null }, '/unblinded'],
    ['unblinding for another role', { role: 'monitor', unblinded: true }, '/unblinded'],
    ['an administrator of one study', { role: 'administrator' }, '/role'],
  ])('are refused: %s', async (_, body, pointer) => {
    expect(await give(body)).toMatchObject({
      status: 422,
      body: { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) },
    });
  });

  it('are refused to an account that does not exist', async () => {
    expect(await give({ user: randomUUID(), role: 'inspector' })).toMatchObject({ status: 404 });
  });
});

describe('who is no administrator', () => {
  const writes: [string, 'POST' | 'PUT' | 'DELETE', string, object][] = [
    ['create accounts', 'POST', '/users', { email: 'new@x.example', name: 'Anna', password: PASSWORD }],
    ['set passwords', 'PUT', '/users/USER/password', { password: PASSWORD }],
    ['deactivate accounts', 'POST', '/users/USER/deactivation', { reason: 'Left' }],
    ['give grants', 'POST', '/studies/SINET/grants', { user: randomUUID(), role: 'inspector' }],
    ['withdraw grants', 'DELETE', `/studies/SINET/grants/${randomUUID()}`, { reason: 'Moved' }],
  ];

  it.each(writes)('may not %s', async (_, method, path, body) => {
    const { id, email } = await newUser();
    const address = path.replace('USER', id);
    const token = await signIn(email);
    expect(await write(method, address, body, { token })).toMatchObject({ status: 404 });
    await grantTo(id, 'inspector', undefined, '*');
    expect(await write(method, address, body, { token })).toMatchObject({ status: 403 });
    expect(await write(method, address, body, { token: '' })).toMatchObject({ status: 401 });

    expect(await send(method, address, { token: admin, body })).toMatchObject({
      status: 400,
      body: problem('idempotency-key-required'),
    });
  });

  it('sees accounts as an inspector, and not otherwise', async () => {
    const { id, email } = await newUser();
    await grantTo(id, 'data-manager', undefined, '*');
    const token = await signIn(email);
    expect((await read('/users', token)).status).toBe(403);
    await grantTo(id, 'inspector', undefined, '*');
    expect((await read('/users', token)).status).toBe(200);
    expect((await read('/studies/SINET/grants', token)).status).toBe(200);
  });
});
