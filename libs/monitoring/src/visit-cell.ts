import type { VisitProgress } from './visit-progress.js';

/** What is alike of the visits of many subjects: all that their sums need but the day on which one is late. */
export interface VisitShape {
  readonly visit: string;
  readonly planned: readonly string[];
  readonly entered: readonly string[];
  readonly complete: readonly string[];
  /**
   * Of a visit that is late from the cell's day on: visit and form of what is entered of later visits. It counts
   * for those who see nothing of it that is entered; a cell without, for the others.
   */
  readonly late?: readonly (readonly [visit: string, form: string])[];
}

export interface VisitCell {
  readonly site: string;
  /** It counts from this day on (YYYY-MM-DD). */
  readonly day: string;
  /** A `VisitShape`, as JSON. */
  readonly shape: string;
}

export interface CountedCell extends VisitCell {
  readonly count: number;
}

/** The day of what counts whatever the day. */
export const ALWAYS = '-infinity';

/**
 * The cells of a subject's visits. A visit of which a part is entered has two: to those who do not see that part
 * it may be late.
 */
export function cellsOf(site: string, visits: readonly VisitProgress[]): VisitCell[] {
  const cell = (day: string, shape: VisitShape) => ({ site, day, shape: JSON.stringify(shape) });
  return visits.flatMap(({ visit, n, late, planned, entered, complete }) => {
    const shape = { visit, planned, entered, complete };
    const own = entered.length > 0 ? [cell(ALWAYS, shape)] : [];
    if (late === null || entered.length === planned.length) return own;
    const later = visits.filter((other) => other.n > n);
    const followed = later.flatMap((other) => other.entered.map((form) => [other.visit, form] as const));
    return [...own, cell(late, { ...shape, late: followed })];
  });
}

/** How the counts of cells change where some go and others come. */
export function cellChanges(gone: readonly VisitCell[], come: readonly VisitCell[]): CountedCell[] {
  const counts = new Map<string, CountedCell>();
  const add = (by: number) => (cell: VisitCell) => {
    const key = JSON.stringify([cell.site, cell.day, cell.shape]);
    counts.set(key, { ...cell, count: (counts.get(key)?.count ?? 0) + by });
  };
  gone.forEach(add(-1));
  come.forEach(add(1));
  return [...counts.values()].filter(({ count }) => count !== 0);
}
