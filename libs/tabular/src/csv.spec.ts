import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNames, samples } from '../../../test/conformance/tabular-arbitraries.js';
import { inBatches, originOf, type Sample } from '../../../test/conformance/tabular-sample.js';
import { csv } from './csv.js';

async function written(sample: Sample): Promise<string> {
  let bytes = Buffer.alloc(0);
  for await (const piece of csv(sample.table, inBatches(sample.rows, 7), originOf(sample)))
    bytes = Buffer.concat([bytes, piece]);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** RFC 4180 with CRLF; a cell is null where there is nothing, not even quotes. */
function read(text: string): (string | null)[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) throw new Error(`no cell at ${at}`);
    row.push(match[1]?.replaceAll('""', '"') ?? (match[2] === '' ? null : match[2]!));
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('CSV', () => {
  it('quotes where it must, and tells null from an empty string', async () => {
    const columns = ['a', 'b,c', 'd'].map((name) => ({ name, label: name, type: 'string' as const }));
    const rows = [
      ['', null, 'x'],
      ['say "no"', 'a\nb', '=1+1'],
      [' ', '\r', '\ufeff'],
    ];
    expect(await written({ table: { name: 't', label: 't', columns }, rows })).toBe(
      'a,"b,c",d\r\n"",,x\r\n"say ""no""","a\nb",=1+1\r\n ,"\r",\ufeff\r\n',
    );
  });

  it('writes numbers as the shortest decimals, and no negative zero', async () => {
    const columns = [{ name: 'n', label: 'n', type: 'decimal' as const }];
    const rows = [0.1, -0, 1e308, 5e-324, 1 / 3, 1e21, 100].map((value) => [value]);
    expect(await written({ table: { name: 't', label: 't', columns }, rows })).toBe(
      'n\r\n0.1\r\n0\r\n1e+308\r\n5e-324\r\n0.3333333333333333\r\n1e+21\r\n100\r\n',
    );
  });

  it('reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(samples(anyNames), async (sample) => {
        const cells = sample.rows.map((row) => row.map((value) => (value === null ? null : String(value))));
        const names = sample.table.columns.map(({ name }) => name);
        expect(read(await written(sample))).toEqual([names, ...cells]);
      }),
    );
  });
});
