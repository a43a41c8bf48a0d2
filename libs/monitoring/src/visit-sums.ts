import type { Sites } from '#access';
import type { Telling } from './tells-arms.js';
import type { VisitShape } from './visit-cell.js';

/** For whom visits are summed: at which sites also what tells the arms apart, and what that is. */
export interface Sight {
  readonly unblinded: Sites;
  readonly telling: Telling;
}

export interface VisitSums {
  readonly site: string;
  /** Forms of visits that are entered or late. */
  readonly expected: number;
  readonly entered: number;
  readonly complete: number;
  /** Late visits; those that a later one followed were missed. */
  readonly overdue: number;
  readonly missed: number;
}

/** How many visits of a site have a shape, by now. */
export interface ShapeCount {
  readonly site: string;
  readonly shape: string;
  readonly count: number;
}

/** What is expected, entered and late, by site; of the sites that have any of it. */
export function sumVisits(counts: readonly ShapeCount[], { unblinded, telling }: Sight): VisitSums[] {
  const hidden = { visits: new Set(telling.visits), forms: new Set(telling.forms) };
  const nothing = { visits: new Set<string>(), forms: new Set<string>() };
  const shapes = new Map<string, VisitShape>();
  const sums = new Map<string, Omit<VisitSums, 'site'>>();
  for (const { site, shape: text, count } of counts) {
    const shape: VisitShape = shapes.get(text) ?? JSON.parse(text);
    shapes.set(text, shape);
    const isUnblinded = unblinded === 'all' || unblinded.includes(site);
    const one = sumOf(shape, isUnblinded ? nothing : hidden);
    if (!one) continue;
    const before = sums.get(site) ?? { expected: 0, entered: 0, complete: 0, overdue: 0, missed: 0 };
    sums.set(site, {
      expected: before.expected + count * one.expected,
      entered: before.entered + count * one.entered,
      complete: before.complete + count * one.complete,
      overdue: before.overdue + count * one.overdue,
      missed: before.missed + count * one.missed,
    });
  }
  return [...sums.keys()].sort().map((site) => ({ site, ...sums.get(site)! }));
}

interface Hidden {
  readonly visits: ReadonlySet<string>;
  readonly forms: ReadonlySet<string>;
}

/** Of one visit; undefined where it is not there for whoever does not see what is hidden. */
function sumOf({ visit, planned, entered, complete, late }: VisitShape, hidden: Hidden) {
  const seen = (forms: readonly string[]) => forms.filter((form) => !hidden.forms.has(form)).length;
  const expected = seen(planned);
  if (hidden.visits.has(visit) || expected === 0) return undefined;
  const isEntered = seen(entered) > 0;
  if (isEntered === (late !== undefined)) return undefined;
  if (!late) return { expected, entered: seen(entered), complete: seen(complete), overdue: 0, missed: 0 };
  const isFollowed = late.some(([other, form]) => !hidden.visits.has(other) && !hidden.forms.has(form));
  return { expected, entered: 0, complete: 0, overdue: isFollowed ? 0 : 1, missed: isFollowed ? 1 : 0 };
}
