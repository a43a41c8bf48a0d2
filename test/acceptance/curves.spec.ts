import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, STUDY, subjectPath } from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

/** Arm, last day known alive or of death, and the cause of death. */
const courses = [
  ['A', '2019-08-01', undefined],
  ['A', '2020-02-01', 'SINET'],
  ['A', '2020-08-01', 'INFECTION'],
  ['A', '2024-03-01', undefined],
  ['B', '2019-05-01', 'SINET'],
  ['B', '2019-08-01', 'SINET'],
  ['B', '2019-11-01', undefined],
  ['B', '2021-02-01', 'SINET'],
] as const;

/** The position before the last of the subjects was entered. */
let earlier: number;
beforeAll(async () => {
  const coordinator = trial.as('coordinator');
  for (const [arm, date, cause] of courses) {
    earlier = (await trial.logSizes()).SINET! - 1;
    const subject = await enrol(coordinator, 'FR01', '2019-01-10');
    const enter = (visit: string, form: string, items: object) =>
      accepted(coordinator.put(formPath(subject, visit, form), { items }));
    await accepted(coordinator.post(`${subjectPath(subject)}/allocation`, { arm, date: '2019-02-01' }));
    await enter('V_INC', 'EN', { 'I.EN.ENDAT': '2019-02-01' });
    if (cause === undefined) await enter('V_M06', 'FU', { 'I.FU.LASTALIVE': date });
    else await enter('COMMON', 'DD', { 'I.DD.DTHDAT': date, 'I.DD.DTHCAUSE_S': cause });
  }
});

const ask = (person: Person, path: string) => trial.as(person).get(`${STUDY}/outcomes/${path}`);
const round = (value: number) => Math.round(value * 1e6) / 1e6;

/**
 * From R 4.2.2 with survival 3.5-3 and cmprsk 2.2-11, for the days and events of the courses:
 * time = c(181, 365, 547, 1826, 89, 181, 273, 731), event = c(0, 1, 2, 0, 1, 1, 0, 1) for DSDTH.
 */
describe('the curves', () => {
  it('of survival by arm: Kaplan–Meier with Greenwood’s errors, medians, log-rank test', async () => {
    const { groups, test, ...rest } = await accepted(
      ask('inspector', 'survival?endpoint=OS&by=arm&at=365,800'),
    );
    expect(rest).toMatchObject({ endpoint: 'OS', by: 'arm', interval: 'log-log', variance: 'Greenwood' });
    expect(groups).toMatchObject([
      { arm: 'A', n: 4, events: 2, competing: 0, median: { time: 547 } },
      { arm: 'B', n: 4, events: 3, competing: 0, median: { time: 456 } },
    ]);
    const [a, b] = groups.map(({ at }: { at: { estimate: number; standardError: number | null }[] }) =>
      at.map(({ estimate, standardError }) => [
        round(estimate),
        standardError === null ? null : round(standardError),
      ]),
    );
    expect(a).toEqual([
      [0.666667, 0.272166],
      [0.333333, 0.272166],
    ]);
    expect(b).toEqual([
      [0.5, 0.25],
      [0, null],
    ]);
    expect({ ...test, chiSquare: round(test.chiSquare), p: round(test.p) }).toEqual({
      name: 'log-rank',
      chiSquare: 0.845587,
      degreesOfFreedom: 1,
      p: 0.357804,
    });
  });

  it('of incidence by arm: Aalen–Johansen beside the other deaths, Gray’s test', async () => {
    const { groups, test } = await accepted(ask('inspector', 'incidence?endpoint=DSDTH&by=arm&at=600'));
    expect(groups).toMatchObject([
      { arm: 'A', n: 4, events: 1, competing: 1 },
      { arm: 'B', n: 4, events: 3, competing: 0 },
    ]);
    expect(groups.map(({ at }: { at: { estimate: number }[] }) => round(at[0]!.estimate))).toEqual([
      0.333333, 0.5,
    ]);
    expect({ ...test, chiSquare: round(test.chiSquare), p: round(test.p) }).toEqual({
      name: 'Gray',
      chiSquare: 2.175443,
      degreesOfFreedom: 1,
      p: 0.140229,
    });
  });

  it('are read yearly to the horizon unless times are given, with all their steps', async () => {
    const { groups, by, test } = await accepted(ask('statistician', 'survival?endpoint=OS'));
    expect({ by, test }).toEqual({ by: null, test: null });
    expect(groups).toHaveLength(1);
    expect(groups[0].at.map(({ time, atRisk }: Record<string, number>) => [time, atRisk])).toEqual([
      [365, 4],
      [730, 2],
      [1095, 1],
      [1461, 1],
      [1826, 1],
    ]);
    expect(groups[0].steps.map(({ time }: { time: number }) => time)).toEqual([
      89, 181, 273, 365, 547, 731, 1826,
    ]);
  });

  it('are those of a past moment, of which they name the position', async () => {
    const path = 'survival?endpoint=OS&by=arm';
    const then = await ask('dataManager', `${path}&asOf=${earlier}`);
    expect(then.body.groups).toMatchObject([{ n: 4 }, { n: 3 }]);
    expect(then.headers.get('daybook-position')).toBe(String(earlier));
    expect((await ask('dataManager', path)).body.groups).toMatchObject([{ n: 4 }, { n: 4 }]);
  });

  it('stop at a cut-off', async () => {
    const { groups } = await accepted(ask('inspector', 'survival?endpoint=OS&cutOff=2019-06-01'));
    expect(groups).toMatchObject([{ n: 8, events: 1 }]);
  });

  it.each(['survival', 'incidence'])('of %s are drawn, the same bytes each time', async (kind) => {
    const path = `${kind}.svg?endpoint=DSDTH&by=arm`;
    const answer = await ask('inspector', path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(answer.text).toMatch(/^<svg [\s\S]*<title id="figure-title">Death due to siNET<\/title>/);
    for (const text of ['Arm A', 'Arm B', 'Number at risk', 'Time (years)'])
      expect(answer.text).toContain(text);
    expect((await ask('inspector', path)).text).toBe(answer.text);
  });
});

describe('who sees curves', () => {
  const doors = ['survival', 'incidence', 'survival.svg', 'incidence.svg'];

  it.each(doors)('%s: by arm only whoever may tell the arms apart', async (door) => {
    const path = `${door}?endpoint=DSDTH`;
    expectProblem(await ask('statistician', `${path}&by=arm`), 403, 'not-permitted');
    expect((await ask('statistician', path)).status).toBe(200);
    expect((await ask('unblindedStatistician', `${path}&by=arm`)).status).toBe(200);
  });

  it.each(doors)('%s: whoever may read outcomes', async (door) => {
    const path = `${door}?endpoint=DSDTH`;
    for (const person of ['coordinator', 'monitor'] as const) {
      expectProblem(await ask(person, path), 403, 'not-permitted');
    }
    expectProblem(await ask('nobody', path), 401, 'unauthenticated');
  });

  it('nobody who is blinded has the curve of an endpoint that only one arm has', async () => {
    expectProblem(await ask('statistician', 'incidence?endpoint=TTCROSS'), 404, 'not-found');
    const { groups } = await accepted(ask('unblindedStatistician', 'incidence?endpoint=TTCROSS&by=arm'));
    expect(groups).toMatchObject([{ arm: 'B', n: 4 }]);
  });
});

describe('what cannot be drawn', () => {
  it('is an endpoint that does not exist', async () => {
    expectProblem(await ask('inspector', 'survival?endpoint=NONE'), 404, 'not-found');
    expectProblem(await trial.as('inspector').get(`${STUDY}/outcomes?endpoint=NONE`), 404, 'not-found');
  });

  it.each([
    ['survival', 'endpoint'],
    ['survival.svg?endpoint=OS&by=site', 'by'],
    ['incidence?endpoint=OS&at=soon', 'at'],
    ['incidence?endpoint=OS&endpoint=DSDTH', 'endpoint'],
  ])('is what cannot be read: %s', async (path, parameter) => {
    const answer = await ask('inspector', path);
    expectProblem(answer, 400, 'invalid-request');
    expect(answer.body.parameter).toBe(parameter);
  });
});
