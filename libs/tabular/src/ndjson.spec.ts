import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNames, samples } from '../../../test/conformance/tabular-arbitraries.js';
import { inBatches, originOf, type Sample } from '../../../test/conformance/tabular-sample.js';
import { ndjson } from './ndjson.js';

async function written(sample: Sample): Promise<string> {
  let text = '';
  for await (const piece of ndjson(sample.table, inBatches(sample.rows, 7), originOf(sample)))
    text += Buffer.from(piece).toString();
  return text;
}

describe('NDJSON', () => {
  it('names every column in the order of the table, even where names look like numbers', async () => {
    const columns = ['b', '1', '__proto__'].map((name) => ({ name, label: name, type: 'decimal' as const }));
    const rows = [[1, null, -0]];
    expect(await written({ table: { name: 't', label: 't', columns }, rows })).toBe(
      '{"b":1,"1":null,"__proto__":0}\n',
    );
  });

  it('reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(samples(anyNames), async (sample) => {
        const names = sample.table.columns.map(({ name }) => name);
        const lines = (await written(sample)).split('\n').slice(0, -1);
        const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
        expect(rows.map((row) => names.map((name) => row[name]))).toEqual(
          sample.rows.map((row) => row.map((value) => (value === 0 ? 0 : value))),
        );
      }),
    );
  });
});
