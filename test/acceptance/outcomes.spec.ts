import { afterAll, describe, expect, it } from 'vitest';
import { enrol, formPath, ifMatch, reason, STUDY } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const coordinator = trial.as('coordinator');
const enter = (subject: string, visit: string, form: string, items: object) =>
  coordinator.put(formPath(subject, visit, form), { items });

/** A subject included on 1 February 2019. */
async function included(): Promise<string> {
  const subject = await enrol(coordinator, 'FR01', '2019-01-10');
  await accepted(enter(subject, 'V_INC', 'EN', { 'I.EN.ENDAT': '2019-02-01' }));
  return subject;
}

async function outcomesOf(subject: string) {
  const { items } = await accepted(trial.as('dataManager').get(`${STUDY}/outcomes?limit=1000`));
  const own = items.filter((row: { subjectKey: string }) => row.subjectKey === subject);
  return Object.fromEntries(
    own.map(({ endpoint, start, end, days, event }: Record<string, unknown>) => [
      endpoint,
      { start, end, days, event },
    ]),
  );
}

describe('outcomes', () => {
  it('there are none before the day of inclusion is entered', async () => {
    const subject = await enrol(coordinator);
    await accepted(enter(subject, 'V_M06', 'FU', { 'I.FU.LASTALIVE': '2024-08-01' }));
    expect(await outcomesOf(subject)).toEqual({});
  });

  it('of who lives are censored when last known alive, and move on with each follow-up', async () => {
    const subject = await included();
    const alive = (end: string, days: number) => ({ start: '2019-02-01', end, days, event: 0 });
    expect(await outcomesOf(subject)).toEqual({ DSDTH: alive('2019-02-01', 0), OS: alive('2019-02-01', 0) });
    await accepted(enter(subject, 'V_M06', 'FU', { 'I.FU.LASTALIVE': '2019-08-01' }));
    expect((await outcomesOf(subject)).OS).toEqual(alive('2019-08-01', 181));
    await accepted(enter(subject, 'V_M12', 'FU', { 'I.FU.LASTALIVE': '2020-02-01' }));
    expect(await outcomesOf(subject)).toEqual({
      DSDTH: alive('2020-02-01', 365),
      OS: alive('2020-02-01', 365),
    });
  });

  it('of who lived past five years are censored there', async () => {
    const subject = await included();
    await accepted(enter(subject, 'V_M60', 'FU', { 'I.FU.LASTALIVE': '2024-03-01' }));
    expect((await outcomesOf(subject)).OS).toMatchObject({ end: '2024-02-01', days: 1826, event: 0 });
  });

  it('of a death due to the tumour are events of both endpoints', async () => {
    const subject = await included();
    await accepted(
      enter(subject, 'COMMON', 'DD', { 'I.DD.DTHDAT': '2020-02-01', 'I.DD.DTHCAUSE_S': 'SINET' }),
    );
    const death = { start: '2019-02-01', end: '2020-02-01', days: 365, event: 1 };
    expect(await outcomesOf(subject)).toEqual({ DSDTH: death, OS: death });
  });

  it('of a death from another cause compete with the one and are the event of the other', async () => {
    const subject = await included();
    const cause = { 'I.DD.DTHDAT': '2020-02-01', 'I.DD.DTHCAUSE_S': 'INFECTION' };
    await accepted(enter(subject, 'COMMON', 'DD', cause));
    const outcomes = await outcomesOf(subject);
    expect(outcomes.DSDTH).toMatchObject({ end: '2020-02-01', event: 2 });
    expect(outcomes.OS).toMatchObject({ end: '2020-02-01', event: 1 });
  });

  it('follow corrections: of the cause, of the date, of the death itself', async () => {
    const subject = await included();
    await accepted(enter(subject, 'V_M06', 'FU', { 'I.FU.LASTALIVE': '2019-08-01' }));
    const path = formPath(subject, 'COMMON', 'DD');
    const first = await enter(subject, 'COMMON', 'DD', {
      'I.DD.DTHDAT': '2020-02-01',
      'I.DD.DTHCAUSE_S': 'OTHER',
    });
    const correct = (items: object, seen: typeof first) =>
      coordinator.patch(path, { items, reason }, ifMatch(seen));
    const second = await correct({ 'I.DD.DTHCAUSE_S': 'POSTOP' }, first);
    expect((await outcomesOf(subject)).DSDTH).toMatchObject({ end: '2020-02-01', event: 1 });
    const third = await correct({ 'I.DD.DTHDAT': '2020-03' }, second);
    expect((await outcomesOf(subject)).DSDTH).toMatchObject({ end: '2020-03-15', event: 1 });
    const fourth = await correct({ 'I.DD.DTHDAT': null, 'I.DD.DTHCAUSE_S': null }, third);
    expect(fourth.status).toBe(200);
    expect((await outcomesOf(subject)).OS).toMatchObject({ end: '2019-08-01', event: 0 });
    expect((await coordinator.get(`${STUDY}/subjects/${subject}`)).body.status).toBe('enrolled');
  });

  it('C-06 a recorded death makes the subject’s status, as an act of the system', async () => {
    const subject = await included();
    await accepted(enter(subject, 'V_EOS', 'DD', { 'I.DD.DTHDAT': '2021' }));
    expect((await coordinator.get(`${STUDY}/subjects/${subject}`)).body.status).toBe('dead');
    const { items } = await accepted(
      trial.as('monitor').get(`${STUDY}/audit?subject=${subject}&type=SubjectDied`),
    );
    expect(items).toMatchObject([{ system: 'milestone', user: null, newValue: '2021' }]);
  });

  it('are listed by endpoint', async () => {
    for (const endpoint of ['DSDTH', 'OS']) {
      const { items } = await accepted(
        trial.as('statistician').get(`${STUDY}/outcomes?endpoint=${endpoint}`),
      );
      expect(items.length).toBeGreaterThan(5);
      expect(items.every((row: { endpoint: string }) => row.endpoint === endpoint)).toBe(true);
    }
    expect((await accepted(trial.as('statistician').get(`${STUDY}/outcomes?endpoint=NONE`))).items).toEqual(
      [],
    );
  });
});
