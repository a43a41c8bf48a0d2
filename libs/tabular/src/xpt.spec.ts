import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samples, sasNames } from '../../../test/conformance/tabular-arbitraries.js';
import {
  inBatches,
  nothing,
  originOf,
  remarks,
  type Sample,
  visits,
} from '../../../test/conformance/tabular-sample.js';
import type { Column, ColumnType, Value } from './table.js';
import { xpt } from './xpt.js';

const DAY_0 = Date.parse('1960-01-01');

async function written(sample: Sample): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of xpt(sample.table, inBatches(sample.rows, 7), originOf(sample)))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Variable {
  isText: boolean;
  width: number;
  number: number;
  name: string;
  label: string;
  format: string;
  position: number;
}

interface Transport {
  headers: string[];
  name: string;
  label: string;
  created: string;
  variables: Variable[];
  rows: (string | number | null)[][];
}

/** A reader after the record layouts that SAS publishes. */
function read(file: Buffer): Transport {
  expect(file.length % 80).toBe(0);
  const headers: string[] = [];
  let at = 0;
  const text = (from: number, to: number) => file.toString('utf8', from, to).trimEnd();
  const header = () => {
    expect(text(at, at + 20)).toBe('HEADER RECORD*******');
    expect(text(at + 28, at + 48)).toBe('HEADER RECORD!!!!!!!');
    headers.push(text(at + 20, at + 28));
    at += 80;
    return file.toString('utf8', at - 32, at - 2);
  };
  header();
  const isV8 = headers[0] === 'LIBV8';
  const created = text(at + 64, at + 80);
  expect(text(at + 80, at + 160)).toBe(created);
  at += 160;
  expect(Number(header().slice(-4))).toBe(140);
  header();
  const name = text(at + 8, at + (isV8 ? 40 : 16));
  expect(text(at + (isV8 ? 40 : 16), at + (isV8 ? 48 : 24))).toBe('SASDATA');
  const label = text(at + 112, at + 152);
  at += 160;
  const count = Number(header().slice(6, 10));
  const variables = Array.from({ length: count }, (_, index): Variable => {
    const from = at + index * 140;
    return {
      isText: file.readUInt16BE(from) === 2,
      width: file.readUInt16BE(from + 4),
      number: file.readUInt16BE(from + 6),
      name: isV8 ? text(from + 88, from + 120) : text(from + 8, from + 16),
      label: text(from + 16, from + 56),
      format: text(from + 56, from + 64) + (file.readUInt16BE(from + 64) || ''),
      position: file.readUInt32BE(from + 84),
    };
  });
  at += Math.ceil((count * 140) / 80) * 80;
  let counts = header();
  if (headers.at(-1) === 'LABELV8') {
    let from = at;
    for (let left = Number(counts); left > 0; left -= 1) {
      const [number, nameLength, labelLength] = [0, 2, 4].map((offset) => file.readUInt16BE(from + offset));
      const end = from + 6 + nameLength! + labelLength!;
      variables[number! - 1]!.label = text(end - labelLength!, end);
      from = end;
    }
    at += Math.ceil((from - at) / 80) * 80;
    counts = header();
  }
  const rowLength = variables.reduce((sum, { width }) => sum + width, 0);
  const rows: Transport['rows'] = [];
  while (at + rowLength <= file.length) {
    const from = at;
    rows.push(
      variables.map(({ isText, width, position }) =>
        isText ? text(from + position, from + position + width) : ibm(file, from + position),
      ),
    );
    at += rowLength;
  }
  if (isV8) rows.length = Number(counts);
  else while (rows.at(-1)?.every((cell) => cell === '' || cell === BLANKS)) rows.pop();
  return { headers, name, label, created, variables, rows };
}

const BLANKS = Number.NEGATIVE_INFINITY;

function ibm(file: Buffer, at: number): number | null {
  const bits = file.readBigUInt64BE(at);
  if (bits === 0x2e00_0000_0000_0000n) return null;
  if (bits === 0x2020_2020_2020_2020n) return BLANKS;
  const magnitude = Number(bits & 0xff_ffff_ffff_ffffn) * 16 ** (Number((bits >> 56n) & 0x7fn) - 64 - 14);
  return bits >> 63n ? -magnitude : magnitude;
}

/** Values as SAS has them. */
function expected(type: ColumnType, value: Value): string | number | null {
  if (type === 'string') return String(value ?? '').trimEnd();
  if (value === null) return null;
  if (type === 'date') return (Date.parse(value as string) - DAY_0) / 86_400_000;
  if (type === 'datetime') return Date.parse(value as string) / 1000 - DAY_0 / 1000;
  return Number(value) + 0;
}

function rowsOf({ table, rows }: Sample) {
  return rows.map((row) => row.map((value, index) => expected(table.columns[index]!.type, value)));
}

function tableOf(...columns: Partial<Column>[]) {
  const usual = { name: 'A', label: 'A', type: 'string' as const };
  return { name: 'T', label: 'T', columns: columns.map((column) => ({ ...usual, ...column })) };
}

describe('a SAS transport file', () => {
  it('is of version 5 where the table fits', async () => {
    const file = read(await written(visits));
    expect(file.headers).toEqual(['LIBRARY', 'MEMBER', 'DSCRPTR', 'NAMESTR', 'OBS']);
    expect(file).toMatchObject({ name: 'VISITS', label: 'Visits', created: '31JAN26:12:00:00' });
    expect(
      file.variables.map(({ name, isText, width, number, format, position }) => [
        number,
        name,
        isText,
        width,
        position,
        format,
      ]),
    ).toEqual([
      [1, 'SUBJID', true, 60, 0, ''],
      [2, 'VISITNUM', false, 8, 60, ''],
      [3, 'WEIGHT', false, 8, 68, ''],
      [4, 'ALIVE', false, 8, 76, ''],
      [5, 'VISITDT', false, 8, 84, 'DATE9'],
      [6, 'ENTRDTM', false, 8, 92, 'DATETIME20'],
      [7, 'SEX', true, 1, 100, ''],
    ]);
    expect(file.variables[6]!.label).toBe('Sex, “as registered”');
    expect(file.rows).toEqual(rowsOf(visits));
  });

  it('is of version 8 where it does not', async () => {
    const file = read(await written(remarks));
    expect(file.headers).toEqual(['LIBV8', 'MEMBV8', 'DSCPTV8', 'NAMSTV8', 'LABELV8', 'OBSV8']);
    expect(file.variables.at(-1)).toMatchObject({
      name: 'free_text_of_the_investigator',
      label: 'Text '.repeat(20).trim(),
      width: 3000,
    });
    expect(file.rows).toEqual(rowsOf(remarks));
  });

  it.each<[5 | 8, Partial<Column>]>([
    [5, { name: 'ABCDEFGH', label: 'ä'.repeat(20), length: 200 }],
    [8, { name: 'ABCDEFGHI' }],
    [8, { name: 'abc' }],
    [8, { label: 'ä'.repeat(21) }],
    [8, { length: 201 }],
  ])('is of version %i for %j', async (version, column) => {
    const file = read(await written({ table: tableOf(column), rows: [['x']] }));
    expect(file.headers[0]).toBe(version === 5 ? 'LIBRARY' : 'LIBV8');
    expect(file.rows).toEqual([['x']]);
  });

  it('keeps every row over many pieces', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => visits.rows[0]!.with(1, index));
    const sample = { table: visits.table, rows };
    expect(read(await written(sample)).rows).toEqual(rowsOf(sample));
  });

  it('may have no rows', async () => {
    expect(read(await written(nothing)).rows).toEqual([]);
  });

  it('cuts a long label of the table between characters', async () => {
    const table = { ...tableOf({}), label: `${'x'.repeat(39)}ä` };
    expect(read(await written({ table, rows: [] })).label).toBe('x'.repeat(39));
  });

  it('holds any rows in the range of SAS', async () => {
    const decimals = fc
      .double({ noNaN: true, min: -7e75, max: 7e75 })
      .filter((value) => value === 0 || Math.abs(value) > 5.4e-79);
    await fc.assert(
      fc.asyncProperty(samples(sasNames, decimals), async ({ table, rows }) => {
        const key: Column = { name: 'LONG_KEY_', label: 'Key', type: 'integer' };
        const sample = {
          table: { ...table, columns: [...table.columns, key] },
          rows: rows.map((row, index) => [...row, index]),
        };
        expect(read(await written(sample)).rows).toEqual(rowsOf(sample));
        const short = {
          ...sample,
          table: { ...table, columns: [...table.columns, { ...key, name: 'ROW' }] },
        };
        fc.pre(table.columns.every(({ name, label }) => name !== 'ROW' && Buffer.byteLength(label) <= 40));
        expect(read(await written(short)).rows).toEqual(rowsOf(sample));
      }),
    );
  });

  it.each<[string, Partial<Column>[]]>([
    ['two columns of one name to SAS', [{ name: 'abc' }, { name: 'ABC' }]],
    ['names, labels or lengths that XPT cannot carry', [{ name: 'I.DM.SEX' }]],
    ['names, labels or lengths that XPT cannot carry', [{ name: 'x'.repeat(33) }]],
    ['names, labels or lengths that XPT cannot carry', [{ label: 'x'.repeat(257) }]],
    ['names, labels or lengths that XPT cannot carry', [{ length: 32_768 }]],
  ])('refuses a table that has %s', async (message, columns) => {
    await expect(written({ table: tableOf(...columns), rows: [] })).rejects.toThrow(message);
  });

  it('refuses what does not fit a cell', async () => {
    const text = written({ table: tableOf({ length: 3 }), rows: [['abc'], ['äö']] });
    await expect(text).rejects.toThrow('T, row 2, A: more than 3 bytes');
    const number = written({ table: tableOf({ type: 'decimal' }), rows: [[1e76]] });
    await expect(number).rejects.toThrow('T, row 1, A: beyond the range of SAS');
  });
});
