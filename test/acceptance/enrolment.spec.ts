import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, positionOf, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

describe('enrolment', () => {
  it('answers 201 with a subject key of the site’s code and a number, and where the casebook is', async () => {
    const answer = await trial.as('investigator').post(`${STUDY}/subjects`, {
      site: 'FR01',
      consentDate: '2024-01-10',
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      subjectKey: 'FR01-0001',
      site: 'FR01',
      consentDate: '2024-01-10',
      definition: 1,
      status: 'enrolled',
    });
    expect(answer.headers.get('location')).toBe('/api/v1/studies/SINET/subjects/FR01-0001');
    const casebook = await trial.as('monitor').get(subjectPath('FR01-0001'));
    expect(casebook.body).toMatchObject({ subjectKey: 'FR01-0001', status: 'enrolled', arm: null });
    expect(positionOf(casebook)).toBeGreaterThanOrEqual(positionOf(answer));
  });

  it('numbers the subjects of a site without gaps, though twenty enrol at once and some are refused', async () => {
    const before = (await subjectsOf('FR01')).length;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        trial.as(i % 2 ? 'investigator' : 'coordinator').post(`${STUDY}/subjects`, {
          site: 'FR01',
          consentDate: i % 3 === 2 ? '2024-02-30' : '2024-01-10',
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10);
    const numbered = Array.from({ length: before + 20 }, (_, i) => `FR01-${String(i + 1).padStart(4, '0')}`);
    expect(await subjectsOf('FR01')).toEqual(numbered);
  });

  it('numbers each site for itself', async () => {
    expect(await enrol(trial.as('otherCoordinator'), 'DE01')).toBe('DE01-0001');
  });

  it('C-16 opens no casebook without a day of consent, nor with one that is no day or lies ahead', async () => {
    const enrolWith = (body: object) => trial.as('investigator').post(`${STUDY}/subjects`, body);
    for (const consentDate of [
      undefined,
      '2024',
      '2024-02',
      '2023-02-29',
      '2100-01-01',
      '10.1.2024',
      20240110,
    ]) {
      const answer = await enrolWith({ site: 'FR01', consentDate });
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toEqual(['/consentDate']);
    }
  });

  it('is refused while the site is closed, and possible again when it is reopened', async () => {
    const site = `${STUDY}/sites/DE01`;
    await accepted(trial.as('dataManager').patch(site, { open: false }));
    const answer = await trial
      .as('otherCoordinator')
      .post(`${STUDY}/subjects`, { site: 'DE01', consentDate: '2024-01-10' });
    expectProblem(answer, 409, 'site-closed');
    await accepted(trial.as('administrator').patch(site, { open: true }));
    expect(await enrol(trial.as('otherCoordinator'), 'DE01')).toBe('DE01-0002');
  });
});

describe('the arm', () => {
  let subject: string;
  const allocate = (body: object) =>
    trial.as('investigator').post(`${subjectPath(subject)}/allocation`, body);
  beforeAll(async () => {
    subject = await enrol(trial.as('investigator'));
  });

  it('is one of the study’s', async () => {
    const answer = await allocate({ arm: 'C', date: '2024-02-01' });
    expectProblem(answer, 422, 'invalid-value');
    expect(faultsOf(answer)).toEqual({ '/arm': 'not-in-code-list' });
  });

  it('is allocated once; a second time is a crossover, which needs a reason and leaves the first', async () => {
    const first = await allocate({ arm: 'B', date: '2024-02-01' });
    expect(first.body).toMatchObject({ subjectKey: subject, crossover: false, arm: 'B' });
    expectProblem(await allocate({ arm: 'A', date: '2024-05-01' }), 422, 'reason-required');
    expectProblem(await allocate({ arm: 'B', date: '2024-05-01', reason }), 409, 'conflict');
    const second = await allocate({ arm: 'A', date: '2024-05-01', reason });
    expect(second.body).toMatchObject({ crossover: true, from: 'B', to: 'A' });
    const { body } = await trial.as('monitor').get(subjectPath(subject));
    expect(body.arm).toEqual({ code: 'B', date: '2024-02-01' });
    expect(body.crossovers).toEqual([{ to: 'A', date: '2024-05-01' }]);
  });
});

describe('withdrawal', () => {
  it('ends new entry but not correction, and can be taken back with a reason', async () => {
    const investigator = trial.as('investigator');
    const subject = await enrol(investigator);
    const form = `${subjectPath(subject)}/visits/V_SCR/forms/DM`;
    const entered = await investigator.put(form, { items: { 'I.DM.SEX': 'F' } });
    const steps = subjectPath(subject);
    expectProblem(await investigator.post(`${steps}/reinstatement`, { reason }), 409, 'conflict');
    await accepted(investigator.post(`${steps}/withdrawal`, { date: '2024-06-01', reason }));
    expectProblem(
      await investigator.post(`${steps}/withdrawal`, { date: '2024-06-01', reason }),
      409,
      'conflict',
    );
    expectProblem(
      await investigator.put(`${steps}/visits/V_INC/forms/EN`, { items: { 'I.EN.ENDAT': '2024-01-20' } }),
      409,
      'subject-withdrawn',
    );
    expectProblem(
      await investigator.post(`${steps}/allocation`, { arm: 'A', date: '2024-02-01' }),
      409,
      'subject-withdrawn',
    );
    const corrected = await investigator.patch(
      form,
      { items: { 'I.DM.SEX': 'M' }, reason },
      { headers: { 'If-Match': entered.headers.get('etag')! } },
    );
    expect(corrected.status).toBe(200);

    await accepted(investigator.post(`${steps}/reinstatement`, { reason }));
    expect((await investigator.get(steps)).body.status).toBe('enrolled');
    const late = await investigator.put(`${steps}/visits/V_INC/forms/EN`, {
      items: { 'I.EN.ENDAT': '2024-01-20' },
    });
    expect(late.status).toBe(201);
  });

  it('may later come to end more, and stands from its first day', async () => {
    const investigator = trial.as('investigator');
    const steps = subjectPath(await enrol(investigator));
    const withdraw = (date: string, scope: string) =>
      investigator.post(`${steps}/withdrawal`, { date, reason, scope });
    await accepted(withdraw('2024-06-01', 'visits'));
    expect(await accepted(withdraw('2024-07-01', 'all'))).toMatchObject({
      status: 'withdrawn',
      scope: 'all',
    });
    expectProblem(await withdraw('2024-08-01', 'data'), 409, 'conflict');
    expect((await investigator.get(steps)).body.withdrawal).toEqual({ date: '2024-06-01', scope: 'all' });
    expectProblem(await investigator.post(`${steps}/reinstatement`, { reason }), 422, 'invalid-value');
  });
});

async function subjectsOf(site: string): Promise<string[]> {
  const { items } = await accepted(trial.as('dataManager').get(`${STUDY}/subjects?site=${site}&limit=1000`));
  return items.map((item: { subjectKey: string }) => item.subjectKey);
}
