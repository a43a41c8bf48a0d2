import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, reason, STUDY, subjectPath } from './casebook.js';
import { type Answer, ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const members = [
  'investigator',
  'coordinator',
  'monitor',
  'dataManager',
  'statistician',
  'inspector',
  'administrator',
] as const satisfies Person[];
type Member = (typeof members)[number];

const site: Member[] = ['investigator', 'coordinator'];
const oversight: Member[] = ['monitor', 'dataManager'];
const readers: Member[] = [...site, ...oversight, 'statistician', 'inspector'];
const everybody: Member[] = [...members];

interface Endpoint {
  readonly name: string;
  /** Whoever else of the study asks is told 403. */
  readonly allowed: readonly Member[];
  /** Stands at the site of a subject: elsewhere there is no such thing. */
  readonly atSite: boolean;
  /** What the call is about, made anew for each who tries. */
  prepare?(): Promise<string>;
  send(client: ApiClient, about: string, study: string): Promise<Answer>;
}

const newSubject = () => enrol(trial.as('investigator'));
async function withdrawn(): Promise<string> {
  const subject = await newSubject();
  const body = { date: '2024-03-01', reason };
  await accepted(trial.as('investigator').post(`${subjectPath(subject)}/withdrawal`, body));
  return subject;
}
const raise = { visit: 'V_SCR', form: 'DM', text: 'Please check.' };
async function query(...steps: ['answer', Person][]): Promise<string> {
  const raised = trial.as('monitor').post(`${subjectPath(await newSubject())}/queries`, raise);
  const { query: id } = await accepted(raised);
  for (const [step, person] of steps) {
    await accepted(trial.as(person).post(`${STUDY}/queries/${id}/${step}`, { text: 'Yes.' }));
  }
  return id;
}
async function formOf(): Promise<string> {
  const subject = await newSubject();
  await accepted(
    trial.as('coordinator').put(formPath(subject, 'V_SCR', 'DM'), { items: { 'I.DM.ECOG': 1 } }),
  );
  return subject;
}

const post =
  (path: (about: string) => string, body: unknown): Endpoint['send'] =>
  (client, about, study) =>
    client.post(study + path(about), body);
const get =
  (path: (about: string) => string): Endpoint['send'] =>
  (client, about, study) =>
    client.get(study + path(about));
const dm = (about: string) => `/subjects/${about}/visits/V_SCR/forms/DM`;

const endpoints: Endpoint[] = [
  {
    name: 'C-10 enrol a subject',
    allowed: site,
    atSite: true,
    send: post(() => '/subjects', { site: 'FR01', consentDate: '2024-01-10' }),
  },
  {
    name: 'C-10 allocate an arm',
    allowed: site,
    atSite: true,
    prepare: newSubject,
    send: post((about) => `/subjects/${about}/allocation`, { arm: 'A', date: '2024-02-01' }),
  },
  {
    name: 'C-10 record a withdrawal',
    allowed: site,
    atSite: true,
    prepare: newSubject,
    send: post((about) => `/subjects/${about}/withdrawal`, { date: '2024-02-01', reason }),
  },
  {
    name: 'C-10 take a withdrawal back',
    allowed: site,
    atSite: true,
    prepare: withdrawn,
    send: post((about) => `/subjects/${about}/reinstatement`, { reason }),
  },
  {
    name: 'C-10 enter a form',
    allowed: site,
    atSite: true,
    prepare: newSubject,
    send: (client, about, study) => client.put(study + dm(about), { items: { 'I.DM.ECOG': 1 } }),
  },
  {
    name: 'C-10 correct a form',
    allowed: site,
    atSite: true,
    prepare: formOf,
    send: (client, about, study) =>
      client.patch(
        study + dm(about),
        { items: { 'I.DM.ECOG': 2 }, reason },
        { headers: { 'If-Match': '*' } },
      ),
  },
  { name: 'read a form', allowed: readers, atSite: true, prepare: formOf, send: get(dm) },
  {
    name: 'read a form’s history',
    allowed: readers,
    atSite: true,
    prepare: formOf,
    send: get((about) => `${dm(about)}/history`),
  },
  {
    name: 'read a casebook',
    allowed: readers,
    atSite: true,
    prepare: newSubject,
    send: get((about) => `/subjects/${about}`),
  },
  {
    name: 'raise a query',
    allowed: oversight,
    atSite: true,
    prepare: newSubject,
    send: post((about) => `/subjects/${about}/queries`, raise),
  },
  {
    name: 'answer a query',
    allowed: site,
    atSite: true,
    prepare: query,
    send: post((about) => `/queries/${about}/answer`, { text: 'Done.' }),
  },
  {
    name: 'close a query',
    allowed: oversight,
    atSite: true,
    prepare: () => query(['answer', 'coordinator']),
    send: post((about) => `/queries/${about}/close`, { text: 'Fine.' }),
  },
  {
    name: 'reopen a query',
    allowed: oversight,
    atSite: true,
    prepare: () => query(['answer', 'coordinator']),
    send: post((about) => `/queries/${about}/reopen`, { text: 'No.' }),
  },
  {
    name: 'cancel a query',
    allowed: oversight,
    atSite: true,
    prepare: query,
    send: post((about) => `/queries/${about}/cancel`, { text: 'A mistake.' }),
  },
  { name: 'read the study', allowed: everybody, atSite: false, send: get(() => '') },
  { name: 'read its definitions', allowed: everybody, atSite: false, send: get(() => '/definitions') },
  { name: 'read one definition', allowed: everybody, atSite: false, send: get(() => '/definitions/1') },
  { name: 'list sites', allowed: everybody, atSite: false, send: get(() => '/sites') },
  { name: 'list subjects', allowed: readers, atSite: false, send: get(() => '/subjects') },
  { name: 'list queries', allowed: readers, atSite: false, send: get(() => '/queries') },
  {
    name: 'read outcomes',
    allowed: ['dataManager', 'statistician', 'inspector'],
    atSite: false,
    send: get(() => '/outcomes'),
  },
  {
    name: 'C-05 read the audit trail',
    allowed: [...site, ...oversight, 'inspector'],
    atSite: false,
    send: get(() => '/audit'),
  },
  { name: 'read the checkpoint', allowed: everybody, atSite: false, send: get(() => '/log/checkpoint') },
  { name: 'read the log’s keys', allowed: everybody, atSite: false, send: get(() => '/log/keys') },
  {
    name: 'read the log’s entries',
    allowed: ['dataManager', 'inspector'],
    atSite: false,
    send: get(() => '/log/entries?to=3'),
  },
  {
    name: 'C-09 list grants',
    allowed: ['inspector', 'administrator'],
    atSite: false,
    send: get(() => '/grants'),
  },
  {
    name: 'C-09 give a grant',
    allowed: ['administrator'],
    atSite: false,
    send: (client, _, study) =>
      client.post(`${study}/grants`, { user: trial.userId('monitor'), role: 'monitor', sites: ['FR01'] }),
  },
  {
    name: 'C-09 withdraw a grant',
    allowed: ['administrator'],
    atSite: false,
    prepare: async () => {
      const body = { user: trial.userId('monitor'), role: 'monitor', sites: ['FR01'] };
      return (await accepted(trial.as('administrator').post(`${STUDY}/grants`, body))).grant;
    },
    send: (client, about, study) => client.delete(`${study}/grants/${about}`, { reason: 'Done' }),
  },
  {
    name: 'open a site',
    allowed: ['administrator', 'dataManager'],
    atSite: false,
    send: (client, _, study) =>
      client.post(`${study}/sites`, {
        site: `S${randomUUID().slice(0, 8)}`,
        name: 'A new centre',
        country: 'FR',
      }),
  },
];

/** People of another site, of another study, and of no study at all. */
let elsewhere: { colleague: ApiClient; unconcerned: ApiClient };
beforeAll(async () => {
  const administrator = trial.as('administrator');
  const join = async (name: string, study: string, grant: object) => {
    const email = emailOf(name);
    const user = await accepted(administrator.post('/users', { email, name, password: PASSWORD }));
    await accepted(administrator.post(`/studies/${study}/grants`, { user: user.id, ...grant }));
    const { accessToken } = await accepted(
      trial.as('nobody').post('/auth/token', { email, password: PASSWORD }),
    );
    return new ApiClient(`${trial.started.server.url}/api/v1`, accessToken);
  };
  const publisher = await join('publisher', '*', { role: 'data-manager' });
  const definition = await accepted(publisher.get(`${STUDY}/definitions/1`));
  const other = { ...definition, study: { ...definition.study, oid: 'OTHER' } };
  await accepted(publisher.post('/studies', other));
  await accepted(publisher.post('/studies/OTHER/sites', { site: 'FR01', name: 'Centre', country: 'FR' }));
  elsewhere = {
    colleague: await join('colleague', 'OTHER', { role: 'investigator', sites: ['FR01'] }),
    unconcerned: await join('unconcerned', 'OTHER', { role: 'data-manager' }),
  };
  await enrol(trial.as('investigator'));
  await accepted(
    elsewhere.colleague.post('/studies/OTHER/subjects', { site: 'FR01', consentDate: '2024-01-10' }),
  );
});

describe.each(endpoints)('C-17 $name', ({ allowed, prepare, send }) => {
  const ask = async (client: ApiClient, study = STUDY) => send(client, (await prepare?.()) ?? '', study);

  it.each(members)(`as %s`, async (member) => {
    const answer = await ask(trial.as(member));
    if (allowed.includes(member)) expect(answer.status, answer.text).toBeLessThan(300);
    else expectProblem(answer, 403, 'not-permitted');
  });

  it('without an account', async () => {
    const answer = await ask(trial.as('nobody'));
    expectProblem(answer, 401, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('from another study there is no such thing', async () => {
    for (const client of [elsewhere.colleague, elsewhere.unconcerned])
      expectProblem(await ask(client), 404, 'not-found');
    for (const member of members.filter((one) => one !== 'administrator'))
      expectProblem(await ask(trial.as(member), '/studies/OTHER'), 404, 'not-found');
  });

  it('of a study that there is not: the same', async () => {
    for (const member of members.filter((one) => one !== 'administrator'))
      expectProblem(await ask(trial.as(member), '/studies/NONE'), 404, 'not-found');
  });
});

describe('C-09 from another site', () => {
  it.each(endpoints.filter(({ atSite }) => atSite))(
    'to $name: there is no such thing, and nothing tells that there is',
    async ({ prepare, send }) => {
      const about = (await prepare?.()) ?? '';
      const sizes = await trial.logSizes();
      const answer = await send(trial.as('otherCoordinator'), about, STUDY);
      expectProblem(answer, 404, 'not-found');
      const absent = await send(trial.as('otherCoordinator'), 'FR01-9999-Q1', STUDY);
      expect(absent.text).toBe(answer.text);
      expect(await trial.logSizes()).toEqual(sizes);
    },
  );
});

describe('C-09 lists', () => {
  it('show each only the sites of their grants', async () => {
    await enrol(trial.as('otherCoordinator'), 'DE01');
    const sitesSeen = async (person: Person) => {
      const { items } = await accepted(trial.as(person).get(`${STUDY}/subjects?limit=1000`));
      return [...new Set(items.map((item: { site: string }) => item.site))].sort();
    };
    expect(await sitesSeen('coordinator')).toEqual(['FR01']);
    expect(await sitesSeen('monitor')).toEqual(['FR01']);
    expect(await sitesSeen('otherCoordinator')).toEqual(['DE01']);
    expect(await sitesSeen('dataManager')).toEqual(['DE01', 'FR01']);
    expect((await trial.as('coordinator').get(`${STUDY}/subjects?site=DE01`)).body.items).toEqual([]);
  });

  it('of studies show each those of their grants', async () => {
    const studies = async (client: ApiClient) =>
      (await accepted(client.get('/studies'))).items.map((item: { study: string }) => item.study);
    expect(await studies(trial.as('coordinator'))).toEqual(['SINET']);
    expect(await studies(elsewhere.colleague)).toEqual(['OTHER']);
    expect(await studies(trial.as('administrator'))).toEqual(['OTHER', 'SINET']);
  });

  it('one subject key in two studies is two subjects', async () => {
    const one = await accepted(elsewhere.colleague.get('/studies/OTHER/subjects/FR01-0001'));
    expect(one.subjectKey).toBe('FR01-0001');
    const path = '/studies/OTHER/subjects/FR01-0001/visits/V_SCR/forms/DM';
    await accepted(elsewhere.colleague.put(path, { items: { 'I.DM.NAME': 'Of the other study' } }));
    expectProblem(await trial.as('coordinator').get(formPath('FR01-0001', 'V_SCR', 'DM')), 404, 'not-found');
  });
});

describe('C-17 users and studies', () => {
  it('are the administrator’s and the data manager’s; to others they do not exist', async () => {
    for (const member of members.filter((one) => one !== 'administrator')) {
      const client = trial.as(member);
      expectProblem(await client.get('/users'), 404, 'not-found');
      expectProblem(await client.get(`/users/${trial.userId('monitor')}`), 404, 'not-found');
      const create = { email: 'x@trial.example', name: 'X', password: PASSWORD };
      expectProblem(await client.post('/users', create), 404, 'not-found');
      const path = `/users/${trial.userId('monitor')}`;
      expectProblem(await client.post(`${path}/deactivation`, { reason: 'No' }), 404, 'not-found');
      expectProblem(await client.put(`${path}/password`, { password: PASSWORD }), 404, 'not-found');
      expectProblem(await client.get('/studies/.installation/audit'), 404, 'not-found');
      expectProblem(await client.get('/studies/.installation/log/entries'), 404, 'not-found');
    }
  });

  it('a new study is published by a data manager of all studies only', async () => {
    const definition = await accepted(trial.as('dataManager').get(`${STUDY}/definitions/1`));
    const mine = { ...definition, study: { ...definition.study, oid: 'MINE' } };
    expectProblem(await trial.as('administrator').post('/studies', mine), 403, 'not-permitted');
    for (const member of members.filter((one) => one !== 'administrator'))
      expectProblem(await trial.as(member).post('/studies', mine), 404, 'not-found');
  });
});
