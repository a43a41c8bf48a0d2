/**
 * Who may know of a thing of a casebook: everyone who reads it; not all roles; only those who see the arms. Each
 * has a series of its own: in one of others a number that is missing would tell that there is something.
 */
export type KnownTo = 'everyone' | 'some-roles' | 'who-sees-arms';

const FIRST: Readonly<Record<KnownTo, number>> = {
  everyone: 1,
  'some-roles': 100_001,
  'who-sees-arms': 200_001,
};

/** The number in which an id of a casebook ends. */
export const numberOf = (id: string) => Number(/\d+$/.exec(id)![0]);

/**
 * Numbers for what comes next in a casebook, one after the other.
 *
 * @param ids of what is there already, which end in their numbers
 */
export function nextNumbers(ids: readonly string[]): (knownTo: KnownTo) => number {
  const numbers = ids.map(numberOf);
  const after = (knownTo: KnownTo, end = Number.POSITIVE_INFINITY) =>
    Math.max(FIRST[knownTo] - 1, ...numbers.filter((one) => one < end)) + 1;
  const next: Record<KnownTo, number> = {
    everyone: after('everyone', FIRST['some-roles']),
    'some-roles': after('some-roles', FIRST['who-sees-arms']),
    'who-sees-arms': after('who-sees-arms'),
  };
  return (knownTo) => next[knownTo]++;
}
