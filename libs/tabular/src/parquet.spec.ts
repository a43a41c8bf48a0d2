import fc from 'fast-check';
import { parquetMetadata, parquetRead } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { anyNames, samples } from '../../../test/conformance/tabular-arbitraries.js';
import {
  extremes,
  inBatches,
  nothing,
  originOf,
  remarks,
  type Sample,
  visits,
} from '../../../test/conformance/tabular-sample.js';
import { parquet } from './parquet.js';
import type { ColumnType, Value } from './table.js';

async function written(sample: Sample): Promise<ArrayBuffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of parquet(sample.table, inBatches(sample.rows, 1000), originOf(sample)))
    pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces)).buffer;
}

/** Rows as arrays: hyparquet's objects have no `__proto__` of their own. */
async function read(file: ArrayBuffer): Promise<unknown[][]> {
  let read: unknown[][] = [];
  await parquetRead({
    file,
    onComplete: (rows) => {
      read = rows;
    },
  });
  return read;
}

/** Values as hyparquet has them; it drops a byte order mark that text begins with. */
function expected(type: ColumnType, value: Value): unknown {
  if (value === null) return null;
  if (type === 'integer') return BigInt(value);
  if (type === 'date' || type === 'datetime') return new Date(value as string);
  if (type === 'string') return String(value).replace(/^\ufeff/, '');
  return value === 0 ? 0 : value;
}

async function expectSame(sample: Sample): Promise<void> {
  const { columns } = sample.table;
  expect(await read(await written(sample))).toEqual(
    sample.rows.map((row) => row.map((value, index) => expected(columns[index]!.type, value))),
  );
}

describe('Parquet', () => {
  it.each([visits, remarks, extremes, nothing])('is read by hyparquet as it was written', expectSame);

  it('is so for any table', async () => {
    await fc.assert(fc.asyncProperty(samples(anyNames), expectSame));
  });

  it('tells the types, and nothing of our version', async () => {
    const metadata = parquetMetadata(await written(visits));
    expect(metadata.created_by).toBe('daybook');
    expect(
      metadata.schema.slice(1).map(({ name, type, logical_type }) => [name, type, logical_type]),
    ).toEqual([
      ['SUBJID', 'BYTE_ARRAY', { type: 'STRING' }],
      ['VISITNUM', 'INT64', { type: 'INTEGER', bitWidth: 64, isSigned: true }],
      ['WEIGHT', 'DOUBLE', undefined],
      ['ALIVE', 'BOOLEAN', undefined],
      ['VISITDT', 'INT32', { type: 'DATE' }],
      ['ENTRDTM', 'INT64', { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' }],
      ['SEX', 'BYTE_ARRAY', { type: 'STRING' }],
    ]);
  });

  it('ends a row group at 65,536 rows, however the rows came', async () => {
    const columns = [
      { name: 'N', label: 'N', type: 'integer' as const },
      { name: 'B', label: 'B', type: 'boolean' as const },
    ];
    const rows = Array.from({ length: 140_000 }, (_, index) => [index % 3 ? index : null, index % 2 === 0]);
    const sample = { table: { name: 'LONG', label: 'Long', columns }, rows };
    const file = await written(sample);
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      65_536, 65_536, 8928,
    ]);
    const seen = await read(file);
    expect(seen).toHaveLength(rows.length);
    expect([seen[0], seen[65_537], seen[139_999]]).toEqual([
      [null, true],
      [65_537n, false],
      [139_999n, false],
    ]);
  });

  it('ends a row group at 8 MiB, and holds a very long string', async () => {
    const columns = [{ name: 'S', label: 'S', type: 'string' as const }];
    const rows = ['€', 'b', 'c'].map((letter, index) => [letter.repeat(3_000_000 * (index + 1))]);
    const sample = { table: { name: 'WIDE', label: 'Wide', columns }, rows };
    const file = await written(sample);
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([1, 2]);
    expect((await read(file)).map(([text]) => String(text).length)).toEqual([3e6, 6e6, 9e6]);
  });
});
