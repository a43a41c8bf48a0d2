import type { Lineage } from '#study';
import { type FormAddress, type ItemAddress, itemPath } from '../address.js';
import type { Casebook } from '../casebook.js';
import { holdsSealed, type ItemView, isThereFor, type Reader, showHeld } from '../form/view.js';

/** One identifying item with what it holds. */
export interface IdentityItem
  extends FormAddress,
    ItemAddress,
    Pick<ItemView, 'value' | 'missing' | 'masked'> {
  readonly label: string;
  readonly enteredAt: string;
}

/** What a casebook holds of who its subject is: whatever counts as identifying now, or did when it was entered. */
export function identityOf(
  casebook: Casebook,
  lineage: Lineage,
  readerOf: (form: FormAddress) => Reader,
): IdentityItem[] {
  return Object.values(casebook.forms).flatMap(({ visit, form, items }) => {
    const reader = readerOf({ visit, form });
    return Object.values(items).flatMap(({ item: oid, group, row, held, definition, at: enteredAt }) => {
      const item = lineage.readAs(definition).item(oid);
      if (!item || !held || !(item.identifying || holdsSealed(held)) || !isThereFor(reader, item)) return [];
      const place = { item: oid, ...(group && { group }), ...(row && { row }) };
      return [
        {
          visit,
          form,
          ...place,
          label: item.label,
          ...showHeld(held, itemPath(place), item, reader),
          enteredAt,
        },
      ];
    });
  });
}
