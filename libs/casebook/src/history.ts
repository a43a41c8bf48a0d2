import type { RecordedEvent } from '#event-store';
import type { CompiledStudy } from '#study';
import { type Change, type FormAddress, formKey, itemPath, type Reason } from './casebook.js';
import { type Reader, showHeld } from './view.js';

/** Every value that the items of a form ever had, in the order in which they were recorded. */
export function historyOf(
  events: readonly RecordedEvent[],
  address: FormAddress,
  study: CompiledStudy,
  reader: Reader,
) {
  const versions = new Map<string, number>();
  return events.flatMap((event) => {
    const data = event.data as Partial<FormAddress> & { changes?: readonly Change[]; reason?: Reason };
    if (!data.changes || `${data.visit}/${data.form}` !== formKey(address)) return [];
    return data.changes.flatMap((change) => {
      const path = itemPath(change);
      const version = (versions.get(path) ?? 0) + 1;
      versions.set(path, version);
      const item = study.item(change.item);
      if (!item || !reader.item(item)) return [];
      return {
        item: change.item,
        ...(change.row !== undefined && { group: change.group, rowKey: change.row }),
        ...showHeld(change.to, path, item, reader),
        version,
        enteredBy: 'user' in event.actor ? event.actor.user : event.actor.system,
        enteredAt: event.recordedAt,
        reason: data.reason ?? null,
        position: event.position,
      };
    });
  });
}
