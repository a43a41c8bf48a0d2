import type { CompiledStudy } from '#study';
import { parseKey } from '#values';
import { tellsArms } from './plan.js';
import type { QueryState } from './query-state.js';
import type { Reader } from './view.js';

/** A query tells of its item, or of its form: whoever must not see the one does not see the other. */
export function showsQuery(
  query: Pick<QueryState, 'form' | 'item'>,
  study: CompiledStudy,
  reader: Pick<Reader, 'arms' | 'item'>,
): boolean {
  const item = query.item === undefined ? undefined : study.item(query.item);
  if (item) return reader.item(item) && (reader.arms || !item.revealsArm);
  const form = study.form(parseKey(query.form)?.oid ?? '');
  return !form || reader.arms || !tellsArms(form);
}
