import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNames, samples } from '../../../test/conformance/tabular-arbitraries.js';
import {
  inBatches,
  nothing,
  originOf,
  type Sample,
  visits,
} from '../../../test/conformance/tabular-sample.js';
import { datasetJson } from './dataset-json.js';
import type { Origin } from './table.js';

async function written(sample: Sample, origin: Origin = originOf(sample)): Promise<Record<string, unknown>> {
  let text = '';
  for await (const piece of datasetJson(sample.table, inBatches(sample.rows, 7), origin))
    text += Buffer.from(piece).toString();
  return JSON.parse(text) as Record<string, unknown>;
}

describe('Dataset-JSON', () => {
  it('has its metadata in the order of the specification, the rows last', async () => {
    const { columns, rows, ...metadata } = await written(visits);
    expect(JSON.stringify(metadata)).toBe(
      '{"datasetJSONCreationDateTime":"2026-01-31T12:00:00.000Z","datasetJSONVersion":"1.1.0",' +
        '"fileOID":"SNAPSHOT.1","originator":"A trial unit","sourceSystem":{"name":"Daybook","version":"1"},' +
        '"studyOID":"S.SINET","metaDataVersionOID":"MDV.3","itemGroupOID":"IG.VISITS","records":8,' +
        '"name":"VISITS","label":"Visits"}',
    );
    expect(Object.keys(await written(visits)).slice(-2)).toEqual(['columns', 'rows']);
    expect(rows).toHaveLength(8);
    expect(columns).toMatchObject([
      { itemOID: 'IT.VISITS.SUBJID', name: 'SUBJID', label: 'Subject', dataType: 'string', length: 60 },
      { dataType: 'integer' },
      { dataType: 'double' },
      { dataType: 'boolean' },
      { dataType: 'date', targetDataType: 'integer', displayFormat: 'DATE9.' },
      { dataType: 'datetime', targetDataType: 'integer', displayFormat: 'DATETIME20.' },
      { dataType: 'string' },
    ]);
  });

  it('has only what is required where nothing else is known', async () => {
    const origin = { createdAt: '2026-01-31T12:00:00Z', records: 0 };
    const { columns: _, ...rest } = await written(
      { ...nothing, table: { ...nothing.table, oid: 'IG.1' } },
      origin,
    );
    expect(rest).toEqual({
      datasetJSONCreationDateTime: '2026-01-31T12:00:00Z',
      datasetJSONVersion: '1.1.0',
      itemGroupOID: 'IG.1',
      records: 0,
      name: 'VISITS',
      label: 'Visits',
      rows: [],
    });
  });

  it('refuses a time of creation that is none', async () => {
    await expect(written(nothing, { createdAt: '2026-01-31', records: 0 })).rejects.toThrow(RangeError);
  });

  it('reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(samples(anyNames), async (sample) => {
        const rows = sample.rows.map((row) => row.map((value) => (value === 0 ? 0 : value)));
        expect(await written(sample)).toMatchObject({ records: rows.length, rows });
      }),
    );
  });
});
