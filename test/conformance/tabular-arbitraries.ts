import fc from 'fast-check';
import type { Column, ColumnType, Table, Value } from '#tabular';
import type { Sample } from './tabular-sample.js';

/** Tables of any shape with any rows that their columns hold. */

const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('', '"', ',', '\r\n', ' a ', 'Größe 𝒳'),
  )
  .map((value) => value.replaceAll('\0', '').toWellFormed());
const date = fc
  .integer({ min: Date.parse('0001-01-01'), max: Date.parse('9999-12-31T23:59:59.999Z') })
  .map((time) => new Date(time).toISOString());

export const values: Readonly<Record<ColumnType, fc.Arbitrary<Value>>> = {
  string: text,
  integer: fc.maxSafeInteger(),
  decimal: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  date: date.map((datetime) => datetime.slice(0, 10)),
  datetime: date.map((datetime) => datetime.replace('.000Z', 'Z')),
};

const types = Object.keys(values) as ColumnType[];

/** Samples with columns of names as given, and decimals as wanted. */
export function samples(
  names: fc.Arbitrary<string>,
  decimals: fc.Arbitrary<Value> = values.decimal,
): fc.Arbitrary<Sample> {
  const column: fc.Arbitrary<Column> = fc.record({
    name: names,
    label: text,
    type: fc.constantFrom(...types),
  });
  const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: ({ name }) => name });
  return columns.chain((columns) => {
    const cells = columns.map(({ type }) => (type === 'decimal' ? decimals : values[type]));
    const row = fc.tuple(...cells.map((cell) => fc.option(cell, { freq: 4 })));
    const table: Table = { name: 'SAMPLE', label: 'Sample', columns };
    return fc.array(row, { maxLength: 40 }).map((rows) => ({ table, rows }));
  });
}

/** Names that SAS has in version 5. */
export const sasNames = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,7}$/);
export const anyNames = fc.string({ minLength: 1, maxLength: 9 }).map((name) => name.replaceAll('\0', '0'));
