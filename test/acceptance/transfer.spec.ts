import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrol,
  expectProblem,
  faultsOf,
  formPath,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const [oldSite, newSite] = [trial.as('coordinator'), trial.as('otherCoordinator')];
const transfer = (subject: string, body: object, person: Person = 'dataManager') =>
  trial.as(person).post(`${subjectPath(subject)}/transfer`, body);

let subject: string;
let form: string;
let at: number;
beforeAll(async () => {
  subject = await enrol(oldSite);
  form = formPath(subject, 'V_SCR', 'DM');
  await accepted(oldSite.put(form, { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 700 } }));
  const answer = await transfer(subject, { site: 'DE01', date: '2024-03-01', reason });
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body).toEqual({ subjectKey: subject, from: 'FR01', to: 'DE01', date: '2024-03-01' });
  at = positionOf(answer);
  const seen = await newSite.get(form);
  const { status, text } = await newSite.patch(
    form,
    { items: { 'I.DM.WEIGHT': 70 }, reason },
    { headers: { 'If-Match': seen.headers.get('etag')! } },
  );
  expect(status, text).toBe(200);
});

const weightFor = async (person: Person, query = '') =>
  (await accepted(trial.as(person).get(`${form}${query}`))).items['I.DM.WEIGHT'].value;
const listFor = async (person: Person, query = '') =>
  (await accepted(trial.as(person).get(`${STUDY}/subjects?q=${subject}${query}`))).items;
const auditFor = async (person: Person) =>
  (await accepted(trial.as(person).get(`${STUDY}/audit?subject=${subject}&limit=1000`))).items;

describe('a transfer', () => {
  it('is decided by the data manager', async () => {
    const other = await enrol(oldSite);
    for (const person of ['investigator', 'coordinator', 'monitor', 'inspector', 'statistician'] as Person[])
      expectProblem(await transfer(other, { site: 'DE01', reason }, person), 403, 'not-permitted');
    expectProblem(await transfer(other, { site: 'DE01', reason }, 'otherCoordinator'), 404, 'not-found');
  });

  it('leads to another site that there is, on a day that has come', async () => {
    const other = await enrol(oldSite);
    expectProblem(await transfer(other, { site: 'FR01', reason }), 409, 'conflict');
    expect(faultsOf(await transfer(other, { site: 'XX99', reason }))).toEqual({ '/site': 'unknown-site' });
    const late = { site: 'DE01', date: '2100-01-01', reason };
    expect(faultsOf(await transfer(other, late))).toEqual({ '/date': 'future-date' });
  });

  it('takes nobody whose casebook is locked', async () => {
    const other = await enrol(oldSite);
    await accepted(trial.as('dataManager').post(`${subjectPath(other)}/locks`, {}));
    expectProblem(await transfer(other, { site: 'DE01', reason }), 409, 'locked');
  });

  it('leaves the key and the numbers of its series', async () => {
    expect(subject).toMatch(/^FR01-/);
    expect(await enrol(newSite, 'DE01')).toBe('DE01-0001');
    const numbers = (await accepted(trial.as('dataManager').get(`${STUDY}/subjects?limit=1000`))).items
      .map(({ subjectKey }: { subjectKey: string }) => subjectKey)
      .filter((key: string) => key.startsWith('FR01'));
    expect(await enrol(oldSite)).toBe(`FR01-000${numbers.length + 1}`);
  });
});

describe('the new site', () => {
  it('sees all of the casebook, and as it was at any time', async () => {
    expect(await weightFor('otherCoordinator')).toBe(70);
    expect(await weightFor('otherCoordinator', `?asOf=${at - 1}`)).toBe(700);
    const { items } = await accepted(newSite.get(`${form}/history`));
    const weights = items.filter(({ item }: { item: string }) => item === 'I.DM.WEIGHT');
    expect(weights.map(({ value }: { value: number }) => value)).toEqual([700, 70]);
  });

  it('has it in its lists, queries included', async () => {
    expect(await listFor('otherCoordinator')).toMatchObject([{ site: 'DE01', status: 'enrolled' }]);
    const { items } = await accepted(newSite.get(`${STUDY}/queries?subject=${subject}`));
    expect(items).toMatchObject([{ site: 'DE01', status: 'closed' }]);
    expect((await accepted(oldSite.get(`${STUDY}/queries?subject=${subject}`))).items).toEqual([]);
  });
});

describe('the old site', () => {
  it('sees the casebook as it was when it left, and nothing new', async () => {
    for (const asOf of ['', `?asOf=${at}`, `?asOf=${at + 1}`]) {
      const seen = await oldSite.get(`${form}${asOf}`);
      expect(seen.body.items['I.DM.WEIGHT'].value).toBe(700);
      expect(positionOf(seen)).toBe(at - 1);
    }
    const summary = await accepted(oldSite.get(subjectPath(subject)));
    expect(summary).toMatchObject({
      ...{ site: 'FR01', status: 'transferred', openQueries: 1 },
      transferred: { to: 'DE01', date: '2024-03-01' },
    });
    const { items } = await accepted(oldSite.get(`${form}/history`));
    expect(items.map(({ position }: { position: number }) => position).every((one: number) => one < at)).toBe(
      true,
    );
  });

  it('lists it as transferred, now and as of then; before, as it was', async () => {
    const left = { subjectKey: subject, site: 'FR01', status: 'transferred', openQueries: 1 };
    expect(await listFor('coordinator')).toMatchObject([left]);
    expect(await listFor('coordinator', `&asOf=${at}`)).toMatchObject([left]);
    expect(await listFor('coordinator', '&status=transferred')).toMatchObject([left]);
    expect(await listFor('coordinator', `&asOf=${at - 1}`)).toMatchObject([{ ...left, status: 'enrolled' }]);
    expect(await listFor('dataManager')).toMatchObject([{ site: 'DE01', status: 'enrolled' }]);
  });

  it('changes nothing any more', async () => {
    const seen = await oldSite.get(form);
    const body = { items: { 'I.DM.WEIGHT': 71 }, reason };
    const ifMatch = { headers: { 'If-Match': seen.headers.get('etag')! } };
    expectProblem(await oldSite.patch(form, body, ifMatch), 404, 'not-found');
    expectProblem(
      await oldSite.post(`${subjectPath(subject)}/withdrawal`, { date: '2024-04-01', reason }),
      404,
      'not-found',
    );
  });

  it('has the audit trail up to the transfer, the new one all of it', async () => {
    const old = (await auditFor('coordinator')).map(({ position }: { position: number }) => position);
    const all = (await auditFor('otherCoordinator')).map(({ position }: { position: number }) => position);
    expect(Math.max(...old)).toBe(at);
    expect(all).toEqual(expect.arrayContaining(old));
    expect(Math.max(...all)).toBeGreaterThan(at);
    const words = (await auditFor('coordinator')).at(-1);
    expect(words).toMatchObject({
      site: 'FR01',
      text: expect.stringContaining('from site FR01 to site DE01'),
    });
  });

  it('has all of it again when the subject comes back', async () => {
    const traveller = await enrol(oldSite);
    for (const site of ['DE01', 'FR01']) await accepted(transfer(traveller, { site, reason }));
    expect(await accepted(oldSite.get(subjectPath(traveller)))).toMatchObject({
      site: 'FR01',
      status: 'enrolled',
    });
    expect(await accepted(newSite.get(subjectPath(traveller)))).toMatchObject({
      site: 'DE01',
      status: 'transferred',
    });
    const { items } = await accepted(oldSite.get(`${STUDY}/subjects?q=${traveller}`));
    expect(items).toMatchObject([{ site: 'FR01', status: 'enrolled' }]);
  });
});

describe('audit entries', () => {
  it('keep the site of their time', async () => {
    const { pool, followers } = trial.started.installation;
    const sites = async () => {
      const { rows } = await pool.query(
        `SELECT position, site FROM audit_entry WHERE study = 'SINET' AND subject = $1 ORDER BY position`,
        [subject],
      );
      return rows as { position: number; site: string }[];
    };
    expect(await followers.audit.reached('SINET', at + 1)).toBe(true);
    for (const { position, site } of await sites()) expect(site).toBe(position <= at ? 'FR01' : 'DE01');
  });
});
