import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '#access';
import { operationsOf, permits, rolesPage } from './access-page.js';
import { enrol, STUDY } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, PASSWORD, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const operations = operationsOf((await trial.root.get('/api/openapi.json')).body);
const declared = operations.flatMap(({ need, ...rest }) => (need ? [{ ...rest, need }] : []));
const inStudies = declared.filter(
  ({ path, need }) => path.includes('{study}') && !/^(public|signed-in)$/.test(need[0]!),
);
const elsewhere = declared.filter((one) => !inStudies.includes(one));

const atSites: readonly Role[] = ['investigator', 'coordinator', 'monitor'];
const clients = new Map<Role, ApiClient>();
let subjects: Record<'own' | 'other', string>;
beforeAll(async () => {
  const administrator = trial.as('administrator');
  const join = async (role: Role, study: string) => {
    const email = `${randomUUID()}@trial.example`;
    const { id } = await accepted(administrator.post('/users', { email, name: role, password: PASSWORD }));
    const sites = atSites.includes(role) ? { sites: ['FR01'] } : {};
    await accepted(administrator.post(`/studies/${study}/grants`, { user: id, role, ...sites }));
    const { accessToken } = await accepted(
      trial.as('nobody').post('/auth/token', { email, password: PASSWORD }),
    );
    return new ApiClient(`${trial.started.server.url}`, accessToken);
  };
  for (const role of roles) clients.set(role, await join(role, role === 'administrator' ? '*' : 'SINET'));
  const definition = await accepted(trial.as('dataManager').get(`${STUDY}/definitions/1`));
  const publisher = await join('data-manager', '*');
  const other = { ...definition, study: { ...definition.study, oid: 'OTHER' } };
  await accepted(publisher.post('/api/v1/studies', other));
  subjects = {
    own: await enrol(trial.as('investigator')),
    other: await enrol(trial.as('otherCoordinator'), 'DE01'),
  };
});

/** Sends an operation with as little as it takes to be looked at: no body, and things that there are not. */
function ask(
  role: Role,
  { method, path }: { method: string; path: string },
  study: string,
  subject = 'NONE-1',
) {
  const known: Record<string, string> = {
    query: `${subject}-Q1`,
    study,
    subject,
    visit: 'V_SCR',
    form: 'DM',
    version: '1',
    other: '1',
  };
  const address = path.replace(
    /\{(\w+)\}|\*/g,
    (_, name) => known[name] ?? '00000000-0000-8000-a000-000000000000',
  );
  const client = clients.get(role)!;
  return method === 'GET' ? client.get(address) : client.raw(method, address, '{}');
}

describe('C-17 every operation', () => {
  it('declares whom it is open to', () => {
    expect(operations.length).toBeGreaterThan(40);
    expect(operations.filter(({ need }) => need === undefined)).toEqual([]);
  });

  it('says so in the reference', async () => {
    const { paths } = (await trial.root.get('/api/openapi.json')).body;
    const enrolment = paths['/api/v1/studies/{study}/subjects'].post;
    expect(enrolment['x-permission']).toEqual(['EnrolSubject']);
    expect(enrolment.description).toContain('For the roles investigator, coordinator.');
  });

  it('stands in docs/roles.md as the code has it', async () => {
    await expect(rolesPage(operations)).toMatchFileSnapshot('../../docs/roles.md');
  });
});

describe.each(roles)('C-17 as %s', (role) => {
  it('what the role permits is looked at, and all else is refused, whatever is sent', async () => {
    const wrong = [];
    for (const operation of inStudies) {
      const { status } = await ask(role, operation, 'SINET', subjects.own);
      const right = permits(role, operation.need) ? status !== 401 && status !== 403 : status === 403;
      if (!right) wrong.push(`${operation.method} ${operation.path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('of another study there is nothing', async () => {
    if (role === 'administrator') return;
    const wrong = [];
    for (const operation of inStudies) {
      const { status } = await ask(role, operation, 'OTHER', subjects.own);
      if (status !== 404) wrong.push(`${operation.method} ${operation.path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });

  it('a subject of another site is one that there is not', async () => {
    if (!atSites.includes(role)) return;
    const wrong = [];
    for (const operation of inStudies.filter(({ path }) => path.includes('{subject}'))) {
      const there = await ask(role, operation, 'SINET', subjects.other);
      const nowhere = await ask(role, operation, 'SINET', 'DE01-9999');
      const mayElsewhere = permits(role, operation.need);
      const same = there.text === nowhere.text && (mayElsewhere || there.status === 404);
      if (!same || there.status < 400) wrong.push(`${operation.method} ${operation.path}: ${there.text}`);
    }
    expect(wrong).toEqual([]);
  });

  it('what belongs to no study is the administrator’s, but for what is one’s own', async () => {
    if (role === 'administrator') return;
    const wrong = [];
    for (const operation of elsewhere.filter(({ need }) => !/^(public|signed-in)$/.test(need[0]!))) {
      const { status } = await ask(role, operation, 'SINET');
      const right = operation.method === 'GET' ? status === 404 : status >= 400;
      if (!right) wrong.push(`${operation.method} ${operation.path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('C-17 without an account', () => {
  it('nothing is open but what is public', async () => {
    const wrong = [];
    const nobody = new ApiClient(trial.started.server.url);
    for (const { method, path, need } of declared) {
      const address = path.replace(/\{(\w+)\}|\*/g, (_, name) => (name === 'study' ? 'SINET' : 'none'));
      const { status } =
        method === 'GET' ? await nobody.get(address) : await nobody.raw(method, address, '{}');
      if ((status === 401) !== (need[0] !== 'public')) wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});
