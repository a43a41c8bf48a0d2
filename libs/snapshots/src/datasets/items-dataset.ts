import type { Value } from '#tabular';
import { parseKey } from '#values';
import { type Dataset, type DatasetRow, formColumns, type StudyAt } from '../dataset.js';
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
    basis: ({ casebook: { site, forms } }) => [site, ...Object.values(forms).map(({ items }) => items)],
    rows({ casebook }) {
      const rows: DatasetRow[] = [];
      // Nearly in the order of their keys, in which they then are soon put.
      for (const [formKey, state] of Object.entries(casebook.forms).sort(byKey)) {
        const place: Value[] = [...placeOf(study, casebook, state), parseKey(state.form)!.oid];
        const before = `${casebook.subject}/${formKey}/`;
        for (const path of Object.keys(state.items).sort()) {
          const { item: oid, held, group = null, row = null, definition, at } = state.items[path]!;
          const item = reading.item(oid);
          if (!item || !isAnalysed(item)) continue;
          const missing = held && 'missing' in held ? held.missing : null;
          const key = before + path;
          const cells = [...place, group, row, oid, cellOf(held, 'string'), missing, definition, at];
          rows.push(item.revealsArm ? { key, cells, tellsArms: true } : { key, cells });
        }
      }
      return rows;
    },
  };
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
