import { checked } from './checked.js';
import { lineWriter } from './lines.js';
import type { Counted, Rows, Table } from './table.js';
import { encodedLines } from './text.js';

/** One JSON object a line, with every column by its name in the table's order; null where there is no value. */
export async function* ndjson(
  table: Table,
  rows: Rows,
  counted: Partial<Counted> = {},
): AsyncIterable<Uint8Array> {
  const batches = checked(table, rows, counted);
  const keys = table.columns.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const line = lineWriter(keys, JSON.stringify, '}\n');
  yield* encodedLines('', batches, line, '');
}
