import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  extremes,
  inBatches,
  nothing,
  originOf,
  remarks,
  type Sample,
  visits,
} from '../../../test/conformance/tabular-sample.js';
import { type Format, formatOf, formats } from './formats.js';

async function sha256({ write }: Format, sample: Sample, batch: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of write(sample.table, inBatches(sample.rows, batch), originOf(sample)))
    hash.update(piece);
  return hash.digest('hex');
}

/** Rows enough for several chunks of every format. */
function long(): Sample {
  const row = visits.rows[0]!;
  return { table: visits.table, rows: Array.from({ length: 70_000 }, (_, index) => row.with(1, index)) };
}

const goldenSamples = { visits, remarks, extremes, nothing };

const golden: readonly [string, keyof typeof goldenSamples, string][] = [
  ['csv', 'visits', '6561e1d5bd9237a7bd7bdbea133adbf345953edf3fc11cf7fffb4ba3dce7fcbf'],
  ['csv', 'remarks', '7129097d312841c4bd1cb96a4aba3a8fb6428327c3b9d52e3560f938aa6d996e'],
  ['csv', 'extremes', '1db5be6f1b1e416691371d5c343e0578a467ba0f07d918c84e669f036511ffa0'],
  ['csv', 'nothing', '75b681a13646cd55feab9f2f590ebef8cf4ae25f28b765ce6794a783f559ba2b'],
  ['ndjson', 'visits', '84fc87b48ea86b3672eff4e421f3fea1f69c3c034e2fb9ea79cd887a88480bcb'],
  ['ndjson', 'remarks', '6cbf1800e20e6b197436eb3f8fadc96b2ffb2f2a5339ed2c0c14fd29f183ae41'],
  ['ndjson', 'extremes', '4388217ecc2cdcd45e9ac83ba15aefa42e232631d7f6df4cf3c44c5fc1ffa3c4'],
  ['ndjson', 'nothing', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['dataset-json', 'visits', '2c9e1f6779ab3906b9577ff9a32b21406e739923520bc4a525d69571c3efff4e'],
  ['dataset-json', 'remarks', '8d7e1577ef699c906d713dab249f75a9859d39e8f9ca657ea85906012372649f'],
  ['dataset-json', 'extremes', '172e341358c5efcf24bfdad7bcaa71680435d7605cbdeee555d2c1efa18c7a33'],
  ['dataset-json', 'nothing', 'a9301fff7719bdc93fc8222940d0f3d1f8ea5db9ef4bf230f893b2f047fd8a78'],
  ['parquet', 'visits', '74e82f435a8e3213032b28e793a6249e6c9af365d3e1b8561e2702cf919897cd'],
  ['parquet', 'remarks', '64c253772ba4cfc85407c714816fe96a7eb1e343376a9c703cb2c388c520eebd'],
  ['parquet', 'extremes', '73c5aa87a7bf6c948e22f2f2cedc3a47b84062dc86241455b7de41fd5842fafe'],
  ['parquet', 'nothing', '38c9b9f7eb0e5cc70b169d9709f1a4a6111ac948a0c51fb1f1c2b3cb66dfd254'],
  ['xpt', 'visits', 'fe18fcfa5dadf7de96fd3b5d9aa47fe248d4cd4849720321868f895e2f6e51d2'],
  ['xpt', 'remarks', '5004be57d634d5f0406838e2c5048b8900c319d1b26bb5a2d63c68380430396d'],
  ['xpt', 'nothing', 'cc6b56db0d5f878834e150e9ee9f2fc91998ce4001ff8fde79e91460a3973afa'],
];

describe('the formats', () => {
  // Hashes of files are published, so the bytes never change: what would change them is another format, with
  // another name.
  it.each(golden)('have in %s of %s the bytes they always had', async (name, sampleName, hash) => {
    expect(await sha256(formatOf(name)!, goldenSamples[sampleName], 3)).toBe(hash);
  });

  it('have the same bytes however the rows come', async () => {
    const sample = long();
    for (const format of formats) {
      const hashes = await Promise.all([1000, 70_000].map((batch) => sha256(format, sample, batch)));
      expect(new Set(hashes).size, format.name).toBe(1);
    }
  });

  it('come in pieces of bounded size, before all rows are read', async () => {
    const sample = long();
    for (const { name, write } of formats) {
      let rowsRead = 0;
      const rows = (async function* () {
        for await (const batch of inBatches(sample.rows, 500)) {
          rowsRead += batch.length;
          yield batch;
        }
      })();
      const sizes: number[] = [];
      let rowsAtSecond = 0;
      for await (const piece of write(sample.table, rows, originOf(sample))) {
        sizes.push(piece.length);
        if (sizes.length === 2) rowsAtSecond = rowsRead;
      }
      expect(Math.max(...sizes), name).toBeLessThan(2 ** 20);
      expect(rowsAtSecond, name).toBeLessThan(sample.rows.length);
    }
  });

  it('are found by name and by media type', () => {
    expect(formatOf('parquet')?.extension).toBe('.parquet');
    expect(formatOf('Text/CSV; charset=utf-8; header=present')?.name).toBe('csv');
    expect(formatOf('application/json')?.name).toBe('dataset-json');
    expect(formatOf('text/html')).toBeUndefined();
  });
});
