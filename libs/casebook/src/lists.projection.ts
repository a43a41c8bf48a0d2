import type { Pool } from 'pg';
import type { Sites } from '#access';
import type { ReadModel } from '#event-store';
import { emptyCasebook } from './casebook.js';
import { projectCasebook } from './casebook.projection.js';
import { casebooksAsOf } from './past.projection.js';
import { among, reachFrom } from './transfer/transfer-reach.js';

/** Which rows of a list: those of a study at some sites, after a place in its order, at most so many. */
export interface Slice<Place> {
  readonly study: string;
  readonly sites: Sites;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** A row, and the site that reaches it; `departed` is when the subject left that, where it did: the row is as it then was. */
export type Reached<Row> = Row & { readonly site: string; readonly departed: string | null };

/** The rows of one table, as far as some sites reach, as they were after a position. */
export async function rowsAsOf<Row>(
  pool: Pool,
  { study, sites }: Pick<Slice<never>, 'study' | 'sites'>,
  position: number,
  model: ReadModel,
): Promise<Reached<Row>[]> {
  const casebooks = await casebooksAsOf(pool, study, position);
  return casebooks.flatMap((casebook) => {
    const reach = reachFrom(among(sites), casebook);
    if (!reach) return [];
    const { site, departure } = reach;
    const reached = departure?.casebook ?? casebook;
    const departed = departure?.at ?? null;
    const sets = projectCasebook(emptyCasebook, reached, study).filter((set) => set.model === model);
    return sets.flatMap(({ rows }) => (rows as readonly Row[]).map((row) => ({ ...row, site, departed })));
  });
}

/** Whether a value is the one that a filter asks for, if it asks for one. */
export const fits = <T>(wanted: T | undefined, value: T | null) => wanted === undefined || wanted === value;
