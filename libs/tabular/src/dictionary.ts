import { csv } from './csv.js';
import type { Column, Row, Table } from './table.js';

/**
 * A data dictionary of tables as CSV, a row a column. `codes` is a JSON object of labels by code, in the code
 * list's order, so that no code or label needs a separator of its own.
 */
export async function* dictionary(tables: readonly Table[]): AsyncIterable<Uint8Array> {
  const entries = tables.flatMap((table) => table.columns.map((column) => entry(table, column)));
  yield* csv(shape, once(entries), { records: entries.length });
}

const shape: Table = {
  name: 'dictionary',
  label: 'Data dictionary',
  columns: ['table', 'name', 'label', 'type', 'unit', 'codeList', 'codes'].map((name) => ({
    name,
    label: name,
    type: 'string',
  })),
};

function entry(table: Table, { name, label, type, unit, codeList }: Column): Row {
  const codes = codeList?.codes.map(({ code, label }) => `${JSON.stringify(code)}:${JSON.stringify(label)}`);
  const list = codeList ? [codeList.oid, `{${codes!.join(',')}}`] : [null, null];
  return [table.name, name, label, type, unit ?? null, ...list];
}

async function* once<T>(value: T): AsyncIterable<T> {
  yield value;
}
