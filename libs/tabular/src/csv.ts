import { checked } from './checked.js';
import { lineWriter } from './lines.js';
import type { Counted, Rows, Table, Value } from './table.js';
import { encodedLines } from './text.js';

const NEEDS_QUOTES = /[",\r\n]/;

/**
 * RFC 4180 with a header line, in UTF-8 without a byte order mark; lines end with CRLF. Null is empty, an empty
 * string `""`. Numbers are the shortest decimals that read back the same. Text stays as it is: what a
 * spreadsheet would run as a formula is not defused, since it is data. A row of one column that is null is
 * an empty line, which some readers skip. Readers that guess types guess wrong (a column of F is not of booleans):
 * the dictionary has them.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export async function* csv(
  table: Table,
  rows: Rows,
  counted: Partial<Counted> = {},
): AsyncIterable<Uint8Array> {
  const batches = checked(table, rows, counted);
  const names = table.columns.map((column) => column.name);
  const line = lineWriter(
    names.map((_, index) => (index === 0 ? '' : ',')),
    csvCell,
    '\r\n',
  );
  yield* encodedLines(line(names), batches, line, '');
}

function csvCell(value: Value): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  if (value === '') return '""';
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
