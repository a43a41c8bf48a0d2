import { epochDay, epochMillisecond } from './calendar.js';
import { checked, createdAt, refusal } from './checked.js';
import { writeIbmDouble, writeMissing } from './ibm-double.js';
import type { Column, Origin, Row, Rows, Table, Value } from './table.js';
import { xptHeader, xptPadding } from './xpt-header.js';
import { type XptLayout, xptLayout } from './xpt-layout.js';

const CHUNK = 128 * 1024;
/** From 1960-01-01, the first day of SAS, to 1970-01-01. */
const DAYS_FROM_1960 = 3653;

/**
 * A SAS transport file, in version 5 (names of 8 capitals, labels of 40 bytes, strings of 200) where the
 * table fits it unchanged, else in version 8. Text is UTF-8. To SAS an empty string and null are the same, as
 * are strings that differ in blanks at their end; booleans are 1 and 0. Longer strings than the column's length,
 * and numbers beyond about 7.2e75 or, not being 0, nearer to 0 than 5.4e-79, are refused. Of a table of few and
 * short strings only, SAS cannot tell rows of nulls at its end from padding.
 * @see https://support.sas.com/content/dam/SAS/support/en/technical-papers/record-layout-of-a-sas-version-5-or-6-data-set-in-sas-transport-xport-format.pdf
 * @see https://support.sas.com/content/dam/SAS/support/en/technical-papers/record-layout-of-a-sas-version-8-or-9-data-set-in-sas-transport-format.pdf
 */
export async function* xpt(table: Table, rows: Rows, origin: Origin): AsyncIterable<Uint8Array> {
  const batches = checked(table, rows, origin);
  const layout = xptLayout(table);
  const { rowLength } = layout;
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK / rowLength));
  yield xptHeader(table, layout, createdAt(origin), origin.records);
  let chunk = Buffer.alloc(rowsAtOnce * rowLength, ' ');
  let end = 0;
  let count = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      count += 1;
      writeRow(chunk, end, table, layout, row, count);
      end += rowLength;
      if (end < chunk.length) continue;
      yield chunk;
      chunk = Buffer.alloc(rowsAtOnce * rowLength, ' ');
      end = 0;
    }
  }
  yield Buffer.concat([chunk.subarray(0, end), xptPadding(count * rowLength)]);
}

/** Writes a row into blanks. */
function writeRow(
  bytes: Buffer,
  at: number,
  table: Table,
  { variables }: XptLayout,
  row: Row,
  number: number,
): void {
  for (let index = 0; index < variables.length; index += 1) {
    const { column, isText, width, position } = variables[index]!;
    const value = row[index]!;
    if (isText) {
      if (value === null) continue;
      if (Buffer.byteLength(value as string) > width)
        throw refusal(table, number, index, `more than ${width} bytes`);
      bytes.write(value as string, at + position);
    } else if (value === null) {
      writeMissing(bytes, at + position);
    } else if (!writeIbmDouble(bytes, at + position, sasNumber(column, value))) {
      throw refusal(table, number, index, 'beyond the range of SAS');
    }
  }
}

function sasNumber({ type }: Column, value: Value): number {
  if (type === 'date') return epochDay(value as string)! + DAYS_FROM_1960;
  if (type === 'datetime') return epochMillisecond(value as string)! / 1000 + DAYS_FROM_1960 * 86_400;
  return Number(value);
}
