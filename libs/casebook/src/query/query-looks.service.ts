import { Injectable } from '@nestjs/common';
import { type Caller, sightOf, sitesFor } from '#access';
import { type Asked, EventStore, momentOf, type RecordedEvent } from '#event-store';
import { type QueryTimes, Studies } from '#study';
import { CasebookReader } from '../casebook-reader.js';
import type { QueryRow } from './query.projection.js';
import { showsQuery } from './query.view.js';
import type { QueryScope } from './query-list.projection.js';
import type { QueryState } from './query-state.js';
import { veilsOf } from './query-veil.js';

/** How a caller looks at a study's queries, at one moment. */
export interface QueryLook {
  readonly position: number;
  readonly past: boolean;
  readonly scope: QueryScope;
  shows(row: Pick<QueryRow, 'state' | 'site'>): boolean;
}

/** Where it is settled which queries a caller may see, and when they are due. */
@Injectable()
export class QueryLooks {
  constructor(
    private readonly store: EventStore,
    private readonly studies: Studies,
    private readonly casebooks: CasebookReader,
  ) {}

  /** @throws Problem as `sitesFor` and `momentOf` do */
  async of(caller: Caller, study: string, asked: Asked): Promise<QueryLook> {
    const sites = sitesFor(caller, 'read casebook', study);
    const { position, past } = await momentOf(this.store, study, asked);
    const at = await this.casebooks.instant(study, asked, { position });
    const { versions } = await this.studies.publications(study);
    const lineage = await this.studies.lineage(study, versions.length);
    const definitions = versions.map(({ definition }) => definition);
    return {
      position,
      past,
      scope: {
        ...{ study, sites, at, times: await this.times(study, at) },
        veils: veilsOf(caller, study, definitions, lineage),
      },
      shows: (row) => showsQuery(row.state, lineage.readAs(), sightOf(caller, study, row.site)),
    };
  }

  /** What an entry raised and closed, as far as whoever made it may see that. */
  async movedBy(
    events: readonly RecordedEvent[],
    { caller, log }: { readonly caller: Caller; readonly log: string },
    subject: string,
  ) {
    const idsOf = (type: string) =>
      events.filter((event) => event.type === type).map(({ data }) => (data as { query: string }).query);
    const [raised, closed] = [idsOf('QueryRaised'), idsOf('QueryClosed')];
    if (raised.length + closed.length === 0) return { raised: [], closed: [] };
    const { casebook, sight } = await this.casebooks.read(caller, log, subject, {});
    const study = (await this.studies.lineage(log, casebook.definition)).readAs();
    const shown = (id: string) => {
      const query = casebook.queries[id];
      return query && showsQuery(query, study, sight) ? [query] : [];
    };
    return {
      raised: raised.flatMap(shown).map(viewRaised),
      closed: closed.flatMap(shown).map(({ query }) => query),
    };
  }

  /** By the definition that was current at an instant. */
  async times(study: string, at: string): Promise<QueryTimes> {
    const { versions } = await this.studies.publications(study);
    return versions.findLast(({ publishedAt }) => publishedAt <= at)?.definition.queries ?? {};
  }
}

function viewRaised({ query, visit, form, item, group, row, items, check, text }: QueryState) {
  return { query, visit, form, item, group, row, items: items ?? (item ? [item] : []), check, text };
}
