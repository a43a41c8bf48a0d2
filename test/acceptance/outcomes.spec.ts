import { afterAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, ifMatch, positionOf, reason, STUDY } from './casebook.js';
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

/** A subject's rows by endpoint. */
async function rowsOf(subject: string, query = '', reader = trial.as('dataManager')) {
  const { items } = await accepted(reader.get(`${STUDY}/outcomes?limit=1000${query}`));
  const own = items.filter((row: { subjectKey: string }) => row.subjectKey === subject);
  return Object.fromEntries(own.map((row: { endpoint: string }) => [row.endpoint, row]));
}

/** Of those that look at survival alone, what an analysis takes. */
async function outcomesOf(subject: string) {
  const rows = await rowsOf(subject);
  return Object.fromEntries(
    ['DSDTH', 'OS']
      .filter((endpoint) => rows[endpoint])
      .map((endpoint) => {
        const { start, end, days, event } = rows[endpoint];
        return [endpoint, { start, end, days, event }];
      }),
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

  it('are given whole as NDJSON and as CSV, now and as of a past position', async () => {
    await included();
    const reader = trial.as('dataManager');
    const path = `${STUDY}/outcomes`;
    const before = await reader.get(`${path}?limit=1000`);
    await included();
    for (const query of ['', 'endpoint=OS', `asOf=${positionOf(before)}`]) {
      const { items } = await accepted(reader.get(`${path}?limit=1000&${query}`));
      const lines = await reader.get(`${path}?limit=1&${query}`, { Accept: 'application/x-ndjson' });
      const told = lines.text.trimEnd().split('\n');
      expect(told.map((line) => JSON.parse(line))).toEqual(items);
      const table = await reader.get(`${path}?${query}`, { Accept: 'text/csv' });
      const [header, ...rows] = table.text.trimEnd().split('\r\n');
      expect(header).toMatch(/^subjectKey,arm,endpoint,site,start,end,days,event,description,/);
      expect(rows).toHaveLength(items.length);
      expect(rows[0]).toContain(`${items[0].subjectKey},`);
    }
    expectProblem(await reader.get(path, { Accept: 'application/xml' }), 406, 'not-acceptable');
  });

  it('are listed by endpoint', async () => {
    for (const endpoint of ['DSDTH', 'OS']) {
      const { items } = await accepted(
        trial.as('statistician').get(`${STUDY}/outcomes?endpoint=${endpoint}`),
      );
      expect(items.length).toBeGreaterThan(5);
      expect(items.every((row: { endpoint: string }) => row.endpoint === endpoint)).toBe(true);
    }
    const none = await trial.as('statistician').get(`${STUDY}/outcomes?endpoint=NONE`);
    expectProblem(none, 404, 'not-found');
  });
});

describe('each endpoint of the study', () => {
  const course = async (arm: string) => {
    const subject = await included();
    const allocation = { arm, date: '2019-02-01' };
    await accepted(coordinator.post(`${STUDY}/subjects/${subject}/allocation`, allocation));
    await accepted(
      enter(subject, 'V_M06', 'FU', {
        'I.FU.FUDAT': '2019-08-02',
        'I.FU.LASTALIVE': '2019-08-01',
        'I.FU.ISCHAE': 'Y',
        'I.FU.COMPONSET': '2019-06-11',
      }),
    );
    await accepted(enter(subject, 'V_M06', 'IM', { 'I.IM.IMDAT': '2019-08-05', 'I.IM.RECIST': 'SD' }));
    await accepted(enter(subject, 'V_M12', 'IM', { 'I.IM.IMDAT': '2020-02-05', 'I.IM.RECIST': 'PD' }));
    await accepted(
      enter(subject, 'V_SURG', 'SU', {
        'I.SU.SUDAT': '2019-06-12',
        'I.SU.SUTYPE': 'EMERGENCY',
        'I.SU.SUPROC': ['SBRESECT'],
      }),
    );
    await accepted(enter(subject, 'COMMON', 'TX', { 'I.TX.TXCAT': 'SIRT', 'I.TX.TXSTDT': '2020-05' }));
    await accepted(
      enter(subject, 'V_EOS', 'DD', { 'I.DD.DTHDAT': '2020-09-30', 'I.DD.DTHCAUSE_S': 'SINET' }),
    );
    return subject;
  };

  it('is computed from what was entered', async () => {
    const rows = await rowsOf(await course('B'));
    const start = '2019-02-01';
    const died = { start, end: '2020-09-30', days: 607, event: 1, cnsr: 0, adtf: null };
    expect(rows).toMatchObject({
      DSDTH: { ...died, description: 'Death due to siNET' },
      OS: { ...died, description: 'Death' },
      PFS: { start, end: '2020-02-05', event: 1, description: 'Progression (RECIST 1.1)' },
      TTCOMP: { start, end: '2019-06-11', event: 1, description: 'Ischaemia' },
      TTEMS: { start, end: '2019-06-12', event: 1, description: 'Emergency surgery' },
      TTCROSS: { start, end: '2019-06-12', event: 1, description: 'Resection of the primary', arm: 'B' },
      TTLDT: { start, end: '2020-05-15', event: 1, adtf: 'D', description: 'Liver-directed therapy' },
      MORT90: { start: '2019-06-12', end: '2019-09-10', days: 90, event: 0, cnsr: 1 },
    });
  });

  it('that is one arm’s has no rows of the other', async () => {
    const rows = await rowsOf(await course('A'));
    expect(Object.keys(rows)).toHaveLength(7);
    expect(rows).not.toHaveProperty('TTCROSS');
  });

  it('says where its dates stand, and which acts put them there', async () => {
    const subject = await included();
    const first = await enter(subject, 'V_UNS~2', 'FU', { 'I.FU.LASTALIVE': '2019-08-01' });
    const second = await coordinator.patch(
      formPath(subject, 'V_UNS~2', 'FU'),
      { items: { 'I.FU.LASTALIVE': '2019-07-01' }, reason },
      ifMatch(first),
    );
    const { OS } = await rowsOf(subject);
    const { items } = await accepted(
      trial.as('inspector').get(`${STUDY}/audit?subject=${subject}&item=I.FU.LASTALIVE`),
    );
    const correction = items.find(({ type }: { type: string }) => type === 'ItemsCorrected');
    expect(second.status).toBe(200);
    expect(OS).toMatchObject({
      aval: 151 / 30.4375,
      srcDom: 'FU',
      srcVar: 'I.FU.LASTALIVE',
      srcSeq: correction.position,
      startSource: { visit: 'V_INC', form: 'EN', item: 'I.EN.ENDAT' },
      endSource: { visit: 'V_UNS~2', form: 'FU', item: 'I.FU.LASTALIVE', position: correction.position },
    });
  });

  it('is censored at a cut-off that is asked for, and has no row of who was included later', async () => {
    const subject = await course('B');
    const rows = await rowsOf(subject, '&cutOff=2019-12-31');
    const cut = {
      end: '2019-12-31',
      days: 333,
      event: 0,
      cnsr: 1,
      description: 'Data cut-off',
      srcVar: null,
    };
    expect(rows).toMatchObject({ OS: cut, PFS: cut, TTLDT: cut, TTCOMP: { end: '2019-06-11', event: 1 } });
    expect(await rowsOf(subject, '&cutOff=2019-01-31')).toEqual({});
    const answer = await trial.as('dataManager').get(`${STUDY}/outcomes?cutOff=2019-02-30`);
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.body.parameter).toBe('cutOff');
  });

  it('stands as of a past position as it stood then', async () => {
    const subject = await included();
    const seen = await enter(subject, 'V_M06', 'FU', { 'I.FU.LASTALIVE': '2019-08-01' });
    const then = await rowsOf(subject);
    await accepted(enter(subject, 'V_EOS', 'DD', { 'I.DD.DTHDAT': '2020-09-30' }));
    expect(await rowsOf(subject, `&asOf=${positionOf(seen)}`)).toEqual(then);
    const cut = `&asOf=${positionOf(seen)}&cutOff=2019-03-01`;
    expect((await rowsOf(subject, cut)).OS).toMatchObject({ end: '2019-03-01' });
    expect((await rowsOf(subject)).OS).toMatchObject({ end: '2020-09-30', event: 1 });
  });

  it('that tells the arms apart does not exist for whoever is blinded', async () => {
    const subject = await course('B');
    const blinded = trial.as('statistician');
    const told = ['DSDTH', 'OS', 'PFS', 'TTCOMP', 'TTLDT'];
    for (const query of ['', `&asOf=${(await trial.logSizes()).SINET! - 1}`]) {
      const rows = await rowsOf(subject, query, blinded);
      expect(Object.keys(rows)).toEqual(told);
      expect(Object.values(rows).map((row) => (row as { arm: string | null }).arm)).toEqual(
        told.map(() => null),
      );
    }
    for (const endpoint of ['TTEMS', 'TTCROSS', 'MORT90']) {
      const path = `${STUDY}/outcomes?endpoint=${endpoint}`;
      expectProblem(await blinded.get(path), 404, 'not-found');
      const { items } = await accepted(trial.as('unblindedStatistician').get(path));
      expect(items.map((row: { subjectKey: string }) => row.subjectKey)).toContain(subject);
    }
  });
});
