import type { NewEvent, RecordedEvent } from '#event-store';
import { applyStep, type DataLock, type LockReason, type LockStep } from '#study';
import type { Stamped } from '../stamped.js';

/** Data of a casebook that are frozen or locked together: what is named, and all that is a part of it. */
export interface LockPlace {
  readonly visit?: string | undefined;
  readonly form?: string | undefined;
  readonly item?: string | undefined;
  /** With the row, where the item is one of a repeated row; without, the item in every row. */
  readonly group?: string | undefined;
  readonly row?: string | undefined;
}

export type LockLevel = 'subject' | 'visit' | 'form' | 'item';

export type LockEvent = NewEvent<
  LockStep,
  LockPlace & { readonly level: LockLevel; readonly reason?: LockReason }
>;

export interface PlacedLock extends DataLock {
  readonly level: LockLevel;
  readonly place: LockPlace;
}

/** By place. What is neither frozen nor locked any more is not among them. */
export type Locks = Readonly<Record<string, PlacedLock>>;

export function lockKey({ visit = '', form = '', item = '', group = '', row = '' }: LockPlace): string {
  return [visit, form, item, group, row].join('/');
}

export function foldLock(locks: Locks, event: Stamped<LockEvent>): Locks {
  const { level } = event.data;
  const place = placeIn(event.data);
  const key = lockKey(place);
  const { level: _, place: __, ...before } = locks[key] ?? { level, place };
  const after = applyStep(before, event as Stamped<LockEvent> & RecordedEvent);
  const { [key]: ___, ...others } = locks;
  return after.frozen || after.locked ? { ...others, [key]: { level, place, ...after } } : others;
}

/** Members in their order, and none that is not there. */
export function placeIn({ visit, form, item, group, row }: LockPlace): LockPlace {
  return {
    ...(visit && { visit }),
    ...(form && { form }),
    ...(item && { item }),
    ...(group && { group }),
    ...(row && { row }),
  };
}

/** Whether a place is another one or a part of it. */
export function isWithin(part: LockPlace, whole: LockPlace): boolean {
  return (['visit', 'form', 'item', 'group', 'row'] as const).every(
    (name) => whole[name] === undefined || whole[name] === part[name],
  );
}
