import { describe, expect, it } from 'vitest';
import { enrolmentOf, nextMonth, plannedAfter } from './enrolment.js';

const counts = [
  { site: 'FR01', month: '2025-11', count: 2 },
  { site: 'DE01', month: '2026-01', count: 3 },
  { site: 'FR01', month: '2026-01', count: 1 },
];
const plan = { target: 30, months: 36, perSite: 10 };

describe('enrolment', () => {
  it('is counted by month, those without any too, up to today, against the plan', () => {
    const { total, months } = enrolmentOf(counts, [], plan, { today: '2026-02-10', whole: true });
    expect(total).toBe(6);
    expect(months).toEqual([
      { month: '2025-11', enrolled: 2, cumulative: 2, planned: 0.8 },
      { month: '2025-12', enrolled: 0, cumulative: 2, planned: 1.7 },
      { month: '2026-01', enrolled: 4, cumulative: 6, planned: 2.5 },
      { month: '2026-02', enrolled: 0, cumulative: 6, planned: 3.3 },
    ]);
  });

  it('is counted by site, also where nobody is enrolled', () => {
    expect(enrolmentOf(counts, ['FR01', 'ES01'], plan, { today: '2026-02-10', whole: true }).sites).toEqual([
      { site: 'DE01', enrolled: 3, planned: 10, months: { '2026-01': 3 } },
      { site: 'ES01', enrolled: 0, planned: 10, months: {} },
      { site: 'FR01', enrolled: 3, planned: 10, months: { '2025-11': 2, '2026-01': 1 } },
    ]);
  });

  it('of some sites is not held against the plan of all', () => {
    const { months } = enrolmentOf(counts, [], plan, { today: '2025-11-30', whole: false });
    expect(months[0]!.planned).toBeNull();
  });

  it('has no months where there is nobody', () => {
    expect(enrolmentOf([], [], undefined, { today: '2026-02-10', whole: true })).toEqual({
      total: 0,
      plan: null,
      months: [],
      sites: [],
    });
  });

  it('by plan ends at its target', () => {
    expect([36, 40].map((months) => plannedAfter(plan, months))).toEqual([30, 30]);
    expect(plannedAfter({ target: 30 }, 3)).toBeNull();
  });

  it('goes on in January', () => {
    expect(nextMonth('2025-12')).toBe('2026-01');
    expect(nextMonth('2025-08')).toBe('2025-09');
  });
});
