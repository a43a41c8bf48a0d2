import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryAges } from './query-ages.js';

const open = (days: number, count = 1, site = 'FR01') => ({ site, status: 'open', days, count });

describe('ages of queries', () => {
  it('are told by what is waited for, and by site', () => {
    const ages = queryAges([open(7), open(8, 2), { ...open(31), status: 'answered' }], ['DE01']);
    expect(ages.open).toEqual({ count: 3, medianDays: 8, p95Days: 8, upTo7: 1, upTo30: 2, over30: 0 });
    expect(ages.answered).toMatchObject({ count: 1, medianDays: 31, over30: 1 });
    expect(ages.sites.map(({ site, open }) => [site, open.count, open.medianDays])).toEqual([
      ['DE01', 0, null],
      ['FR01', 3, 8],
    ]);
  });

  it('have the quantiles of the list that the counts are of', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1 }), (days) => {
        const sorted = days.toSorted((a, b) => a - b);
        const place = (sorted.length - 1) * 0.95;
        const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
        const { p95Days } = queryAges(
          days.map((one) => open(one)),
          [],
        ).open;
        expect(p95Days).toBeCloseTo(low + (high - low) * (place % 1), 9);
      }),
    ));
});
