import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrol,
  expectProblem,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import { accepted, type Person, startTrial, type Trial } from './trial.js';

let trial: Trial;
let subject: string;
/** Before anything was entered. */
let beginning: number;

const coordinator = () => trial.as('coordinator');
const progress = (person: Person = 'dataManager', query = '') =>
  accepted(trial.as(person).get(`${STUDY}/progress${query}`));
const enter = (of: string, visit: string, form: string, items: object, complete = false) =>
  accepted(coordinator().put(formPath(of, visit, form), { items, complete }));

beforeAll(async () => {
  trial = await startTrial();
  subject = await enrol(coordinator(), 'FR01', '2024-01-10');
  await enrol(coordinator(), 'FR01', '2024-03-20');
  await enrol(trial.as('otherCoordinator'), 'DE01', '2024-03-05');
  const { text, headers } = await trial.as('dataManager').get(`${STUDY}/progress`);
  expect(JSON.parse(text).completeness).toMatchObject({ expected: 0, entered: 0 });
  beginning = positionOf({ headers } as never);
  await enter(subject, 'V_INC', 'EN', { 'I.EN.ENDAT': '2024-02-01' });
});
afterAll(() => trial?.close());

describe('the progress of a study', () => {
  it('has enrolment by site and month against the plan', async () => {
    const { enrolment } = await progress();
    expect(enrolment).toMatchObject({ total: 3, plan: { target: 300, months: 36 } });
    expect(enrolment.months.slice(0, 3)).toEqual([
      { month: '2024-01', enrolled: 1, cumulative: 1, planned: 8.3 },
      { month: '2024-02', enrolled: 0, cumulative: 1, planned: 16.7 },
      { month: '2024-03', enrolled: 2, cumulative: 3, planned: 25 },
    ]);
    expect(enrolment.sites).toEqual([
      { site: 'DE01', enrolled: 1, planned: null, months: { '2024-03': 1 } },
      { site: 'FR01', enrolled: 2, planned: null, months: { '2024-01': 1, '2024-03': 1 } },
    ]);
  });

  it('has visits that are late from when time zero is known; a later entry makes them missed', async () => {
    const before = await progress();
    const fr = (one: typeof before) => one.visits.sites.find(({ site }: { site: string }) => site === 'FR01');
    expect(fr(before).missed).toBe(1);
    expect(fr(before).overdue).toBeGreaterThan(2);
    await enter(subject, 'V_M12', 'CS', { 'I.CS.CSYN': 'N' });
    const after = await progress();
    expect(fr(after).missed).toBeGreaterThan(1);
    expect(fr(after).missed + fr(after).overdue).toBe(fr(before).missed + fr(before).overdue - 1);
    expect(after.completeness.entered).toBe(before.completeness.entered + 1);
    expect(after.completeness.expected).toBe(before.completeness.expected);
  });

  it('counts complete forms, until they are reopened', async () => {
    const { completeness } = await progress();
    const path = formPath(subject, 'V_M12', 'CS');
    const complete = async (to: boolean) => {
      const seen = await coordinator().get(path);
      const answer = await coordinator().patch(path, { items: {}, complete: to, reason }, ifMatch(seen));
      expect(answer.status, answer.text).toBe(200);
    };
    await complete(true);
    expect((await progress()).completeness.complete).toBe(completeness.complete + 1);
    await complete(false);
    expect((await progress()).completeness).toEqual(completeness);
  });

  it('no longer waits for whoever withdrew', async () => {
    const other = await enrol(coordinator(), 'FR01', '2024-04-02');
    const before = await progress();
    await enter(other, 'V_INC', 'EN', { 'I.EN.ENDAT': '2024-04-10' });
    expect((await progress()).visits.overdue).toBeGreaterThan(before.visits.overdue);
    const withdrawal = { date: '2024-04-11', reason };
    await accepted(coordinator().post(`${subjectPath(other)}/withdrawal`, withdrawal));
    const { overdue, missed } = (await progress()).visits;
    // Only the screening was due by then.
    expect(overdue + missed).toBe(before.visits.overdue + before.visits.missed + 1);
  });

  it('has the ages of open and answered queries by site', async () => {
    const path = `${subjectPath(subject)}/queries`;
    const raise = async () =>
      (await accepted(trial.as('monitor').post(path, { visit: 'V_INC', form: 'EN', text: 'Sure?' }))).query;
    const [first] = [await raise(), await raise()];
    const { queries } = await progress();
    const own = queries.sites.find(({ site }: { site: string }) => site === 'FR01');
    expect(own.open).toMatchObject({ medianDays: 0, p95Days: 0, over30: 0 });
    expect(own.open.count).toBeGreaterThanOrEqual(2);
    await accepted(coordinator().post(`${STUDY}/queries/${first}/answer`, { text: 'Yes.' }));
    const later = (await progress()).queries;
    expect(later.open.count).toBe(queries.open.count - 1);
    expect(later.answered).toMatchObject({ count: 1, upTo7: 1 });
  });

  it('as of a position is what it was then', async () => {
    const now = await progress();
    const { at: _, ...rest } = now;
    expect(await progress('dataManager', `?asOf=${now.position}`)).toMatchObject(rest);
    const then = await progress('dataManager', `?asOf=${beginning}`);
    expect(then).toMatchObject({ position: beginning, visits: { overdue: 0, missed: 0 } });
    expect(then.enrolment.total).toBe(3);
  });
});

describe('who sees which progress', () => {
  it('is told of the arms only if not blinded', async () => {
    const of = async (person: Person) => {
      const { at: _, position: __, ...rest } = await progress(person);
      return rest;
    };
    const before = { blinded: await of('statistician'), open: await of('unblindedStatistician') };
    const arm = { arm: 'A', date: '2024-02-01' };
    await accepted(coordinator().post(`${subjectPath(subject)}/allocation`, arm));
    // The operation, which only arm A has, was due.
    expect((await of('unblindedStatistician')).completeness.expected).toBeGreaterThan(
      before.open.completeness.expected,
    );
    expect(await of('statistician')).toEqual(before.blinded);
    await enter(subject, 'V_SURG', 'SU', { 'I.SU.SUDAT': '2024-02-20' });
    expect(await of('statistician')).toEqual(before.blinded);
    const past = await progress('statistician', `?asOf=${(await progress('statistician')).position}`);
    expect(past.completeness).toEqual(before.blinded.completeness);
  });

  it('counts for the blinded no more what a new version says tells the arms apart', async () => {
    const sums = async (person: Person, query = '') => {
      const { completeness, visits } = await progress(person, query);
      return { completeness, visits };
    };
    const before = { blinded: await sums('statistician'), open: await sums('unblindedStatistician') };
    expect(before.blinded.completeness.entered).toBeGreaterThan(0);
    const manager = trial.as('dataManager');
    const definition = await accepted(manager.get(`${STUDY}/definitions/1`));
    for (const form of definition.forms)
      for (const group of form.groups)
        if (form.oid === 'CS') for (const item of group.items) item.revealsArm = true;
    await accepted(manager.post(`${STUDY}/definitions`, definition));
    const blinded = await sums('statistician');
    expect(blinded.completeness.entered).toBe(before.blinded.completeness.entered - 1);
    expect(blinded.completeness.expected).toBeLessThan(before.blinded.completeness.expected);
    expect(await sums('unblindedStatistician')).toEqual(before.open);
    const { position } = await progress('statistician');
    expect(await sums('statistician', `?asOf=${position}`)).toEqual(blinded);
  });

  it('is told of the own sites', async () => {
    const { enrolment, completeness, visits, queries } = await progress('coordinator');
    for (const { sites } of [enrolment, completeness, visits, queries])
      expect(sites.map(({ site }: { site: string }) => site)).toEqual(['FR01']);
    expect(enrolment.months[0].planned).toBeNull();
    expect((await progress('otherCoordinator')).enrolment.total).toBe(1);
    expect(await progress('inspector')).toMatchObject({ enrolment: { total: 4 } });
    expectProblem(await trial.as('administrator').get(`${STUDY}/progress`), 403, 'not-permitted');
  });
});

describe('the figures', () => {
  it('are SVG', async () => {
    for (const figure of ['', '?figure=queries']) {
      const answer = await trial.as('monitor').get(`${STUDY}/progress.svg${figure}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
      expect(answer.text).toMatch(/^<svg /);
    }
    expectProblem(await trial.as('monitor').get(`${STUDY}/progress.svg?figure=x`), 400, 'invalid-request');
  });
});
