import type { Pool } from 'pg';
import { type Caller, sightOf, sitesFor } from '#access';
import type { EventStore, Follower, Moment } from '#event-store';
import { Problem } from '#problem';
import type { Endpoint, Studies } from '#study';
import type { CurveQuery } from './curve-query.js';
import { listOutcomes, listOutcomesAsOf } from './list.projection.js';
import { endpointsTellingArmsApart, type OutcomeRow } from './outcome.projection.js';

/** Where outcomes stand, and what they follow from. */
export interface OutcomeSources {
  readonly follower: Follower;
  readonly store: EventStore;
  readonly studies: Studies;
  readonly pool: Pool;
}

/**
 * The outcomes that a curve is made of: those that the caller finds in the list of outcomes.
 *
 * @throws Problem not-permitted where arms are to be compared that the caller may not tell apart,
 *   unavailable when the outcomes lag behind the log
 */
export async function membersOf(
  { follower, store, studies, pool }: OutcomeSources,
  caller: Caller,
  study: string,
  { endpoint, byArm, cutOff }: CurveQuery,
  { position, past }: Moment,
): Promise<OutcomeRow[]> {
  const sites = sitesFor(caller, 'read outcomes', study);
  const reveals = (await endpointsTellingArmsApart(studies, study)).includes(endpoint);
  const { arms } = sightOf(caller, study, undefined);
  if (byArm && !arms) throw blinded();
  if (reveals && !arms) throw noEndpoint();
  const limit = Number.MAX_SAFE_INTEGER;
  const slice = { study, sites, endpoint, withheld: [], cutOff, after: undefined, limit };
  if (!past && !(await follower.reached(study, position))) {
    throw new Problem('unavailable', 'The outcomes have not caught up with the log yet.');
  }
  const rows = past
    ? await listOutcomesAsOf(store, studies, slice, position)
    : await listOutcomes(pool, slice);
  const masked = (row: OutcomeRow) => !sightOf(caller, study, row.site).arms;
  if (byArm && rows.some(masked)) throw blinded();
  return reveals ? rows.filter((row) => !masked(row)) : rows;
}

/** Also for one that there is, but not for the caller. */
export const noEndpoint = () => new Problem('not-found', 'There is no such endpoint.');

const blinded = () =>
  new Problem('not-permitted', 'Arms are compared only by those who may tell them apart.');

/** An endpoint as the newest version has it that has one. @throws Problem not-found */
export async function endpointOf(studies: Studies, study: string, oid: string): Promise<Endpoint> {
  const { versions } = await studies.publications(study);
  const found = versions
    .toReversed()
    .flatMap(({ definition }) => definition.endpoints.filter((endpoint) => endpoint.oid === oid))[0];
  if (!found) throw noEndpoint();
  return found;
}
