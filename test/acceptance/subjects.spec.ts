import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, formPath, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const investigator = trial.as('investigator');
let subject: string;
beforeEach(async () => {
  subject = await enrol(investigator);
});

const step = (name: string, body: object, person: Person = 'investigator') =>
  trial.as(person).post(`${subjectPath(subject)}/${name}`, body);
const summary = async () => accepted(trial.as('monitor').get(subjectPath(subject)));
const date = '2024-02-01';
const ends = {
  'screening-failure': { body: { date, reason }, status: 'screen-failed' },
  withdrawal: { body: { date, reason }, status: 'withdrawn' },
  completion: { body: { date }, status: 'completed' },
} as const;

describe('the end of a subject’s way', () => {
  it.each(Object.entries(ends))('%s: once, until it is taken back', async (name, { body, status }) => {
    const answer = await step(name, body);
    expect(answer.body).toMatchObject({ subjectKey: subject, status });
    expect(await summary()).toMatchObject({ status });
    const listed = await accepted(trial.as('monitor').get(`${STUDY}/subjects?status=${status}&limit=1000`));
    expect(listed.items.map((row: { subjectKey: string }) => row.subjectKey)).toContain(subject);
    for (const [other, { body }] of Object.entries(ends))
      expectProblem(await step(other, body), 409, 'conflict');
    await accepted(step('reinstatement', { reason }));
    expect(await summary()).toMatchObject({ status: 'enrolled' });
    expectProblem(await step('reinstatement', { reason }), 409, 'conflict');
  });

  it.each(Object.entries(ends))('%s: is for those who enter data', async (name, { body }) => {
    for (const person of ['dataManager', 'monitor', 'inspector', 'statistician'] as Person[])
      expectProblem(await step(name, body, person), 403, 'not-permitted');
    expectProblem(await step(name, body, 'otherCoordinator'), 404, 'not-found');
    expect((await step(name, body, 'coordinator')).status).toBe(201);
  });

  it.each(Object.entries(ends))('%s: has a day that has come', async (name, { body }) => {
    const answer = await step(name, { ...body, date: '2100-01-01' });
    expectProblem(answer, 422, 'invalid-value');
    expect(faultsOf(answer)).toEqual({ '/date': 'future-date' });
  });

  it('is no failed screening once there is an arm', async () => {
    await accepted(step('allocation', { arm: 'A', date }));
    expectProblem(await step('screening-failure', { date, reason }), 409, 'conflict');
  });

  it('closes the visits that were to come', async () => {
    const states = async () => (await summary()).visits.map(({ state }: { state: string | null }) => state);
    await accepted(
      investigator.put(formPath(subject, 'V_SCR', 'DX'), { items: { 'I.DX.DXDAT': '2024-01-05' } }),
    );
    expect(await states()).not.toContain('closed');
    await accepted(step('completion', { date: '2024-01-20' }));
    expect(await states()).toContain('closed');
  });
});

describe('a withdrawal', () => {
  const enterNew = () =>
    investigator.put(formPath(subject, 'V_INC', 'EN'), { items: { 'I.EN.ENDAT': '2024-01-20' } });

  it('of visits alone still takes data from records', async () => {
    await accepted(step('withdrawal', { date, reason, scope: 'visits' }));
    expect(await summary()).toMatchObject({ withdrawal: { date, scope: 'visits' } });
    expect((await enterNew()).status).toBe(201);
  });

  it.each(['data', 'all', undefined])('of scope %s takes no new form', async (scope) => {
    await accepted(step('withdrawal', { date, reason, ...(scope && { scope }) }));
    expect(await summary()).toMatchObject({ withdrawal: { date, scope: scope ?? 'data' } });
    expectProblem(await enterNew(), 409, 'subject-withdrawn');
  });

  it('of all is taken back by a new consent alone, which the audit trail tells', async () => {
    await accepted(step('withdrawal', { date, reason, scope: 'all' }));
    const reinstate = (consentDate?: string) => step('reinstatement', { reason, consentDate });
    expect(faultsOf(await reinstate())).toEqual({ '/consentDate': 'consent-required' });
    expect(faultsOf(await reinstate('2024-01-31'))).toEqual({ '/consentDate': 'before-withdrawal' });
    expect(faultsOf(await reinstate('2100-01-01'))).toEqual({ '/consentDate': 'future-date' });
    expect(faultsOf(await reinstate('2024-02-30'))).toEqual({ '/consentDate': 'wrong-type' });
    expect(await summary()).toMatchObject({ status: 'withdrawn' });
    expect(await accepted(reinstate('2024-03-01'))).toMatchObject({ status: 'enrolled' });
    expect((await enterNew()).status).toBe(201);
    const { items } = await accepted(
      trial.as('inspector').get(`${STUDY}/audit?subject=${subject}&type=SubjectReinstated`),
    );
    expect(items).toMatchObject([{ text: expect.stringContaining('consented anew on 2024-03-01') }]);
  });

  it('of data alone is taken back without one, or with it', async () => {
    for (const consent of [{}, { consentDate: '2024-03-01' }]) {
      await accepted(step('withdrawal', { date, reason }));
      expect((await step('reinstatement', { reason, ...consent })).status).toBe(201);
    }
  });

  it('has one of the three scopes', async () => {
    const answer = await step('withdrawal', { date, reason, scope: 'some' });
    expectProblem(answer, 422, 'invalid-value');
    expect(Object.keys(faultsOf(answer))).toEqual(['/scope']);
  });
});
