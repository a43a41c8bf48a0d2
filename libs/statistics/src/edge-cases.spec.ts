import { describe, expect, it } from 'vitest';
import { aalenJohansen } from './aalen-johansen.js';
import { readCurve } from './curve.js';
import { followUp } from './follow-up.js';
import { grayTest } from './gray.js';
import { kaplanMeier } from './kaplan-meier.js';
import { logRank } from './log-rank.js';
import type { Observation } from './observation.js';
import { medianOf } from './quantile.js';
import { restrictedMean } from './restricted-mean.js';

const of = (...pairs: [time: number, event: 0 | 1 | 2][]) =>
  pairs.map(([time, event]): Observation => ({ time, event }));
const inGroup = (group: string, all: Observation[]) => all.map((one) => ({ ...one, group }));

/** From R 4.2.2 with survival 3.5-3; S counts either event. */
describe('the example of ten', () => {
  const ten = of([3, 1], [6, 2], [6, 1], [9, 0], [12, 1], [15, 2], [18, 1], [18, 0], [24, 0], [30, 1]);
  const survival = kaplanMeier(ten);
  const [first, second] = [aalenJohansen(ten), aalenJohansen(ten, { cause: 2 })];

  it('is read between its steps', () => {
    expect(readCurve(survival, 14)).toMatchObject({ time: 14, atRisk: 5 });
    expect(readCurve(survival, 14).estimate).toBeCloseTo(0.583333, 6);
    expect(readCurve(survival, 12).standardError).toBeCloseTo(0.161015, 6);
    expect(readCurve(first, 12).estimate).toBeCloseTo(0.316667, 6);
  });

  it('has three parts that make one', () => {
    const parts = [survival, first, second].map((curve) => readCurve(curve, 18).estimate!);
    for (const [i, part] of [0.35, 0.433333, 0.216667].entries()) expect(parts[i]).toBeCloseTo(part, 6);
    expect(readCurve(survival, 30)).toMatchObject({ estimate: 0, standardError: null, lower: null });
    expect(readCurve(first, 30).estimate).toBeCloseTo(0.783333, 6);
  });

  it('is known for ever, for its last subject ended with an event', () => {
    expect(readCurve(survival, 1000)).toMatchObject({ estimate: 0, atRisk: 0 });
  });
});

/** Maintained and not maintained, of R's `aml`: survfit(Surv(time, status) ~ x, aml). */
describe('the arms of aml', () => {
  const maintained = of(
    [9, 1],
    [13, 1],
    [13, 0],
    [18, 1],
    [23, 1],
    [28, 0],
    [31, 1],
    [34, 1],
    [45, 0],
    [48, 1],
    [161, 0],
  );
  const not = of(
    [5, 1],
    [5, 1],
    [8, 1],
    [8, 1],
    [12, 1],
    [16, 0],
    [23, 1],
    [27, 1],
    [30, 1],
    [33, 1],
    [43, 1],
    [45, 1],
  );

  it('have R’s medians', () => {
    expect(medianOf(kaplanMeier(maintained, { scale: 'log' }))).toMatchObject({
      time: 31,
      lower: 18,
      upper: null,
    });
    expect(medianOf(kaplanMeier(not, { scale: 'log' }))).toMatchObject({ time: 23, lower: 8, upper: null });
  });

  it('have R’s survival at 18 and log-rank test', () => {
    const at = readCurve(kaplanMeier(maintained), 18);
    expect(at.estimate).toBeCloseTo(0.715909, 6);
    expect(at.standardError).toBeCloseTo(0.139665, 6);
    const test = logRank([...inGroup('maintained', maintained), ...inGroup('not', not)]);
    expect(test.chiSquare).toBeCloseTo(3.396389, 6);
    expect(test.p).toBeCloseTo(0.065339, 6);
  });
});

describe('where little is known', () => {
  it('nothing is said of nobody', () => {
    const curve = kaplanMeier([]);
    expect(curve).toEqual({ kind: 'survival', n: 0, events: 0, competing: 0, steps: [] });
    expect(readCurve(curve, 0)).toMatchObject({ estimate: null, atRisk: 0 });
    expect(medianOf(curve).time).toBeNull();
    expect(restrictedMean(curve, 1).estimate).toBeNull();
    expect(logRank([])).toMatchObject({ chiSquare: null, degreesOfFreedom: 0, p: null });
  });

  it('nothing is said beyond the last who was censored', () => {
    const curve = kaplanMeier(of([2, 1], [5, 0]));
    expect(readCurve(curve, 5)).toMatchObject({ estimate: 0.5, atRisk: 1 });
    expect(readCurve(curve, 5.1)).toMatchObject({ estimate: null, standardError: null, atRisk: 0 });
    expect(restrictedMean(curve, 5).estimate).toBe(3.5);
    expect(restrictedMean(curve, 6).estimate).toBeNull();
  });

  it('before the first step nothing has happened', () => {
    expect(readCurve(kaplanMeier(of([2, 1])), 1)).toMatchObject({ estimate: 1, standardError: 0, atRisk: 1 });
    expect(readCurve(aalenJohansen(of([2, 1])), 1)).toMatchObject({ estimate: 0, standardError: 0 });
  });

  it('of those who were all censored, survival stays 1 and the follow-up is theirs', () => {
    const all = of([1, 0], [2, 0], [3, 0]);
    expect(readCurve(kaplanMeier(all), 3)).toMatchObject({ estimate: 1, standardError: 0, lower: null });
    expect(medianOf(kaplanMeier(all)).time).toBeNull();
    expect(medianOf(followUp(all)).time).toBe(2);
  });

  it('an event at time 0, and all events at one time, are steps like others', () => {
    expect(readCurve(kaplanMeier(of([0, 1], [4, 0])), 0)).toMatchObject({ estimate: 0.5, atRisk: 2 });
    const curve = aalenJohansen(of([3, 1], [3, 2], [3, 1], [3, 2]));
    expect(curve.steps).toMatchObject([
      { time: 3, atRisk: 4, events: 2, competing: 2, estimate: 0.5, standardError: 0.25 },
    ]);
  });

  it('groups that were never at risk together cannot be compared', () => {
    const apart = [...inGroup('a', of([1, 0], [2, 0])), ...inGroup('b', of([5, 1], [6, 1]))];
    expect(logRank(apart)).toMatchObject({ chiSquare: null, p: null });
    expect(logRank(apart).groups).toMatchObject([{ expected: 0 }, { observed: 2, expected: 2 }]);
    expect(grayTest(inGroup('a', of([1, 1], [2, 0])))).toMatchObject({ chiSquare: null, p: null });
  });

  it('a median at whose height the curve ends is the middle of that level, as in R', () => {
    const half = of([6, 0], [7, 1], [8, 0]);
    expect(medianOf(kaplanMeier(half))).toMatchObject({ time: 7.5, lower: 7, upper: null });
    expect(medianOf(followUp(of([2, 0], [9, 1])))).toMatchObject({ time: 5.5, upper: null });
  });

  it('a group that has the last events to itself is compared all the same', () => {
    const [early, late] = [of([270, 1], [485, 1]), of([1759, 1], [1959, 1])];
    const tests = [
      grayTest([...inGroup('a', early), ...inGroup('b', late)]),
      grayTest([...inGroup('b', early), ...inGroup('a', late)]),
    ];
    // By cuminc of R's cmprsk, which needs them in the first order.
    for (const { chiSquare } of tests) expect(chiSquare).toBeCloseTo(2.815081, 6);
  });

  it('a time that is no number is refused', () => {
    expect(() => kaplanMeier(of([Number.NaN, 1]))).toThrow(RangeError);
  });
});
