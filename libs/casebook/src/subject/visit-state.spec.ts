import { describe, expect, it } from 'vitest';
import { visitState } from './visit-state.js';

const window = { earliest: '2026-03-01', target: '2026-03-15', latest: '2026-03-31' };
const planned = { window, hasDay: true, isEntered: false, isFollowed: false };
const alive = {};

describe('a planned visit', () => {
  it.each([
    ['2026-02-28', 'expected'],
    ['2026-03-01', 'due'],
    ['2026-03-31', 'due'],
    ['2026-04-01', 'overdue'],
  ])('stands by its window: on %s it is %s', (today, state) => {
    expect(visitState(planned, alive, today)).toBe(state);
  });

  it('is entered, early or late, also of a subject who died', () => {
    for (const today of ['2026-02-01', '2026-05-01'])
      for (const end of [alive, { died: '2026-03-02' }, { withdrawnOn: '2026-01-01' }])
        expect(visitState({ ...planned, isEntered: true }, end, today)).toBe('entered');
  });

  it('was missed once a later one is entered', () => {
    const followed = { ...planned, isFollowed: true };
    expect(visitState(followed, alive, '2026-04-01')).toBe('missed');
    expect(visitState(followed, alive, '2026-03-31')).toBe('due');
  });

  it.each([
    [{ died: '2026-02-01' }, 'closed'],
    [{ died: '2026-03-31' }, 'closed'],
    [{ died: '2026-03' }, 'closed'],
    [{ died: '2026' }, 'closed'],
    [{ died: '2026-04' }, 'overdue'],
    [{ withdrawnOn: '2026-03-20' }, 'closed'],
    [{ withdrawnOn: '2026-04-01' }, 'overdue'],
    [{ withdrawnOn: '2026-04-01', died: '2026-03-20' }, 'closed'],
  ])('is closed by an end before its window has passed: %j is %s', (end, state) => {
    expect(visitState(planned, end, '2026-05-01')).toBe(state);
  });

  it('without a window is expected; the end closes it where it waits for something that never came', () => {
    const unknown = { ...planned, window: null };
    expect(visitState(unknown, alive, '2026-05-01')).toBe('expected');
    expect(visitState(unknown, { died: '2026-03' }, '2026-05-01')).toBe('closed');
    expect(visitState({ ...unknown, hasDay: false }, { died: '2026-03' }, '2026-05-01')).toBe('expected');
  });
});
