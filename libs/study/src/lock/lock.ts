import type { NewEvent, RecordedEvent } from '#event-store';
import { Problem } from '#problem';

/** What is done to data that no longer change. Frozen, only queries go on; locked, nothing does. */
export type LockStep = 'DataFrozen' | 'DataUnfrozen' | 'DataLocked' | 'DataUnlocked';

/** Who froze or locked data, when and why. */
export interface LockMark {
  /** A person's id. */
  readonly by: string;
  readonly at: string;
  readonly reason?: LockReason;
}

export interface LockReason {
  readonly code: string;
  readonly text: string;
}

/** How data stand of their own, whatever holds for what they are a part of. */
export interface DataLock {
  readonly frozen?: LockMark;
  readonly locked?: LockMark;
}

const effects = {
  DataFrozen: { mark: 'frozen', sets: true },
  DataUnfrozen: { mark: 'frozen', sets: false },
  DataLocked: { mark: 'locked', sets: true },
  DataUnlocked: { mark: 'locked', sets: false },
} as const;

/** @throws Problem conflict for a step that changes nothing; reason-required for lifting without a reason */
export function refuseStep(step: LockStep, lock: DataLock, reason: LockReason | undefined): void {
  const { mark, sets } = effects[step];
  if (sets && lock[mark]) throw new Problem('conflict', `This is ${mark} already.`);
  if (sets) return;
  if (!reason) {
    const message = 'A freeze or a lock is lifted only with a reason.';
    throw new Problem('reason-required', message, {
      errors: [{ pointer: '/reason', code: 'reason-required', message }],
    });
  }
  if (!lock[mark]) throw new Problem('conflict', `This is not ${mark} itself.`);
}

/** What a freeze or a lock, or the lifting of one, makes of how data stand. */
export function applyStep(
  lock: DataLock,
  {
    type,
    actor,
    recordedAt: at,
    data,
  }: Pick<RecordedEvent<LockStep, { reason?: LockReason }>, 'type' | 'actor' | 'recordedAt' | 'data'>,
): DataLock {
  const { mark, sets } = effects[type];
  const { [mark]: _, ...rest } = lock;
  if (!sets) return rest;
  const { reason } = data;
  const by = 'user' in actor ? actor.user : actor.system;
  return { ...rest, [mark]: { by, at, ...(reason && { reason: { code: reason.code, text: reason.text } }) } };
}

/** Which data of a study are frozen or locked as a whole. */
export interface StudyLocks {
  readonly study: DataLock;
  readonly sites: Readonly<Record<string, DataLock>>;
}

export const nothingLocked: StudyLocks = { study: {}, sites: {} };

export type StudyLockEvent = NewEvent<LockStep, StudyLockPlace & { readonly reason?: LockReason }>;

type StudyLockPlace = { readonly level: 'study' } | { readonly level: 'site'; readonly site: string };

export function evolveStudyLocks(locks: StudyLocks, event: StudyLockEvent & RecordedEvent): StudyLocks {
  const { data } = event;
  if (data.level === 'study') return { ...locks, study: applyStep(locks.study, event) };
  return { ...locks, sites: { ...locks.sites, [data.site]: applyStep(siteLock(locks, data.site), event) } };
}

export interface ChangeStudyLock {
  /** Absent for the whole study. */
  readonly site?: string;
  readonly reason?: LockReason;
}

export function changeStudyLock(
  step: LockStep,
  { site, reason }: ChangeStudyLock,
  locks: StudyLocks,
): StudyLockEvent[] {
  refuseStep(step, site === undefined ? locks.study : siteLock(locks, site), reason);
  const place: StudyLockPlace = site === undefined ? { level: 'study' } : { level: 'site', site };
  return [{ type: step, data: { ...place, ...(reason && { reason }) } }];
}

/** Whether data are frozen or locked of their own, as a view tells it. */
export function lockFlags({ frozen, locked }: DataLock) {
  return { frozen: frozen !== undefined, locked: locked !== undefined };
}

export function siteLock({ sites }: StudyLocks, site: string): DataLock {
  return Object.hasOwn(sites, site) ? sites[site]! : {};
}

/**
 * A reason as a request gives it: a code with a text, or a text alone, which has the code `other`.
 *
 * @throws Problem invalid-value
 */
export function parseLockReason(value: unknown): LockReason | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const {
    code,
    text = '',
    ...more
  } = typeof value === 'string' ? { code: 'other', text: value } : Object(value);
  const isReason = typeof code === 'string' && /^[A-Za-z0-9_.-]{1,40}$/.test(code);
  if (isReason && typeof text === 'string' && text.length <= 1000 && Object.keys(more).length === 0)
    return { code, text };
  const message = 'A reason is a text, or { code, text }.';
  throw new Problem('invalid-value', message, {
    errors: [{ pointer: '/reason', code: 'wrong-type', message }],
  });
}
