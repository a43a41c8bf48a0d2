import type { CompiledItem, CompiledStudy } from '#study';
import { placeTellsArms } from '../form/plan.js';
import { itemsOf, type QueryPlace } from './query-state.js';

/** Who must not know of everything. */
export interface QueryReader {
  readonly arms: boolean;
  item(item: CompiledItem): boolean;
}

/**
 * A query tells of its items, its form or its visit: whoever must not see one of them does not see the query.
 * One on the whole casebook is for everyone who may read that.
 */
export function showsQuery(
  query: Pick<QueryPlace, 'visit' | 'form' | 'item' | 'items'>,
  study: CompiledStudy,
  reader: QueryReader,
): boolean {
  const named = itemsOf(query).flatMap((oid) => study.item(oid) ?? []);
  if (named.length > 0) return named.every((one) => reader.item(one) && (reader.arms || !one.revealsArm));
  return reader.arms || !placeTellsArms(query, study);
}
