import type { EnrolmentPlan } from '#study';
import { grouped } from '#values';

/** How many subjects of a site consented in a month (YYYY-MM). */
export interface Consented {
  readonly site: string;
  readonly month: string;
  readonly count: number;
}

export interface EnrolmentMonth {
  readonly month: string;
  readonly enrolled: number;
  /** To the end of the month. */
  readonly cumulative: number;
  /** The same by the plan; null where it does not say. */
  readonly planned: number | null;
}

export interface Enrolment {
  readonly total: number;
  readonly plan: EnrolmentPlan | null;
  readonly months: readonly EnrolmentMonth[];
  readonly sites: readonly {
    readonly site: string;
    readonly enrolled: number;
    readonly planned: number | null;
    /** By month; months without any are left out. */
    readonly months: Readonly<Record<string, number>>;
  }[];
}

/**
 * Enrolment by the month of consent, from the first consent to `today`, against a plan that counts from the same
 * month and enrols evenly.
 * `whole`: the counts are of all sites, for which alone the plan of the whole is meant.
 */
export function enrolmentOf(
  counts: readonly Consented[],
  sites: readonly string[],
  plan: EnrolmentPlan | undefined,
  { today, whole }: { readonly today: string; readonly whole: boolean },
): Enrolment {
  const byMonth = grouped(counts, ({ month }) => month);
  const bySite = grouped(counts, ({ site }) => site);
  let cumulative = 0;
  const months = monthsBetween([...byMonth.keys()].sort()[0], today.slice(0, 7)).map((month, i) => {
    const enrolled = sum(byMonth.get(month) ?? []);
    cumulative += enrolled;
    return { month, enrolled, cumulative, planned: whole ? plannedAfter(plan, i + 1) : null };
  });
  return {
    total: sum(counts),
    plan: plan ?? null,
    months,
    sites: [...new Set([...sites, ...bySite.keys()])].sort().map((site) => {
      const own = (bySite.get(site) ?? []).toSorted((a, b) => (a.month < b.month ? -1 : 1));
      return {
        site,
        enrolled: sum(own),
        planned: plan?.perSite ?? null,
        months: Object.fromEntries(own.map(({ month, count }) => [month, count])),
      };
    }),
  };
}

/** Subjects that the plan has after so many months, to one decimal. */
export function plannedAfter(plan: EnrolmentPlan | undefined, months: number): number | null {
  if (plan?.months === undefined) return null;
  return Math.min(plan.target, Math.round((plan.target * months * 10) / plan.months) / 10);
}

const sum = (counts: readonly Consented[]) => counts.reduce((all, { count }) => all + count, 0);

function monthsBetween(first: string | undefined, last: string): string[] {
  const months: string[] = [];
  for (let month = first ?? ''; month !== '' && month <= last; month = nextMonth(month)) months.push(month);
  return months;
}

export function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${month.slice(0, 4)}-${String(number + 1).padStart(2, '0')}`;
}
