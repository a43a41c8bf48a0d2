import { Inject, Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Caller, type Sites, sightOf, sitesFor } from '#access';
import { QueryLooks, queriesAsOf } from '#casebook';
import { Streams } from '#commands';
import { type Asked, Follower } from '#event-store';
import { Problem } from '#problem';
import { Studies } from '#study';
import { type Consented, enrolmentOf } from './enrolment.js';
import { subjectsAsOf } from './progress.projection.js';
import { type AgeCount, queryAges } from './query-ages.js';
import { countAges, countConsented, countVisits, sitesOpened } from './sums.projection.js';
import { tellingArms } from './tells-arms.js';
import { ALWAYS, cellChanges, cellsOf } from './visit-cell.js';
import { type Sight, sumVisits, type VisitSums } from './visit-sums.js';

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
    const { consented, visits, ages } = look.past
      ? await this.past(caller, study, sites, look)
      : await this.current(caller, study, sites, look);
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
        completeness: summed(visits, ['expected', 'entered', 'complete']),
        visits: summed(visits, ['overdue', 'missed']),
        queries: queryAges(ages, opened),
      },
    };
  }

  private async current(caller: Caller, study: string, sites: Sites, { position, scope }: Look) {
    if (!(await this.follower.reached(study, position)))
      throw new Problem('unavailable', 'The progress has not caught up with the log yet.');
    const counts = await countVisits(this.pool, study, sites, scope.at.slice(0, 10));
    return {
      consented: await countConsented(this.pool, study, sites),
      visits: sumVisits(counts, await this.sight(caller, study)),
      ages: await countAges(this.pool, scope),
    };
  }

  private async past(caller: Caller, study: string, sites: Sites, { position, scope, shows }: Look) {
    const subjects = await subjectsAsOf(
      { pool: this.pool, streams: this.streams, studies: this.studies },
      study,
      position,
    );
    const own = subjects.filter(({ row }) => sites === 'all' || sites.includes(row.site));
    const today = scope.at.slice(0, 10);
    const cells = own.flatMap(({ row }) => cellsOf(row.site, row.visits));
    const counts = cellChanges([], cells).filter(({ day }) => day === ALWAYS || day <= today);
    const rows = await queriesAsOf(this.pool, scope, {}, position, shows);
    const standing = rows.filter(({ status }) => status === 'open' || status === 'answered');
    return {
      consented: own.map(
        ({ row, consented }): Consented => ({ site: row.site, month: consented.slice(0, 7), count: 1 }),
      ),
      visits: sumVisits(counts, await this.sight(caller, study)),
      ages: standing.map(({ site, status, raised }): AgeCount => {
        const days = Math.floor((Date.parse(scope.at) - Date.parse(raised)) / DAY_MS);
        return { site, status, days, count: 1 };
      }),
    };
  }

  private async sight(caller: Caller, study: string): Promise<Sight> {
    const { versions } = await this.studies.publications(study);
    const compiled = await Promise.all(versions.map((_, i) => this.studies.version(study, i + 1)));
    const lineage = await this.studies.lineage(study, versions.length);
    const named = caller.grants.flatMap((grant) => (grant.sites === 'all' ? [] : grant.sites));
    const sees = (site: string) => sightOf(caller, study, site).arms;
    const unblinded: Sites = sees(NOWHERE) ? 'all' : [...new Set(named)].filter(sees);
    return { unblinded, telling: tellingArms(compiled, lineage) };
  }
}

type Look = Awaited<ReturnType<QueryLooks['of']>>;

/** No site has this name: only grants for all sites cover it. */
const NOWHERE = '';

/** The counts of all sites together, and those of each. */
function summed<Name extends Exclude<keyof VisitSums, 'site'>>(
  rows: readonly VisitSums[],
  names: readonly Name[],
) {
  const only = (value: (name: Name) => number) =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, number>;
  return {
    ...only((name) => rows.reduce((all, row) => all + row[name], 0)),
    sites: rows.map((row) => ({ site: row.site, ...only((name) => row[name]) })),
  };
}
