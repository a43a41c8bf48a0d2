import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import type { Answer, ApiClient } from './client.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

interface Write {
  readonly name: string;
  readonly by: Person;
  /** Makes what the write needs; gives the write, and the same write with another content. */
  prepare(): Promise<{ send: Send; other: Send }>;
}

type Send = (client: ApiClient, key: string) => Promise<Answer>;

const post =
  (path: string, body: unknown): Send =>
  (client, key) =>
    client.post(path, body, { key });
const newEmail = () => `${randomUUID()}@trial.example`;
const password = 'slow rivers run deep 7';

const newSubject = () => enrol(trial.as('investigator'));

async function newQuery(subject: string): Promise<string> {
  const body = { visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT', text: 'Please check.' };
  return (await accepted(trial.as('monitor').post(`${subjectPath(subject)}/queries`, body))).query;
}

async function newUser(email = newEmail()): Promise<string> {
  const body = { email, name: 'A. Person', password };
  return (await accepted(trial.as('administrator').post('/users', body))).id;
}

const queryStep = (step: string, by: Person, before: [string, Person][] = []): Write => ({
  name: `${step} a query`,
  by,
  async prepare() {
    const query = await newQuery(await newSubject());
    const path = (name: string) => `${STUDY}/queries/${query}/${name}`;
    for (const [name, person] of before) {
      await accepted(trial.as(person).post(path(name), { text: 'So it is.' }));
    }
    return { send: post(path(step), { text: 'Done.' }), other: post(path(step), { text: 'Not done.' }) };
  },
});

const writes: Write[] = [
  {
    name: 'enrol a subject',
    by: 'investigator',
    prepare: async () => ({
      send: post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }),
      other: post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-11' }),
    }),
  },
  {
    name: 'allocate an arm',
    by: 'investigator',
    async prepare() {
      const path = `${subjectPath(await newSubject())}/allocation`;
      return {
        send: post(path, { arm: 'A', date: '2024-02-01' }),
        other: post(path, { arm: 'B', date: '2024-02-01' }),
      };
    },
  },
  {
    name: 'record a withdrawal',
    by: 'coordinator',
    async prepare() {
      const path = `${subjectPath(await newSubject())}/withdrawal`;
      return {
        send: post(path, { date: '2024-03-01', reason }),
        other: post(path, { date: '2024-03-02', reason }),
      };
    },
  },
  {
    name: 'take a withdrawal back',
    by: 'coordinator',
    async prepare() {
      const subject = subjectPath(await newSubject());
      await accepted(trial.as('coordinator').post(`${subject}/withdrawal`, { date: '2024-03-01', reason }));
      return {
        send: post(`${subject}/reinstatement`, { reason }),
        other: post(`${subject}/reinstatement`, { reason: { ...reason, text: 'Another one' } }),
      };
    },
  },
  {
    name: 'enter a whole form, with identifying values and values that checks query',
    by: 'coordinator',
    async prepare() {
      const path = formPath(await newSubject(), 'V_SCR', 'DM');
      const put =
        (mrn: string): Send =>
        (client, key) =>
          client.put(path, { items: { 'I.DM.MRN': mrn, 'I.DM.WEIGHT': 400 }, complete: true }, { key });
      return { send: put('MRN-1'), other: put('MRN-2') };
    },
  },
  {
    name: 'correct a form',
    by: 'investigator',
    async prepare() {
      const path = formPath(await newSubject(), 'V_SCR', 'DM');
      const entered = await trial.as('coordinator').put(path, { items: { 'I.DM.WEIGHT': 70 } });
      const patch =
        (weight: number): Send =>
        (client, key) =>
          client.patch(path, { items: { 'I.DM.WEIGHT': weight }, reason }, { key, ...ifMatch(entered) });
      return { send: patch(71), other: patch(72) };
    },
  },
  {
    name: 'raise a query',
    by: 'monitor',
    async prepare() {
      const path = `${subjectPath(await newSubject())}/queries`;
      const body = { visit: 'V_SCR', form: 'DM~1', item: 'I.DM.SEX' };
      return { send: post(path, { ...body, text: 'Why?' }), other: post(path, { ...body, text: 'How?' }) };
    },
  },
  queryStep('answer', 'coordinator'),
  queryStep('close', 'monitor', [['answer', 'coordinator']]),
  queryStep('reopen', 'dataManager', [['answer', 'coordinator']]),
  queryStep('cancel', 'monitor'),
  {
    name: 'open a site',
    by: 'administrator',
    async prepare() {
      const site = `S${randomUUID().slice(0, 8)}`;
      const body = { site, name: 'A new centre', country: 'FR' };
      return {
        send: post(`${STUDY}/sites`, body),
        other: post(`${STUDY}/sites`, { ...body, country: 'DE' }),
      };
    },
  },
  {
    name: 'change a site',
    by: 'dataManager',
    async prepare() {
      const patch =
        (name: string): Send =>
        (client, key) =>
          client.patch(`${STUDY}/sites/DE01`, { name }, { key });
      return { send: patch(randomUUID()), other: patch(randomUUID()) };
    },
  },
  {
    name: 'create a user',
    by: 'administrator',
    async prepare() {
      const body = { email: newEmail(), name: 'A. Person', password };
      return { send: post('/users', body), other: post('/users', { ...body, name: 'B. Person' }) };
    },
  },
  {
    name: 'deactivate a user',
    by: 'administrator',
    async prepare() {
      const path = `/users/${await newUser()}/deactivation`;
      return { send: post(path, { reason: 'Left' }), other: post(path, { reason: 'Retired' }) };
    },
  },
  {
    name: 'give a grant',
    by: 'administrator',
    async prepare() {
      const body = { user: await newUser(), role: 'inspector' };
      return {
        send: post(`${STUDY}/grants`, body),
        other: post(`${STUDY}/grants`, { ...body, role: 'data-manager' }),
      };
    },
  },
];

describe.each(writes)('a retry: $name', ({ by, prepare }) => {
  it('has the first answer again and no second effect; the key serves no other request', async () => {
    const { send, other } = await prepare();
    const client = trial.as(by);
    const key = randomUUID();
    const first = await send(client, key);
    expect(first.status, first.text).toBeLessThan(300);
    expect(first.headers.has('idempotent-replayed')).toBe(false);
    const size = await trial.logSizes();

    for (const retry of [await send(client, key), await send(client, key.toUpperCase())]) {
      expect(retry.status).toBe(first.status);
      expect(retry.body).toEqual(first.body);
      expect(retry.headers.get('idempotent-replayed')).toBe('true');
      for (const header of ['daybook-position', 'etag', 'location'])
        expect(retry.headers.get(header), header).toBe(first.headers.get(header));
    }
    expectProblem(await other(client, key), 422, 'idempotency-key-reused');
    expect(await trial.logSizes()).toEqual(size);
  });

  it('sent at the same time as the first has one effect', async () => {
    const { send } = await prepare();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(trial.as(by), key)));
    expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => !headers.has('idempotent-replayed'))).toHaveLength(1);
  });
});

describe('an Idempotency-Key', () => {
  it('is required of every write', async () => {
    const answer = await trial.as('investigator').raw('POST', `${STUDY}/subjects`, '{"site":"FR01"}', {
      'Idempotency-Key': '',
    });
    expect(answer.status).toBe(400);
    const without = await fetch(`${trial.started.server.url}/api/v1${STUDY}/subjects`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: `Bearer ${trial.as('investigator').token}`,
      },
      body: JSON.stringify({ site: 'FR01', consentDate: '2024-01-10' }),
    });
    expect(without.status).toBe(400);
    expect(await without.json()).toMatchObject({ type: '/problems/idempotency-key-required' });
  });

  it('is a UUID', async () => {
    for (const key of ['1', 'not-a-uuid', `${randomUUID()}, ${randomUUID()}`, `{${randomUUID()}}`]) {
      const answer = await trial
        .as('investigator')
        .post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }, { key });
      expectProblem(answer, 400, 'invalid-request');
    }
  });

  it('of a refused request is not used up', async () => {
    const key = randomUUID();
    const send = (consentDate: string) =>
      trial.as('investigator').post(`${STUDY}/subjects`, { site: 'FR01', consentDate }, { key });
    expectProblem(await send('2024-13-01'), 422, 'invalid-value');
    const answer = await send('2024-12-01');
    expect(answer.status).toBe(201);
    expect(answer.headers.has('idempotent-replayed')).toBe(false);
  });

  it('of one person does not give another the first one’s answer', async () => {
    const key = randomUUID();
    const body = { site: 'FR01', consentDate: '2024-01-10' };
    await accepted(trial.as('investigator').post(`${STUDY}/subjects`, body, { key }));
    expectProblem(
      await trial.as('coordinator').post(`${STUDY}/subjects`, body, { key }),
      422,
      'idempotency-key-reused',
    );
  });

  it('of a password’s change is retried, and changes it to no other', async () => {
    const email = newEmail();
    const user = await newUser(email);
    const key = randomUUID();
    const put = (text: string) =>
      trial.as('administrator').put(`/users/${user}/password`, { password: text }, { key });
    expect((await put('new words for doors 1')).status).toBe(204);
    const retry = await put('new words for doors 1');
    expect(retry.status).toBe(204);
    expect(retry.headers.get('idempotent-replayed')).toBe('true');

    await put('other words for doors 2');
    const signIn = (text: string) => trial.as('nobody').post('/auth/token', { email, password: text });
    expect((await signIn('new words for doors 1')).status).toBe(200);
    expectProblem(await signIn('other words for doors 2'), 401, 'invalid-credentials');
  });

  it('of a grant’s withdrawal is retried', async () => {
    const user = await newUser();
    const { grant } = await accepted(
      trial.as('administrator').post(`${STUDY}/grants`, { user, role: 'inspector' }),
    );
    const key = randomUUID();
    const withdraw = () =>
      trial.as('administrator').delete(`${STUDY}/grants/${grant}`, { reason: 'Left' }, { key });
    expect((await withdraw()).status).toBe(204);
    const retry = await withdraw();
    expect(retry.status, retry.text).toBe(204);
    expect(retry.headers.get('idempotent-replayed')).toBe('true');
  });
});
