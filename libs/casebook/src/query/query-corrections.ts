import type { RecordedEvent } from '#event-store';
import type { Lineage } from '#study';
import type { FormAddress, ItemAddress } from '../address.js';
import { versionFollowed } from '../form/history.js';
import { isThereFor, type Reader } from '../form/view.js';
import type { Change, Reason } from '../held.js';
import { actorName } from '../stamped.js';

/** Items that were entered or corrected because of a query, in one act. */
export interface QueryCorrection extends FormAddress {
  readonly position: number;
  readonly at: string;
  readonly by: string;
  readonly reason: Reason | null;
  readonly items: readonly (Pick<ItemAddress, 'item' | 'group'> & { readonly rowKey?: string })[];
}

/**
 * What was entered because of a query, as far as the reader may know of it.
 *
 * @param events of the casebook, from its enrolment
 */
export function correctionsOf(
  events: readonly RecordedEvent[],
  query: string,
  lineage: Lineage,
  reader: Pick<Reader, 'arms' | 'item'>,
): QueryCorrection[] {
  let definition = 0;
  return events.flatMap((event): QueryCorrection[] => {
    definition = versionFollowed(event) ?? definition;
    const data = event.data as FormAddress & { query?: string; changes?: readonly Change[]; reason?: Reason };
    if (data.query !== query || !data.changes) return [];
    const reading = lineage.readAs(definition);
    const seen = data.changes.filter((change) => {
      const item = reading.item(change.item);
      return item !== undefined && isThereFor(reader, item);
    });
    if (seen.length === 0) return [];
    const { visit, form, reason = null } = data;
    const items = seen.map(({ item, group, row }) => ({
      item,
      ...(group !== undefined && { group }),
      ...(row !== undefined && { rowKey: row }),
    }));
    return [
      { visit, form, position: event.position, at: event.recordedAt, by: actorName(event), reason, items },
    ];
  });
}
