import type { Lineage, LockMark, StudyLocks } from '#study';
import type { Casebook } from '../casebook.js';
import { placeTellsArms } from '../form/plan.js';
import { isThereFor, type Reader } from '../form/view.js';
import { type AnyLock, locksOver } from './lock-guard.js';
import { isWithin, type LockPlace } from './lock-state.js';

/** One freeze or lock: of what, by whom, when and why. */
export interface LockView extends LockMark {
  readonly kind: 'frozen' | 'locked';
  readonly level: AnyLock['level'];
  readonly site?: string;
  readonly visit?: string | undefined;
  readonly form?: string | undefined;
  readonly item?: string | undefined;
  readonly group?: string | undefined;
  readonly rowKey?: string | undefined;
}

/** Whether a place is frozen or locked, itself or with what it is a part of. */
export function lockStatus(casebook: Casebook, studyLocks: StudyLocks, place: LockPlace) {
  const over = locksOver(casebook, studyLocks, place);
  return { frozen: over.some(({ frozen }) => frozen), locked: over.some(({ locked }) => locked) };
}

/** What is frozen or locked of a place, over it and within it, as far as a reader may know of it. */
export function viewLocks(
  casebook: Casebook,
  studyLocks: StudyLocks,
  place: LockPlace,
  { lineage, reader }: { readonly lineage: Lineage; readonly reader: Pick<Reader, 'arms' | 'item'> },
): LockView[] {
  const study = lineage.readAs();
  const isTold = (one: LockPlace) => {
    const item = one.item === undefined ? undefined : study.item(one.item);
    return (reader.arms || !placeTellsArms(one, study)) && (!item || isThereFor(reader, item));
  };
  const within = Object.values(casebook.locks).filter((lock) => isWithin(lock.place, place));
  const all = new Set<AnyLock>([...locksOver(casebook, studyLocks, place), ...within]);
  return [...all].flatMap((lock) => ('place' in lock && !isTold(lock.place) ? [] : marksOf(lock)));
}

function marksOf(lock: AnyLock): LockView[] {
  const { level } = lock;
  const { row: rowKey, ...place } = 'place' in lock ? lock.place : ({} as LockPlace);
  const where = {
    ...place,
    ...(rowKey !== undefined && { rowKey }),
    ...('site' in lock && { site: lock.site }),
  };
  return (['frozen', 'locked'] as const).flatMap((kind) => {
    const mark = lock[kind];
    return mark ? [{ kind, level, ...where, ...mark }] : [];
  });
}
