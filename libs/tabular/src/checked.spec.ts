import { describe, expect, it } from 'vitest';
import { inBatches, originOf, visits } from '../../../test/conformance/tabular-sample.js';
import { formats } from './formats.js';
import type { Column, ColumnType, Row, Table, Value } from './table.js';

const { table } = visits;

function tableOf(type: ColumnType): Table {
  return { name: 'T', label: 'T', columns: [{ name: 'A', label: 'A', type }] };
}

async function refusalOf(table: Table, rows: readonly Row[], records = rows.length): Promise<string[]> {
  const messages = formats.map(async ({ write }) => {
    try {
      const origin = { ...originOf(visits), records };
      for await (const _ of write(table, inBatches(rows, 2), origin));
      return 'none';
    } catch (error) {
      return error instanceof RangeError ? error.message : `another error: ${error}`;
    }
  });
  return [...new Set(await Promise.all(messages))];
}

describe('every format', () => {
  it.each<[ColumnType, Value]>([
    ['integer', 2 ** 53],
    ['integer', -(2 ** 53)],
    ['integer', 1.5],
    ['integer', '1'],
    ['decimal', Number.NaN],
    ['decimal', Number.POSITIVE_INFINITY],
    ['decimal', '1.0'],
    ['boolean', 1],
    ['boolean', 'true'],
    ['date', '2026-02-30'],
    ['date', '2026-02'],
    ['date', 20260201],
    ['datetime', '2026-02-01'],
    ['datetime', '2026-02-01T00:00:00+01:00'],
    ['string', 1],
    ['string', 'nul \0'],
    ['string', 'lone \ud800'],
  ])('refuses as %s: %j', async (type, value) => {
    expect(await refusalOf(tableOf(type), [[null], [null], [value]])).toEqual([`T, row 3, A: no ${type}`]);
  });

  it('refuses rows of another width, and another number of rows than announced', async () => {
    expect(await refusalOf(tableOf('string'), [['a', 'b']])).toEqual(['T, row 1 has 2 values']);
    expect(await refusalOf(tableOf('string'), [['a'], ['b']], 3)).toEqual(['T has 2 rows, not 3']);
  });

  it.each<[string, Partial<Table>]>([
    ['has no columns', { columns: [] }],
    ['has two columns of one name', { columns: [table.columns[0]!, table.columns[0]!] }],
    ['has an empty name', { columns: [{ ...table.columns[0]!, name: '' } satisfies Column] }],
    ['has a length that is no count of bytes', { columns: [{ ...table.columns[0]!, length: 0 }] }],
    ['has a name or label that is not text', { label: '\ud800' }],
  ])('refuses a table that %s', async (message, change) => {
    expect(await refusalOf({ ...table, ...change }, [])).toEqual([`VISITS ${message}`]);
  });
});
