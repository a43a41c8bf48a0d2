import type { Telling } from './tells-arms.js';
import type { VisitProgress } from './visit-progress.js';

/** What counts of visits; with an index of names, so that it can be added up. */
export interface Sums {
  /** Forms of visits that are entered or late. */
  readonly expected: number;
  readonly entered: number;
  readonly complete: number;
  /** Late visits; those that a later one followed were missed. */
  readonly overdue: number;
  readonly missed: number;
}

export interface VisitSums extends Sums {
  readonly site: string;
}

/** What counts from a day on (YYYY-MM-DD). */
export interface DaySums extends VisitSums {
  readonly day: string;
  /** For those who may tell the arms apart; else for the others. */
  readonly told: boolean;
}

/** The day of what counts whatever the day. */
export const ALWAYS = '-infinity';

const nothing: Sums = { expected: 0, entered: 0, complete: 0, overdue: 0, missed: 0 };
const names = Object.keys(nothing) as (keyof Sums)[];
const hidesNothing: Telling = { visits: [], forms: [] };

/** What a subject's visits count, for each audience. */
export function sumsOf(site: string, visits: readonly VisitProgress[], telling: Telling): DaySums[] {
  return [true, false].flatMap((told) =>
    countsOf(seenOf(visits, told ? hidesNothing : telling)).map((sums) => ({ site, told, ...sums })),
  );
}

/** The visits of which something is left without what is hidden. */
function seenOf(visits: readonly VisitProgress[], hidden: Telling): VisitProgress[] {
  const seen = (forms: readonly string[]) => forms.filter((form) => !hidden.forms.includes(form));
  return visits
    .filter(({ visit }) => !hidden.visits.includes(visit))
    .map(({ planned, entered, complete, ...visit }) => ({
      ...visit,
      ...{ planned: seen(planned), entered: seen(entered), complete: seen(complete) },
    }))
    .filter(({ planned }) => planned.length > 0);
}

function countsOf(visits: readonly VisitProgress[]): Omit<DaySums, 'site' | 'told'>[] {
  const last = Math.max(-1, ...visits.flatMap(({ n, entered }) => (entered.length > 0 ? n : [])));
  return visits.flatMap(({ n, late, planned, entered, complete }) => {
    const expected = planned.length;
    if (entered.length > 0)
      return { ...nothing, day: ALWAYS, expected, entered: entered.length, complete: complete.length };
    if (late === null) return [];
    return { ...nothing, day: late, expected, [n < last ? 'missed' : 'overdue']: 1 };
  });
}

/** One for each key, with what counts added up; none that counts nothing. */
export function addedUp<One extends Sums>(all: readonly One[], keyOf: (one: One) => string): One[] {
  const sums = new Map<string, One>();
  for (const one of all) {
    const key = keyOf(one);
    const before = sums.get(key) ?? nothing;
    sums.set(key, { ...one, ...withEach((name) => before[name] + one[name]) });
  }
  return [...sums.values()].filter((one) => names.some((name) => one[name] !== 0));
}

/** How sums change where some go and others come. */
export function sumChanges(gone: readonly DaySums[], come: readonly DaySums[]): DaySums[] {
  const taken = gone.map((one) => ({ ...one, ...withEach((name) => -one[name]) }));
  return addedUp([...taken, ...come], ({ site, day, told }) => JSON.stringify([site, day, told]));
}

const withEach = (value: (name: keyof Sums) => number) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as Sums;
