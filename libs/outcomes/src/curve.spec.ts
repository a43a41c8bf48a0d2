import { describe, expect, it } from 'vitest';
import { type CurveOptions, curvesOf, type Member } from './curve.js';
import { curveFigure } from './curve-figure.js';
import { axisOf, horizonOf, yearlyTo } from './curve-horizon.js';
import { parseCurveQuery } from './curve-query.js';

const members = (arm: string | null, ...pairs: [days: number, event: 0 | 1 | 2][]): Member[] =>
  pairs.map(([days, event]) => ({ arm, days, event }));

const options: CurveOptions = {
  endpoint: 'OS',
  arms: undefined,
  at: [365, 730],
  interval: 'log-log',
  variance: 'delta',
};
const trial = [
  ...members('A', [200, 1], [400, 2], [900, 0], [900, 0]),
  ...members('B', [100, 1], [150, 1], [300, 1], [800, 0]),
  ...members(null, [50, 0]),
];

describe('the curves of an endpoint', () => {
  it('are one of all subjects, with no test', () => {
    const { by, groups, test, withoutArm } = curvesOf('survival', trial, options);
    expect({ by, test, withoutArm }).toEqual({ by: null, test: null, withoutArm: 0 });
    expect(groups).toMatchObject([{ arm: null, n: 9, events: 4, competing: 1, median: { time: 350 } }]);
  });

  it('or one an arm, with those of no arm counted apart', () => {
    const answer = curvesOf('survival', trial, { ...options, arms: ['A', 'B', 'C'] });
    expect(answer).toMatchObject({ by: 'arm', withoutArm: 1, variance: 'Greenwood' });
    expect(answer.groups).toMatchObject([
      { arm: 'A', n: 4, at: [{ time: 365, estimate: 0.75, atRisk: 3 }, { estimate: 0.5 }] },
      { arm: 'B', n: 4, at: [{ time: 365, estimate: 0.25, atRisk: 1 }, { estimate: 0.25 }] },
      { arm: 'C', n: 0, steps: [], median: { time: null }, at: [{ estimate: null }, { estimate: null }] },
    ]);
    expect(answer.test).toMatchObject({ name: 'log-rank', degreesOfFreedom: 1 });
  });

  it('of incidence count the event beside what competes, and have no median', () => {
    const { groups, test } = curvesOf('incidence', trial, { ...options, arms: ['A', 'B'] });
    expect(groups[0]!.at).toMatchObject([
      { time: 365, estimate: 0.25 },
      { time: 730, estimate: 0.25 },
    ]);
    expect(groups[0]).not.toHaveProperty('median');
    expect(test).toMatchObject({ name: 'Gray', degreesOfFreedom: 1 });
  });

  it('make a figure that names arms and test', () => {
    const answer = curvesOf('incidence', trial, { ...options, arms: ['A', 'B'] });
    const svg = curveFigure('incidence', answer, 'Death due to siNET', 1826);
    for (const text of ['Death due to siNET', 'Arm A', 'Arm B', 'Time (years)', 'Gray’s test: p = ']) {
      expect(svg).toContain(`>${text}`);
    }
  });
});

describe('the horizon', () => {
  it.each([
    [{ years: 5 }, 99, 1826],
    [{ days: 90 }, 99, 90],
    [undefined, 800, 1095],
    [undefined, 0, 365],
  ])('of %j with follow-up of %d days is %d days', (horizon, longest, days) => {
    expect(horizonOf(horizon, longest)).toBe(days);
  });

  it.each([
    [1826, [365, 730, 1095, 1461, 1826]],
    [365, [365]],
    [90, [90]],
    [500, [365, 500]],
  ])('of %d days has the yearly times %j', (horizon, times) => {
    expect(yearlyTo(horizon)).toEqual(times);
  });

  it.each([
    [1826, 'Time (years)'],
    [730, 'Time (years)'],
    [365, 'Time (months)'],
    [90, 'Time (days)'],
  ])('of %d days has an axis of %s', (horizon, x) => {
    expect(axisOf(horizon).x).toBe(x);
  });
});

describe('what is asked of a curve', () => {
  it('needs an endpoint only', () => {
    expect(parseCurveQuery({ endpoint: 'OS' })).toEqual({
      endpoint: 'OS',
      byArm: false,
      at: undefined,
      interval: 'log-log',
      variance: 'delta',
      cutOff: undefined,
    });
    expect(parseCurveQuery({ endpoint: 'OS', by: 'arm', at: '0,365' })).toMatchObject({
      byArm: true,
      at: [0, 365],
    });
  });

  it.each([
    ['endpoint', {}],
    ['by', { by: 'site' }],
    ['at', { at: '' }],
    ['at', { at: '1,,2' }],
    ['at', { at: '-1' }],
    ['at', { at: '1e3' }],
    ['at', { at: Array(101).fill('1').join(',') }],
    ['interval', { interval: 'logit' }],
    ['variance', { variance: '' }],
    ['cutOff', { cutOff: '2026-02-30' }],
  ])('is refused for its %s: %j', (parameter, asked) => {
    const query = parameter === 'endpoint' ? asked : { endpoint: 'OS', ...asked };
    expect(() => parseCurveQuery(query)).toThrow(
      expect.objectContaining({ details: { extensions: { parameter } } }),
    );
  });
});
