import { checked } from './checked.js';
import type { Counted, Row, Rows, Table, Value } from './table.js';
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
  yield* encodedLines(csvLine(table.columns.map((column) => column.name)), batches, lineWriter(), '');
}

function csvLine(row: Row): string {
  let line = csvCell(row[0]!);
  for (let index = 1; index < row.length; index += 1) line += `,${csvCell(row[index]!)}`;
  return `${line}\r\n`;
}

/** Writes lines one after the other: a cell that is the same as above is the same text. */
function lineWriter(): (row: Row) => string {
  const values: Value[] = [];
  const texts: string[] = [];
  return (row) => {
    let line = '';
    for (let index = 0; index < row.length; index += 1) {
      const value = row[index]!;
      if (value !== values[index] || index >= values.length) {
        values[index] = value;
        texts[index] = csvCell(value);
      }
      line += index === 0 ? texts[index] : `,${texts[index]}`;
    }
    return `${line}\r\n`;
  };
}

function csvCell(value: Value): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  if (value === '') return '""';
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
