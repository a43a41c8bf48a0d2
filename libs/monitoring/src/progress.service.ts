import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Caller, type Sites, sightOf, sitesFor } from '#access';
import { QueryLooks, queriesAsOf } from '#casebook';
import { Streams } from '#commands';
import { type Asked, Follower } from '#event-store';
import { Problem } from '#problem';
import { Studies } from '#study';
import { grouped } from '#values';
import { type Consented, enrolmentOf } from './enrolment.js';
import { subjectsAsOf } from './progress.projection.js';
import { readSums } from './progress-sum.projection.js';
import { type AgeCount, queryAges } from './query-ages.js';
import { countAges, countConsented, sitesOpened } from './sums.projection.js';
import { tellingBy } from './tells-arms.js';
import { ALWAYS, addedUp, type Sums, sumsOf, type VisitSums } from './visit-sums.js';

/** DI token of the follower that keeps how far each subject is. */
export const PROGRESS_FOLLOWER = Symbol('ProgressFollower');

const DAY_MS = 86_400_000;

/** How far a study is, as a caller may see it. */
@Injectable()
export class ProgressReader {
  constructor(
    @Inject(PROGRESS_FOLLOWER) private readonly follower: Follower,
    private readonly looks: QueryLooks,
    private readonly studies: Studies,
    private readonly streams: Streams,
    private readonly pool: Pool,
  ) {}

  /** @throws Problem not-found, not-permitted, unavailable */
  async read(caller: Caller, study: string, asked: Asked) {
    const sites = sitesFor(caller, 'read progress', study);
    const look = await this.looks.of(caller, study, asked);
    const { position } = look;
    const { at } = look.scope;
    const today = at.slice(0, 10);
    const scope = { study, sites, unblinded: unblindedSites(caller, study), today };
    const { consented, visits, ages } = look.past
      ? await this.past(scope, look)
      : await this.current(scope, look);
    const opened = await sitesOpened(this.pool, study, position, sites);
    const { versions } = await this.studies.publications(study);
    const plan = versions.findLast(({ publishedAt }) => publishedAt <= at)?.definition.enrolment;
    return {
      position,
      at,
      ages,
      progress: {
        position,
        at,
        enrolment: enrolmentOf(consented, opened, plan, { today, whole: sites === 'all' }),
        completeness: summed(visits, opened, ['expected', 'entered', 'complete']),
        visits: summed(visits, opened, ['overdue', 'missed']),
        queries: queryAges(ages, opened),
      },
    };
  }

  private async current(asked: Scope, { position, scope }: Look) {
    const { study, sites } = asked;
    if (!(await this.follower.reached(study, position)))
      throw new Problem('unavailable', 'The progress has not caught up with the log yet.');
    return {
      consented: await countConsented(this.pool, study, sites),
      visits: await readSums(this.pool, asked),
      ages: await countAges(this.pool, scope),
    };
  }

  private async past({ study, sites, unblinded, today }: Scope, { position, scope, shows }: Look) {
    const subjects = await subjectsAsOf(
      { pool: this.pool, streams: this.streams, studies: this.studies },
      study,
      position,
    );
    const own = subjects.filter(({ row }) => sites === 'all' || sites.includes(row.site));
    const { versions } = await this.studies.publications(study);
    const telling = await tellingBy(this.studies, study, versions.length);
    const isTold = (site: string) => unblinded === 'all' || unblinded.includes(site);
    const parts = own
      .flatMap(({ row }) => sumsOf(row.site, row.visits, telling))
      .filter(({ site, told, day }) => told === isTold(site) && (day === ALWAYS || day <= today));
    const rows = await queriesAsOf(this.pool, scope, {}, position, shows);
    const standing = rows.filter(
      ({ status, departed }) => departed === null && (status === 'open' || status === 'answered'),
    );
    return {
      consented: own.map(
        ({ row, consented }): Consented => ({ site: row.site, month: consented.slice(0, 7), count: 1 }),
      ),
      visits: addedUp(parts, ({ site }) => site),
      ages: standing.map(({ site, status, raised }): AgeCount => {
        const days = Math.floor((Date.parse(scope.at) - Date.parse(raised)) / DAY_MS);
        return { site, status, days, count: 1 };
      }),
    };
  }
}

/** Whose visits are summed, for whom, and as of which day. */
interface Scope {
  readonly study: string;
  readonly sites: Sites;
  readonly unblinded: Sites;
  readonly today: string;
}

/** Where the caller may tell the arms apart. */
function unblindedSites(caller: Caller, study: string): Sites {
  const named = caller.grants.flatMap((grant) => (grant.sites === 'all' ? [] : grant.sites));
  const sees = (site: string) => sightOf(caller, study, site).arms;
  return sees(NOWHERE) ? 'all' : [...new Set(named)].filter(sees);
}

type Look = Awaited<ReturnType<QueryLooks['of']>>;

/** No site has this name: only grants for all sites cover it. */
const NOWHERE = '';

/** The counts of all sites together, and those of each. */
function summed<Name extends keyof Sums>(
  rows: readonly VisitSums[],
  sites: readonly string[],
  names: readonly Name[],
) {
  const only = (of: readonly VisitSums[]) =>
    Object.fromEntries(names.map((name) => [name, of.reduce((all, row) => all + row[name], 0)])) as Record<
      Name,
      number
    >;
  const bySite = grouped(rows, ({ site }) => site);
  return {
    ...only(rows),
    sites: [...new Set([...sites, ...bySite.keys()])]
      .sort()
      .map((site) => ({ site, ...only(bySite.get(site) ?? []) })),
  };
}
