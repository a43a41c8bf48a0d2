import { describe, expect, it } from 'vitest';
import { given as givenEvents } from '#decider';
import type { RecordedEvent } from '#event-store';
import {
  changeStudyLock,
  evolveStudyLocks,
  type LockStep,
  nothingLocked,
  parseLockReason,
  type StudyLockEvent,
  siteLock,
} from './lock.js';

const reason = { code: 'cleaned', text: 'All queries are closed' };
const at = '2026-03-01T08:00:00.000Z';

function recorded(type: LockStep, data: StudyLockEvent['data']): StudyLockEvent & RecordedEvent {
  const actor = { user: 'mara', role: 'data-manager' };
  const place = { log: 'S', stream: 'locks', position: 0, revision: 0, salt: '', schemaVersion: 1 };
  return { type, data, actor, recordedAt: at, ...place };
}

const given = (...events: (StudyLockEvent & RecordedEvent)[]) =>
  givenEvents(evolveStudyLocks, nothingLocked, events);
const study = { level: 'study' } as const;
const site = { level: 'site', site: 'FR01' } as const;

describe('a study or a site', () => {
  it.each([
    ['study', {}, study],
    ['site', { site: 'FR01' }, site],
  ])('is frozen and locked: %s', (_, command, place) => {
    for (const step of ['DataFrozen', 'DataLocked'] as const) {
      expect(given().when((locks) => changeStudyLock(step, { ...command, reason }, locks))).toEqual([
        { type: step, data: { ...place, reason } },
      ]);
      const again = given(recorded(step, place)).when((locks) => changeStudyLock(step, command, locks));
      expect(again).toEqual({ refused: 'conflict' });
    }
  });

  it('is both at once, and of each its own', () => {
    const frozen = given(recorded('DataFrozen', site));
    expect(frozen.when((locks) => changeStudyLock('DataLocked', { site: 'FR01' }, locks))).toHaveLength(1);
    expect(frozen.when((locks) => changeStudyLock('DataFrozen', {}, locks))).toHaveLength(1);
    expect(frozen.when((locks) => changeStudyLock('DataFrozen', { site: 'DE01' }, locks))).toHaveLength(1);
  });

  it('is free again only with a reason, and only where it was not', () => {
    const locked = given(recorded('DataLocked', site));
    const lift = (step: LockStep, own: object) => locked.when((locks) => changeStudyLock(step, own, locks));
    expect(lift('DataUnlocked', { site: 'FR01', reason })).toEqual([
      { type: 'DataUnlocked', data: { ...site, reason } },
    ]);
    expect(lift('DataUnlocked', { site: 'FR01' })).toEqual({ refused: 'reason-required', at: ['/reason'] });
    expect(lift('DataUnlocked', { reason })).toEqual({ refused: 'conflict' });
    expect(lift('DataUnfrozen', { site: 'FR01', reason })).toEqual({ refused: 'conflict' });
  });

  it('tells by whom, when and why', () => {
    const locks = [recorded('DataLocked', { ...site, reason }), recorded('DataFrozen', study)].reduce(
      evolveStudyLocks,
      nothingLocked,
    );
    expect(siteLock(locks, 'FR01')).toEqual({ locked: { by: 'mara', at, reason } });
    expect(siteLock(locks, 'constructor')).toEqual({});
    expect(locks.study).toEqual({ frozen: { by: 'mara', at } });
    expect(evolveStudyLocks(locks, recorded('DataUnlocked', site)).sites).toEqual({ FR01: {} });
  });
});

describe('a reason', () => {
  it('is a code with a text, or a text alone', () => {
    expect(parseLockReason(undefined)).toBeUndefined();
    expect(parseLockReason('Cleaned')).toEqual({ code: 'other', text: 'Cleaned' });
    expect(parseLockReason({ code: 'cleaned' })).toEqual({ code: 'cleaned', text: '' });
    expect(parseLockReason(reason)).toEqual(reason);
  });

  it.each([
    [{}],
    [7],
    [['a']],
    [{ code: 'a b' }],
    [{ code: 'a', text: 7 }],
    [{ code: 'a', more: 1 }],
    ['x'.repeat(1001)],
  ])('is nothing else: %j', (value) => {
    expect(() => parseLockReason(value)).toThrow('A reason is');
  });
});
