import type { RecordedEvent } from '#event-store';
import type { Lineage } from '#study';
import { type FormAddress, formKey, itemPath } from '../address.js';
import type { Change, Reason } from '../held.js';
import { isThereFor, type Reader, showHeld, termsOf } from './view.js';

/**
 * Every value that the items of a form ever had, in the order in which they were recorded, each in the terms
 * of the definition that it was entered with.
 *
 * @param events of the casebook, from its enrolment
 * @param showsQuery false for queries that the reader must not know of
 */
export function historyOf(
  events: readonly RecordedEvent[],
  address: FormAddress,
  lineage: Lineage,
  reader: Reader,
  showsQuery: (query: string) => boolean,
) {
  const versions = new Map<string, number>();
  let definition = 0;
  return events.flatMap((event) => {
    const data = event.data as Partial<FormAddress> & {
      changes?: readonly Change[];
      reason?: Reason;
      query?: string;
    };
    definition = versionFollowed(event) ?? definition;
    if (!data.changes || `${data.visit}/${data.form}` !== formKey(address)) return [];
    return data.changes.flatMap((change) => {
      const path = itemPath(change);
      const version = (versions.get(path) ?? 0) + 1;
      versions.set(path, version);
      const item = lineage.readAs(definition).item(change.item);
      if (!item || !isThereFor(reader, item)) return [];
      const shown = showHeld(change.to, path, item, reader);
      return {
        item: change.item,
        ...(change.row !== undefined && { group: change.group, rowKey: change.row }),
        ...termsOf(item, definition, shown.value),
        ...shown,
        version,
        enteredBy: 'user' in event.actor ? event.actor.user : event.actor.system,
        enteredAt: event.recordedAt,
        reason: data.reason ?? null,
        ...(data.query !== undefined && showsQuery(data.query) && { query: data.query }),
        position: event.position,
      };
    });
  });
}

/** The version that a casebook follows from an event on; undefined for an event that does not change it. */
export function versionFollowed({ type, data }: Pick<RecordedEvent, 'type' | 'data'>): number | undefined {
  if (type !== 'SubjectEnrolled' && type !== 'DefinitionAdopted') return undefined;
  return (data as { definition: number }).definition;
}
