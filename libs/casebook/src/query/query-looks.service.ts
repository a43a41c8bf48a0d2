import { Injectable } from '@nestjs/common';
import { type Caller, sightOf, sitesFor } from '#access';
import { type Asked, EventStore, momentOf } from '#event-store';
import { type QueryTimes, Studies } from '#study';
import type { QueryRow } from '../casebook.projection.js';
import { CasebookReader } from '../casebook-reader.js';
import { showsQuery } from './query.view.js';
import type { QueryScope } from './query-list.projection.js';
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

  /** By the definition that was current at an instant. */
  async times(study: string, at: string): Promise<QueryTimes> {
    const { versions } = await this.studies.publications(study);
    return versions.findLast(({ publishedAt }) => publishedAt <= at)?.definition.queries ?? {};
  }
}
