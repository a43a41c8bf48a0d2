import { describe, expect, it } from 'vitest';
import { standingOf } from './query-due.js';
import type { QueryStatus } from './query-state.js';

const times = { answerWithinDays: 14, closeWithinDays: 7 };
const query = (status: QueryStatus, changedAt = '2026-01-10T23:30:00.000Z') => ({
  status,
  raisedAt: '2026-01-01T12:00:00.000Z',
  changedAt,
});

describe('how a query stands', () => {
  it('is whose turn it is, for how long and until when', () => {
    const at = '2026-01-20T12:00:00.000Z';
    const ageDays = 19;
    expect(standingOf(query('open'), times, at)).toEqual({
      ...{ owner: 'site', ageDays, ownedDays: 9, due: '2026-01-24', overdue: false },
    });
    expect(standingOf(query('answered'), times, at)).toEqual({
      ...{ owner: 'oversight', ageDays, ownedDays: 9, due: '2026-01-17', overdue: true },
    });
    for (const status of ['closed', 'cancelled'] as const)
      expect(standingOf(query(status), times, at)).toEqual({
        ...{ owner: null, ageDays, ownedDays: null, due: null, overdue: false },
      });
  });

  it('is overdue from the day after the last', () => {
    expect(standingOf(query('open'), times, '2026-01-24T23:59:59.999Z').overdue).toBe(false);
    expect(standingOf(query('open'), times, '2026-01-25T00:00:00.000Z').overdue).toBe(true);
  });

  it('is never overdue where the study says nothing', () => {
    const late = '2036-01-01T00:00:00.000Z';
    expect(standingOf(query('open'), {}, late)).toMatchObject({ due: null, overdue: false });
    expect(standingOf(query('answered'), { answerWithinDays: 1 }, late)).toMatchObject({ due: null });
    expect(standingOf(query('open'), { answerWithinDays: 0 }, late)).toMatchObject({ due: '2026-01-10' });
  });
});
