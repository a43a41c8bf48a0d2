import { grouped } from '#values';

/** How many queries of a site stand in a status, so many whole days after they were raised. */
export interface AgeCount {
  readonly site: string;
  readonly status: string;
  readonly days: number;
  readonly count: number;
}

export interface Ages {
  readonly count: number;
  /** Null where there are none. */
  readonly medianDays: number | null;
  readonly p95Days: number | null;
  /** At most 7 days old; 8 to 30; older. */
  readonly upTo7: number;
  readonly upTo30: number;
  readonly over30: number;
}

export interface QueryAges {
  readonly open: Ages;
  readonly answered: Ages;
  readonly sites: readonly { readonly site: string; readonly open: Ages; readonly answered: Ages }[];
}

/** Ages of the queries that wait for a site (open) or for whoever oversees (answered). */
export function queryAges(counts: readonly AgeCount[], sites: readonly string[]): QueryAges {
  const bySite = grouped(counts, ({ site }) => site);
  const both = (own: readonly AgeCount[]) => ({
    open: agesIn(own, 'open'),
    answered: agesIn(own, 'answered'),
  });
  return {
    ...both(counts),
    sites: [...new Set([...sites, ...bySite.keys()])]
      .sort()
      .map((site) => ({ site, ...both(bySite.get(site) ?? []) })),
  };
}

function agesIn(counts: readonly AgeCount[], status: string): Ages {
  const own = counts.filter((one) => one.status === status).sort((a, b) => a.days - b.days);
  const within = (from: number, to: number) =>
    own.reduce((all, { days, count }) => all + (days >= from && days <= to ? count : 0), 0);
  return {
    count: within(0, Infinity),
    medianDays: quantile(own, 0.5),
    p95Days: quantile(own, 0.95),
    upTo7: within(0, 7),
    upTo30: within(8, 30),
    over30: within(31, Infinity),
  };
}

/** Linear between the two nearest, as PostgreSQL’s percentile_cont. */
function quantile(sorted: readonly AgeCount[], share: number): number | null {
  const count = sorted.reduce((all, one) => all + one.count, 0);
  if (count === 0) return null;
  const place = (count - 1) * share;
  const low = Math.floor(place);
  const [a, b] = [nth(sorted, low), nth(sorted, Math.ceil(place))];
  return a + (b - a) * (place - low);
}

function nth(sorted: readonly AgeCount[], n: number): number {
  let before = 0;
  for (const { days, count } of sorted) {
    before += count;
    if (n < before) return days;
  }
  return sorted.at(-1)!.days;
}
