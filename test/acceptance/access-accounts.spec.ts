import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProblem, faultsOf, positionOf, STUDY } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const administrator = trial.as('administrator');
const nobody = trial.as('nobody');
const clientOf = (accessToken: string) => new ApiClient(`${trial.started.server.url}/api/v1`, accessToken);
const day = (fromToday: number) => new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10);

async function newPerson() {
  const email = `${randomUUID()}@trial.example`;
  const { id } = await accepted(
    administrator.post('/users', { email, name: 'A. Person', password: PASSWORD }),
  );
  const { accessToken } = await accepted(nobody.post('/auth/token', { email, password: PASSWORD }));
  return { id, email, client: clientOf(accessToken) };
}
const give = (user: string, grant: object, study = 'SINET') =>
  administrator.post(`/studies/${study}/grants`, { user, ...grant });

describe('a name or a reason that is blank', () => {
  it('is refused', async () => {
    const { id } = await newPerson();
    const email = `${randomUUID()}@trial.example`;
    for (const [path, body, pointer] of [
      ['/users', { email, name: ' ', password: PASSWORD }, '/name'],
      ['/service-accounts', { name: '\t' }, '/name'],
      [`/users/${id}/deactivation`, { reason: '\u3000' }, '/reason'],
      [`${STUDY}/sites`, { site: 'BLANK', name: ' ', country: 'FR' }, '/name'],
    ] as const) {
      const answer = await administrator.post(path, body);
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    }
  });
});

describe('the last administrator', () => {
  it('does not lock everybody out', async () => {
    const { id } = await accepted(administrator.get('/me'));
    const answer = await administrator.post(`/users/${id}/deactivation`, { reason: 'Leaving' });
    expectProblem(answer, 409, 'conflict');
    expect((await administrator.get('/me')).status).toBe(200);
  });
});

describe('C-09 a grant', () => {
  it.each([
    ['from today to today', { from: day(0), to: day(0) }, 200],
    ['from yesterday', { from: day(-1) }, 200],
    ['to tomorrow', { to: day(1) }, 200],
    ['from tomorrow', { from: day(1) }, 404],
    ['to yesterday', { to: day(-1) }, 404],
  ])('counts on its days only: %s', async (_, days, status) => {
    const { id, client } = await newPerson();
    const given = await give(id, { role: 'monitor', sites: ['FR01'], ...days });
    expect(given.body).toMatchObject(days);
    expect((await client.get(`${STUDY}/subjects`)).status).toBe(status);
    expect((await client.get('/me')).body.grants).toHaveLength(status === 200 ? 1 : 0);
    expect((await accepted(administrator.get(`/users/${id}`))).grants).toMatchObject([days]);
  });

  it('has days that exist, in their order', async () => {
    const user = trial.userId('inspector');
    for (const [days, pointer] of [
      [{ from: '2026-02-30' }, '/from'],
      [{ from: 'tomorrow' }, '/from'],
      [{ to: 20260301 }, '/to'],
      [{ to: null }, '/to'],
      [{ from: day(1), to: day(0) }, '/to'],
    ] as const) {
      const answer = await give(user, { role: 'inspector', ...days });
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    }
  });

  it('names a study and sites that there are; * stands for all', async () => {
    const { id } = await newPerson();
    expectProblem(await give(id, { role: 'inspector' }, 'NONE'), 404, 'not-found');
    const unknown = await give(id, { role: 'monitor', sites: ['FR01', 'XX99'] });
    expectProblem(unknown, 422, 'invalid-value');
    expect(Object.keys(faultsOf(unknown))).toEqual(['/sites/1']);
    expect((await give(id, { role: 'inspector' }, '*')).status).toBe(201);
    expect((await give(id, { role: 'monitor', sites: ['DE01'] }, '*')).status).toBe(201);
  });
});

describe('C-09 the list of accounts', () => {
  it('is given as of any position or instant, with the grants of then', async () => {
    const email = `${randomUUID()}@trial.example`;
    const before = new Date().toISOString();
    const created = await administrator.post('/users', { email, name: 'Before', password: PASSWORD });
    const { id } = created.body;
    const given = await give(id, { role: 'inspector' });
    const withdrawal = await administrator.delete(`${STUDY}/grants/${given.body.grant}`, { reason: 'Over' });
    await accepted(administrator.post(`/users/${id}/deactivation`, { reason: 'Left' }));

    const asOf = async (moment: unknown) =>
      (await accepted(administrator.get(`/users?limit=1000&asOf=${moment}`))).items.find(
        (one: { email: string }) => one.email === email,
      );
    expect(await asOf(positionOf(created))).toMatchObject({ id, active: true, grants: [] });
    expect(await asOf(positionOf(given))).toMatchObject({ active: true, grants: [{ role: 'inspector' }] });
    expect(await asOf(positionOf(withdrawal))).toMatchObject({ active: true, grants: [] });
    expect(await asOf(new Date().toISOString())).toMatchObject({ active: false });
    expect(await asOf(before)).toBeUndefined();
    const grantsAsOf = await accepted(
      administrator.get(`${STUDY}/grants?asOf=${positionOf(given)}&limit=1000`),
    );
    expect(grantsAsOf.items).toContainEqual(expect.objectContaining({ user: id, role: 'inspector' }));
  });

  it('and that of grants come in pages, of which no cursor serves another list or person', async () => {
    const all = (await accepted(administrator.get(`${STUDY}/grants?limit=1000`))).items;
    const seen: unknown[] = [];
    let cursor = '';
    let first = '';
    do {
      const answer = await administrator.get(`${STUDY}/grants?limit=3${cursor}`);
      expect(answer.body.items.length).toBeLessThanOrEqual(3);
      seen.push(...answer.body.items);
      cursor = answer.body.nextCursor === null ? '' : `&cursor=${answer.body.nextCursor}`;
      first ||= cursor;
    } while (cursor);
    expect(seen).toEqual(all);
    for (const [client, path] of [
      [trial.as('inspector'), `${STUDY}/grants`],
      [administrator, '/users'],
      [administrator, `${STUDY}/delegations`],
      [administrator, '/studies/*/grants'],
    ] as const)
      expectProblem(await client.get(`${path}?limit=3${first}`), 400, 'invalid-request');
  });
});

describe('C-09 the delegation log', () => {
  const read = async (person: Person, query = '') =>
    (await accepted(trial.as(person).get(`${STUDY}/delegations?limit=1000${query}`))).items as {
      user: string;
      sites: unknown;
    }[];

  it('says who held which role at which site, given and ended by whom', async () => {
    const { id } = await newPerson();
    const given = await give(id, { role: 'coordinator', sites: ['FR01', 'DE01'], from: day(-3), to: day(3) });
    const withdrawn = await administrator.delete(`${STUDY}/grants/${given.body.grant}`, { reason: 'Moved' });
    expect((await read('dataManager')).find(({ user }) => user === id)).toEqual({
      grant: given.body.grant,
      user: id,
      name: 'A. Person',
      role: 'coordinator',
      sites: ['FR01', 'DE01'],
      from: day(-3),
      to: day(3),
      given: { at: expect.any(String), by: expect.any(String), byName: 'First administrator' },
      ended: {
        at: expect.any(String),
        by: expect.any(String),
        byName: 'First administrator',
        reason: 'Moved',
        how: 'withdrawn',
      },
    });
    const then = (await read('inspector', `&asOf=${positionOf(withdrawn) - 1}`)).find(
      ({ user }) => user === id,
    );
    expect(then).toMatchObject({ ended: null });
  });

  it('shows investigators and monitors their own sites', async () => {
    for (const person of ['investigator', 'monitor'] as const) {
      const items = await read(person);
      expect(items.map(({ user }) => user)).not.toContain(trial.userId('otherCoordinator'));
      for (const { sites } of items) expect(sites === 'all' || String(sites) === 'FR01').toBe(true);
      expectProblem(await trial.as(person).get(`${STUDY}/delegations?site=DE01`), 404, 'not-found');
    }
    expect((await read('dataManager', '&site=DE01')).map(({ user }) => user)).toContain(
      trial.userId('otherCoordinator'),
    );
    for (const person of ['coordinator', 'statistician'] as const)
      expectProblem(await trial.as(person).get(`${STUDY}/delegations`), 403, 'not-permitted');
  });

  it('takes a site once', async () => {
    const answer = await trial.as('investigator').get(`${STUDY}/delegations?site=FR01&site=DE01`);
    expectProblem(answer, 400, 'invalid-request');
  });
});

describe('C-08 a service account', () => {
  const create = async () => accepted(administrator.post('/service-accounts', { name: 'Sync' }));
  const token = (clientId: string, clientSecret: string) =>
    nobody.post('/auth/token', { clientId, clientSecret });

  it('signs in with its secret, holds grants as people do, and is deactivated as they are', async () => {
    const { clientId, clientSecret } = await create();
    expect(Buffer.from(clientSecret, 'base64url')).toHaveLength(32);
    const client = clientOf((await accepted(token(clientId, clientSecret))).accessToken);
    expect((await client.get('/me')).body).toEqual({ id: clientId, email: null, name: 'Sync', grants: [] });
    expectProblem(await client.get(`${STUDY}/outcomes`), 404, 'not-found');
    await accepted(give(clientId, { role: 'statistician' }));
    expect((await client.get(`${STUDY}/outcomes`)).status).toBe(200);
    await accepted(administrator.post(`/users/${clientId}/deactivation`, { reason: 'Over' }));
    expectProblem(await client.get('/me'), 401, 'unauthenticated');
    expectProblem(await token(clientId, clientSecret), 401, 'invalid-credentials');
  });

  it('has a new secret in place of the old, which ends its sessions', async () => {
    const { clientId, clientSecret } = await create();
    const { accessToken, refreshToken } = await accepted(token(clientId, clientSecret));
    const rotated = await accepted(administrator.post(`/service-accounts/${clientId}/secret`, {}));
    expect(rotated.clientSecret).not.toBe(clientSecret);
    expectProblem(await token(clientId, clientSecret), 401, 'invalid-credentials');
    expect((await token(clientId, rotated.clientSecret)).status).toBe(200);
    expectProblem(await nobody.post('/auth/refresh', { refreshToken }), 401, 'unauthenticated');
    expectProblem(await clientOf(accessToken).get('/me'), 401, 'unauthenticated');
  });

  it('gives a retry the first answer, and its secret is stored nowhere', async () => {
    const key = randomUUID();
    const send = () => administrator.post('/service-accounts', { name: 'Sync' }, { key });
    const first = await send();
    const again = await send();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const { rows } = await trial.started.installation.pool.query(
      `SELECT t::text AS row FROM client_secret t UNION ALL SELECT entry FROM event WHERE log = '.installation'`,
    );
    expect(JSON.stringify(rows)).not.toContain(first.body.clientSecret);
  });

  it('is no person: it has no password and no second factor, and a person has no secret', async () => {
    const { clientId, clientSecret } = await create();
    const password = await administrator.put(`/users/${clientId}/password`, { password: PASSWORD });
    expectProblem(password, 409, 'conflict');
    const client = clientOf((await accepted(token(clientId, clientSecret))).accessToken);
    expectProblem(await client.post('/me/second-factor', {}), 409, 'conflict');
    const secret = await administrator.post(`/service-accounts/${trial.userId('monitor')}/secret`, {});
    expectProblem(secret, 404, 'not-found');
    expectProblem(await token(emailOf('monitor'), PASSWORD), 401, 'invalid-credentials');
    expectProblem(await trial.as('inspector').post('/service-accounts', { name: 'X' }), 404, 'not-found');
  });
});
