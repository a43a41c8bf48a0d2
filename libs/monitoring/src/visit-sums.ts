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

const names = ['expected', 'entered', 'complete', 'overdue', 'missed'] as const satisfies (keyof Sums)[];

/** What a subject's visits count, for each audience. */
export function sumsOf(site: string, visits: readonly VisitProgress[], telling: Telling): DaySums[] {
  return [...countsOf(site, true, visits), ...countsOf(site, false, seenOf(visits, telling))];
}

/** The visits of which something is left without what is hidden. */
function seenOf(visits: readonly VisitProgress[], hidden: Telling): readonly VisitProgress[] {
  if (hidden.visits.length === 0 && hidden.forms.length === 0) return visits;
  const seen = (forms: readonly string[]) => forms.filter((form) => !hidden.forms.includes(form));
  return visits
    .filter(({ visit }) => !hidden.visits.includes(visit))
    .map(({ visit, n, late, planned, entered, complete }) => ({
      ...{ visit, n, late },
      ...{ planned: seen(planned), entered: seen(entered), complete: seen(complete) },
    }))
    .filter(({ planned }) => planned.length > 0);
}

function countsOf(site: string, told: boolean, visits: readonly VisitProgress[]): DaySums[] {
  const last = visits.findLast(({ entered }) => entered.length > 0)?.n ?? -1;
  const counted: DaySums[] = [];
  for (const { n, late, planned, entered, complete } of visits) {
    const isEntered = entered.length > 0;
    const day = isEntered ? ALWAYS : late;
    if (day === null) continue;
    // Written out: objects of one shape, of which a rebuild makes many.
    counted.push({
      site,
      told,
      day,
      expected: planned.length,
      entered: entered.length,
      complete: complete.length,
      overdue: isEntered || n < last ? 0 : 1,
      missed: isEntered || n >= last ? 0 : 1,
    });
  }
  return counted;
}

/** What counts, added up for each key. */
export class Totals<One extends Sums> {
  private readonly sums = new Map<string, Record<keyof Sums, number> & One>();

  constructor(private readonly keyOf: (one: One) => string) {}

  add(one: One): void {
    const key = this.keyOf(one);
    const sum = this.sums.get(key);
    if (!sum) this.sums.set(key, { ...one });
    else for (const name of names) (sum as Record<keyof Sums, number>)[name] += one[name];
  }

  /** None that counts nothing. */
  all(): One[] {
    return [...this.sums.values()].filter((one) => names.some((name) => one[name] !== 0));
  }
}

/** One for each key, with what counts added up; none that counts nothing. */
export function addedUp<One extends Sums>(all: readonly One[], keyOf: (one: One) => string): One[] {
  const totals = new Totals(keyOf);
  for (const one of all) totals.add(one);
  return totals.all();
}

/** How sums change where some go and others come. */
export function sumChanges(gone: readonly DaySums[], come: readonly DaySums[]): DaySums[] {
  const taken = gone.map((one) => ({ ...one, ...withEach((name) => -one[name]) }));
  return addedUp([...taken, ...come], placeOf);
}

/** What sums of a study are kept by; only a site's name may hold blanks. */
export const placeOf = ({ site, day, told }: DaySums) => `${told} ${day} ${site}`;

const withEach = (value: (name: keyof Sums) => number) =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as Sums;
