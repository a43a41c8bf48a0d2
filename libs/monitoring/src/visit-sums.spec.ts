import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VisitProgress } from './visit-progress.js';
import { ALWAYS, addedUp, type DaySums, sumChanges, sumsOf } from './visit-sums.js';

const telling = { visits: ['V_SURG'], forms: ['SU', 'PO'] };

const visit = (visit: string, n: number, entered: string[], more: Partial<VisitProgress> = {}) => ({
  ...{ visit, n, late: '2024-01-01', planned: ['EN', 'SU'], entered, complete: [] },
  ...more,
});

/** Forms expected, entered and complete, visits overdue and missed, by a day. */
function sums(audience: 'unblinded' | 'blinded', visits: VisitProgress[], today = '2024-02-01') {
  const parts = sumsOf('FR01', visits, telling).filter(
    ({ told, day }) => told === (audience === 'unblinded') && (day === ALWAYS || day <= today),
  );
  const [sum] = addedUp(parts, ({ site }) => site);
  return sum ? [sum.expected, sum.entered, sum.complete, sum.overdue, sum.missed] : [0, 0, 0, 0, 0];
}

describe('the sums of visits', () => {
  it('expect the forms of a visit that is entered or late', () => {
    expect(sums('unblinded', [visit('V0', 0, [])], '2023-12-31')).toEqual([0, 0, 0, 0, 0]);
    expect(sums('unblinded', [visit('V0', 0, [])], '2024-01-01')).toEqual([2, 0, 0, 1, 0]);
    expect(sums('unblinded', [visit('V0', 0, ['EN'], { complete: ['EN'] })])).toEqual([2, 1, 1, 0, 0]);
    expect(sums('unblinded', [visit('V0', 0, ['EN', 'SU'], { late: null })])).toEqual([2, 2, 0, 0, 0]);
    expect(sums('unblinded', [visit('V0', 0, [], { late: null })])).toEqual([0, 0, 0, 0, 0]);
  });

  it('have a late visit missed where a later one is entered', () => {
    expect(sums('unblinded', [visit('V0', 0, []), visit('V1', 1, ['EN', 'SU'])])).toEqual([4, 2, 0, 0, 1]);
    expect(sums('unblinded', [visit('V0', 0, ['EN', 'SU']), visit('V1', 1, [])])).toEqual([4, 2, 0, 1, 0]);
  });

  it('tell the blinded of a visit as if what they do not see were not there', () => {
    expect(sums('blinded', [visit('V0', 0, ['SU'])])).toEqual([1, 0, 0, 1, 0]);
    expect(sums('blinded', [visit('V0', 0, ['SU'])], '2023-12-31')).toEqual([0, 0, 0, 0, 0]);
    expect(sums('blinded', [visit('V0', 0, []), visit('V1', 1, ['SU'])])).toEqual([2, 0, 0, 2, 0]);
    expect(sums('blinded', [visit('V0', 0, []), visit('V_SURG', 1, ['EN'])])).toEqual([1, 0, 0, 1, 0]);
    expect(sums('blinded', [visit('V0', 0, ['SU'], { planned: ['SU'] })])).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('sums that change', () => {
  const forms = ['EN', 'LB', 'SU'];
  const arbitrary = (n: number) =>
    fc
      .record({
        late: fc.constantFrom(null, '2024-01-01', '2024-06-01'),
        planned: fc.subarray(forms, { minLength: 1 }),
        entered: fc.subarray(forms),
      })
      .map(({ late, planned, entered }): VisitProgress => {
        const own = planned.filter((form) => entered.includes(form));
        return { visit: `V${n}`, n, late, planned, entered: own, complete: own.slice(1) };
      });
  const visits = fc.tuple(arbitrary(0), arbitrary(1), arbitrary(2)).map((all): VisitProgress[] => all);
  const subject = fc.record({ site: fc.constantFrom('FR01', 'DE01'), visits });
  const partsOf = (...subjects: { site: string; visits: VisitProgress[] }[]) =>
    subjects.flatMap(({ site, visits }) => sumsOf(site, visits, telling));
  const sorted = (all: readonly DaySums[]) =>
    all.map((one) => JSON.stringify(Object.entries(one).sort())).sort();

  it('are then what they are of what there is', () => {
    fc.assert(
      fc.property(subject, subject, subject, (stays, before, after) => {
        const was = sumChanges([], partsOf(stays, before));
        const changes = sumChanges(partsOf(before), partsOf(after));
        const is = sumChanges([], [...was, ...changes]);
        expect(sorted(is)).toEqual(sorted(sumChanges([], partsOf(stays, after))));
        expect(is.every(({ expected }) => expected > 0)).toBe(true);
      }),
    );
  });
});
