import { formKey, itemPath } from '#casebook';
import type { Value } from '#tabular';
import { parseKey } from '#values';
import { type Dataset, formColumns, type StudyAt } from '../dataset.js';
import { placeOf } from './form-datasets.js';
import { cellOf, isAnalysed } from './item-columns.js';

/** Every item that was ever entered, a row each: the one place that tells why a value is missing. */
export function itemsDataset(study: StudyAt): Dataset {
  const reading = study.lineage.readAs();
  return {
    name: 'ITEMS',
    label: 'All items',
    columns: [
      ...formColumns.slice(0, -2),
      { name: 'FORM', label: 'Form', type: 'string' },
      { name: 'GROUP', label: 'Repeating group', type: 'string' },
      { name: 'ROWKEY', label: 'Row', type: 'string' },
      { name: 'ITEM', label: 'Item', type: 'string' },
      { name: 'VALUE', label: 'Value', type: 'string' },
      { name: 'MISSING', label: 'Why it is missing', type: 'string' },
      { name: 'DEFINITION', label: 'Version of the definition it was entered with', type: 'integer' },
      { name: 'ENTEREDAT', label: 'Last entered or changed', type: 'datetime' },
    ],
    *rows({ casebook }) {
      for (const state of Object.values(casebook.forms)) {
        const place: Value[] = [...placeOf(study, casebook, state), parseKey(state.form)!.oid];
        const before = `${casebook.subject}/${formKey(state)}/`;
        for (const entry of Object.values(state.items)) {
          const item = reading.item(entry.item);
          if (!item || !isAnalysed(item)) continue;
          const { held, group = null, row = null, definition, at } = entry;
          const missing = held && 'missing' in held ? held.missing : null;
          const value = cellOf(held, 'string');
          const key = before + (row === null ? entry.item : itemPath(entry));
          const cells = place.concat(group, row, entry.item, value, missing, definition, at);
          yield item.revealsArm ? { key, cells, tellsArms: true } : { key, cells };
        }
      }
    },
  };
}
