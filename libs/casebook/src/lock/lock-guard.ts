import { Problem } from '#problem';
import { type DataLock, nothingLocked, type StudyLocks, siteLock } from '#study';
import type { FormAddress, ItemAddress } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { isWithin, type LockPlace, type Locks, type PlacedLock } from './lock-state.js';

/**
 * Up to where an act goes on. What changes `data` ends where they are frozen; what is `about` data ends where
 * they are locked. Freezing and locking themselves, and the record of what is broken by an act, go on always.
 * An event that is not classified does not compile.
 */
const acts: Record<CasebookEvent['type'], 'data' | 'about' | 'always'> = {
  SubjectEnrolled: 'data',
  DefinitionAdopted: 'data',
  ArmAllocated: 'data',
  ArmCrossedOver: 'data',
  ScreeningFailed: 'data',
  SubjectWithdrawn: 'data',
  SubjectCompleted: 'data',
  SubjectTransferred: 'data',
  IdentityErased: 'always',
  SubjectReinstated: 'data',
  SubjectDied: 'data',
  DeathRetracted: 'data',
  ItemsEntered: 'data',
  ItemsCorrected: 'data',
  ItemsDerived: 'data',
  FormCompleted: 'data',
  FormReopened: 'data',
  ItemsVerified: 'data',
  VerificationWithdrawn: 'data',
  ItemsAdjudicated: 'about',
  OpinionRecorded: 'about',
  EndpointAdjudicated: 'about',
  AdjudicationReopened: 'about',
  QueryRaised: 'about',
  QueryAnswered: 'about',
  QueryClosed: 'about',
  QueryReopened: 'about',
  QueryCancelled: 'about',
  QueryCommented: 'about',
  SignatureGiven: 'about',
  SignatureBroken: 'always',
  DataFrozen: 'always',
  DataUnfrozen: 'always',
  DataLocked: 'always',
  DataUnlocked: 'always',
};

/** A freeze or a lock, on whatever level. */
export type AnyLock =
  | PlacedLock
  | (DataLock & { level: 'site'; site: string })
  | (DataLock & { level: 'study' });

/** What holds for a place of a casebook, the whole before its parts. */
export function locksOver(
  { site, locks }: Pick<Casebook, 'site' | 'locks'>,
  studyLocks: StudyLocks,
  place: LockPlace,
): AnyLock[] {
  return [
    { level: 'study', ...studyLocks.study },
    { level: 'site', site, ...siteLock(studyLocks, site) },
    ...Object.values(locks).filter((lock) => isWithin(place, lock.place)),
  ];
}

/**
 * Refuses what people do to data that are frozen or locked, and an act that would change what is derived
 * there. Queries that checks raise or close, as data elsewhere change, go on: they tell of what contradicts
 * locked data, and change none.
 *
 * @param casebook before the act
 * @throws Problem frozen, locked
 */
export function refuseLocked(
  casebook: Casebook,
  studyLocks: StudyLocks,
  events: readonly CasebookEvent[],
): void {
  if (studyLocks === nothingLocked && Object.keys(casebook.locks).length === 0) return;
  for (const event of events) {
    const act = acts[event.type];
    if (act === 'always' || (event.actor && event.type !== 'ItemsDerived')) continue;
    const site = event.type === 'SubjectEnrolled' ? event.data.site : casebook.site;
    for (const place of placesOf(event, casebook)) {
      const over = locksOver({ ...casebook, site }, studyLocks, place);
      const locked = over.find((lock) => lock.locked);
      if (locked) throw refusal('locked', locked, event);
      const frozen = act === 'data' && over.find((lock) => lock.frozen);
      if (frozen) throw refusal('frozen', frozen, event);
    }
  }
}

/** Whatever an event says of where it belongs; another version of the definition concerns all there is. */
function placesOf({ type, data }: CasebookEvent, { queries, locks }: Casebook): LockPlace[] {
  if (type === 'DefinitionAdopted') return [{}, ...placesIn(locks)];
  if ('forms' in data) return data.forms.map(({ visit, form }) => ({ visit, form }));
  const { visit, form, item, group, row, changes, items } = {
    ...data,
    ...('query' in data && queries[data.query]),
  } as Partial<FormAddress & ItemAddress> & {
    changes?: readonly ItemAddress[];
    items?: readonly (ItemAddress | string)[];
  };
  const parts = changes ?? items;
  if (!parts) return [{ visit, form, item, group, row }];
  return parts.map((part) => ({
    ...{ visit, form },
    ...(typeof part === 'string'
      ? { item: part, group, row }
      : { item: part.item, group: part.group, row: part.row }),
  }));
}

const placesIn = (locks: Locks) => Object.values(locks).map(({ place }) => place);

/** Of what is derived, only the form is told: the item may be one that the caller must not know of. */
function refusal(code: 'frozen' | 'locked', lock: AnyLock, { type }: CasebookEvent): Problem {
  const { by, at } = lock[code]!;
  const told = type === 'ItemsDerived' && lock.level === 'item' ? formOf(lock) : lock;
  const effect = type === 'ItemsDerived' ? 'This would change what is derived. ' : '';
  const { level } = told;
  const place = 'place' in told ? told.place : 'site' in told ? { site: told.site } : {};
  return new Problem(code, `${effect}${describe(told)} is ${code} since ${at}.`, {
    extensions: { level, ...place, by, at },
  });
}

function formOf({ place: { visit, form }, ...lock }: PlacedLock): PlacedLock {
  return { ...lock, level: 'form', place: { visit, form } };
}

function describe(lock: AnyLock): string {
  if (lock.level === 'study') return 'The study';
  if (lock.level === 'site') return `Site ${lock.site}`;
  const { visit, form, item, row } = lock.place;
  if (visit === undefined) return 'The casebook';
  if (form === undefined) return `Visit ${visit}`;
  const whole = `orm ${form} in visit ${visit}`;
  if (item === undefined) return `F${whole}`;
  return `Item ${item}${row === undefined ? '' : ` in row ${row}`} of f${whole}`;
}
