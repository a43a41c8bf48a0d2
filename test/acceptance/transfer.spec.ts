import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrol,
  expectProblem,
  faultsOf,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import { accepted, PASSWORD, type Person, startTrial } from './trial.js';

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

describe('a site that the subject left for the last time, after it had come back', () => {
  let traveller: string;
  let [left, gone] = [0, 0];
  const raise = async (person: Person, text: string) => {
    const place = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX' };
    return (await accepted(trial.as(person).post(`${subjectPath(traveller)}/queries`, { ...place, text })))
      .query as string;
  };
  const move = async (site: string) => positionOf(await transfer(traveller, { site, reason }));
  const textsOf = ({ items }: { items: { text: string }[] }) => items.map(({ text }) => text);

  beforeAll(async () => {
    await accepted(
      trial.as('administrator').post(`${STUDY}/sites`, { site: 'IT01', name: 'Centre IT01', country: 'IT' }),
    );
    traveller = await enrol(oldSite);
    const sex = { items: { 'I.DM.SEX': 'F' } };
    await accepted(oldSite.put(formPath(traveller, 'V_SCR', 'DM'), sex));
    await raise('monitor', 'Before');
    await move('DE01');
    await accepted(newSite.put(formPath(traveller, 'V_SCR', 'LB'), { items: { 'I.LB.CGA': 50 } }));
    await raise('dataManager', 'Elsewhere');
    await move('FR01');
    const last = await raise('monitor', 'Back again');
    await accepted(oldSite.post(`${STUDY}/queries/${last}/answer`, { text: 'Yes' }));
    left = await move('IT01');
    await accepted(trial.as('dataManager').post(`${STUDY}/queries/${last}/close`, { text: 'Thanks' }));
    await raise('dataManager', 'Too late');
    gone = await move('DE01');
  });

  it('has the whole audit trail up to its last departure, and nothing after it', async () => {
    const trail = async (person: Person) =>
      (await accepted(trial.as(person).get(`${STUDY}/audit?subject=${traveller}&limit=1000`))).items as {
        position: number;
        site: string;
      }[];
    const all = await trail('dataManager');
    expect(await trail('coordinator')).toEqual(all.filter(({ position }) => position <= left));
    expect(new Set((await trail('coordinator')).map(({ site }) => site))).toEqual(new Set(['FR01', 'DE01']));
    expect((await trail('otherCoordinator')).map(({ position }) => position)).toEqual(
      all.map(({ position }) => position),
    );
  });

  it('lists the queries as they were, and answers none of them', async () => {
    const path = `${STUDY}/queries?subject=${traveller}`;
    const listed = await accepted(oldSite.get(path));
    expect(textsOf(listed)).toEqual(['Before', 'Elsewhere', 'Back again']);
    expect(listed.items).toMatchObject([
      { site: 'FR01', status: 'open', due: null, overdue: false },
      { site: 'FR01', status: 'open', due: null, overdue: false },
      { site: 'FR01', status: 'answered', due: null, overdue: false },
    ]);
    expect((await accepted(oldSite.get(`${path}&asOf=${gone}`))).items).toEqual(listed.items);
    for (const query of listed.items)
      expect(await accepted(oldSite.get(`${STUDY}/queries/${query.query}`))).toMatchObject(query);
    expect(textsOf(await accepted(oldSite.get(`${path}&status=answered`)))).toEqual(['Back again']);
    expect(textsOf(await accepted(oldSite.get(`${path}&overdue=true`)))).toEqual([]);
    expect(textsOf(await accepted(oldSite.get(`${path}&asOf=${left - 1}`)))).toEqual(textsOf(listed));
    expectProblem(
      await oldSite.post(`${STUDY}/queries/${listed.items[0].query}/answer`, { text: 'Late' }),
      404,
      'not-found',
    );
    expect(textsOf(await accepted(newSite.get(path)))).toEqual([...textsOf(listed), 'Too late']);
  });

  it('pages through them with those of the subjects that it has', async () => {
    const whole = await accepted(oldSite.get(`${STUDY}/queries?limit=1000`));
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await accepted(oldSite.get(`${STUDY}/queries?limit=2${cursor}`));
      paged.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(whole.items);
    expect(paged.length).toBeGreaterThan(3);
  });

  it('counts them by site, as the list has them', async () => {
    const countsOf = async (client: typeof oldSite, query = '') =>
      (await accepted(client.get(`${STUDY}/queries/counts?by=site&subject=${traveller}${query}`))).items;
    for (const query of ['', `&asOf=${gone}`])
      expect(await countsOf(oldSite, query)).toMatchObject([
        { key: 'FR01', open: 2, answered: 1, closed: 0, total: 3 },
      ]);
    expect(await countsOf(newSite)).toMatchObject([
      { key: 'DE01', open: 3, answered: 0, closed: 1, total: 4 },
    ]);
    expect(await listFor('coordinator')).toMatchObject([{ openQueries: 1 }]);
    const { items } = await accepted(oldSite.get(`${STUDY}/subjects?q=${traveller}`));
    expect(items).toMatchObject([{ status: 'transferred', site: 'FR01', openQueries: 3 }]);
  });

  it('exports it as ODM up to that departure', async () => {
    const eventsOf = async (person: Person, query = '') => {
      const { text } = await trial.as(person).get(`${STUDY}/clinical-data?version=2.0${query}`);
      return text.split('<SubjectData').filter((one) => one.includes(`SubjectKey="${traveller}"`));
    };
    const all = await eventsOf('dataManager');
    const old = await eventsOf('coordinator');
    expect(old).toHaveLength(all.findIndex((one) => one.includes('Thanks')));
    expect(old.at(-1)).toContain('Transferred');
    expect(await eventsOf('coordinator', `&asOf=${gone}`)).toEqual(old);
    expect((await eventsOf('coordinator', `&subject=${traveller}`)).length).toBe(old.length);
    expect(await eventsOf('otherCoordinator')).toHaveLength(all.length);
  });
});

describe('signatures given before a transfer', () => {
  it('are listed by the old site as they were', async () => {
    const signed = await enrol(oldSite);
    const body = { items: { 'I.DM.WEIGHT': 70, 'I.DM.SEX': 'F' }, complete: true };
    await accepted(oldSite.put(formPath(signed, 'V_SCR', 'DM'), body));
    const scope = { forms: [{ visit: 'V_SCR', form: 'DM' }] };
    const sign = { scope, meaning: 'review', password: PASSWORD };
    await accepted(trial.as('investigator').post(`${subjectPath(signed)}/signatures`, sign));
    const path = `${STUDY}/signatures?subject=${signed}`;
    const before = (await accepted(oldSite.get(path))).items;
    await accepted(transfer(signed, { site: 'DE01', reason }));
    const seen = await newSite.get(formPath(signed, 'V_SCR', 'DM'));
    const corrected = { items: { 'I.DM.WEIGHT': 71 }, reason };
    await accepted(newSite.patch(formPath(signed, 'V_SCR', 'DM'), corrected, ifMatch(seen)));
    expect((await accepted(newSite.get(path))).items).toMatchObject([{ site: 'DE01', status: 'broken' }]);
    const position = positionOf(await newSite.get(path));
    for (const asOf of ['', `&asOf=${position}`])
      expect((await accepted(oldSite.get(`${path}${asOf}`))).items).toEqual(before);
    expect(before).toMatchObject([{ site: 'FR01', status: 'valid' }]);
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
