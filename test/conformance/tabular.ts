import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ColumnType, type Format, formats, type Row, type Table, type Value } from '#tabular';
import { extremes, inBatches, nothing, originOf, remarks, type Sample, visits } from './tabular-sample.js';

/**
 * Has DuckDB and, where there is an `Rscript` with haven and jsonlite, R read the tables that we write. Exits
 * with 1 where a cell is read as another than was written.
 */

/** Column names, then the rows, in the texts that the program has for the values. */
type Reading = readonly (readonly (string | null)[])[];
type Reader = (format: Format, path: string, sample: Sample) => Promise<Reading>;

const R_SCRIPT = 'test/conformance/tabular.R';
/** How R's own reader of decimals may be off the nearest double, which it does not promise. */
const R_TOLERANCE = 1e-15;

async function readWithR({ name }: Format, path: string, { table }: Sample): Promise<Reading> {
  const types = table.columns.map((column) => column.type).join();
  const printed = execFileSync('Rscript', [R_SCRIPT, name, path, types], { encoding: 'utf8' });
  return printed
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as (string | null)[]);
}

/** CSV does not tell its types, and a column of nothing but F would be taken for booleans. */
const duckDbTypes: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMPTZ',
};

const duckDbSources: Readonly<Record<string, (path: string, table: Table) => string>> = {
  csv: (path, { columns }) => {
    const types = columns.map(({ name, type }) => `'${name}': '${duckDbTypes[type]}'`).join(', ');
    return `read_csv('${path}', allow_quoted_nulls = false, types = {${types}})`;
  },
  ndjson: (path) => `read_json('${path}')`,
  parquet: (path) => `read_parquet('${path}')`,
};

async function readWithDuckDb({ name }: Format, path: string, { table }: Sample): Promise<Reading> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const cells = table.columns.map((column) =>
    column.type === 'datetime'
      ? `epoch_ms("${column.name}"::TIMESTAMPTZ)::VARCHAR`
      : `"${column.name}"::VARCHAR`,
  );
  const source = duckDbSources[name]!(path, table);
  const names = await connection.runAndReadAll(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${source})`);
  const rows = await connection.runAndReadAll(`SELECT ${cells.join(', ')} FROM ${source}`);
  connection.closeSync();
  return [names.getRowsJson().map(([column]) => String(column)), ...rows.getRowsJson()] as Reading;
}

/** A read text as the value it stands for, in the type of the column. */
function meant(type: ColumnType, text: string | null): Value {
  if (text === null) return null;
  if (type === 'integer' || type === 'decimal') return Number(text) + 0;
  if (type === 'boolean') return text === 'true' || text === '1';
  if (type === 'datetime') return /^-?\d+$/.test(text) ? Number(text) : Date.parse(text);
  return text;
}

function expected(type: ColumnType, value: Value): Value {
  if (type === 'decimal' && value !== null) return Number(value) + 0;
  return type === 'datetime' && value !== null ? Date.parse(String(value)) : value;
}

function isSame(type: ColumnType, read: Value, written: Value, isR: boolean): boolean {
  // R's reader of CSV takes an empty string for null and line ends for LF; to SAS null is an empty string.
  if (type === 'string' && isR) return textInR(read) === textInR(written);
  if (isR && typeof read === 'number' && typeof written === 'number')
    return Math.abs(read - written) <= Math.abs(written) * R_TOLERANCE;
  return isDeepStrictEqual(read, written);
}

function textInR(value: Value): string {
  return String(value ?? '').replaceAll('\r\n', '\n');
}

async function check(program: string, reader: Reader, format: Format, sample: Sample, folder: string) {
  const { table, rows } = sample;
  const path = join(folder, `${table.name}${format.extension}`);
  const pieces: Uint8Array[] = [];
  for await (const piece of format.write(table, inBatches(rows, 3), originOf(sample))) pieces.push(piece);
  writeFileSync(path, Buffer.concat(pieces));
  const [names, ...read] = await reader(format, path, sample);
  const place = `${program}, ${format.name}, ${table.name}`;
  if (
    !isDeepStrictEqual(
      names,
      table.columns.map((column) => column.name),
    )
  )
    throw new Error(`${place}: reads the columns ${names}`);
  if (read.length !== rows.length) throw new Error(`${place}: reads ${read.length} rows of ${rows.length}`);
  rows.forEach((row: Row, at) => {
    table.columns.forEach(({ name, type }, index) => {
      const cell = meant(type, read[at]![index] ?? null);
      const wanted = expected(type, row[index]!);
      if (!isSame(type, cell, wanted, program === 'R'))
        throw new Error(`${place}, row ${at + 1}, ${name}: reads ${cell}, not ${wanted}`);
    });
  });
  console.log(`${place}: ${rows.length} rows as written`);
}

function hasR(): boolean {
  try {
    execFileSync('Rscript', ['-e', 'library(haven); library(jsonlite)'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tabular-'));
  const isThereR = hasR();
  if (!isThereR) console.log('no Rscript with haven and jsonlite: only DuckDB reads');
  try {
    for (const format of formats) {
      const samples = format.name === 'xpt' ? [visits, remarks, nothing] : [visits, remarks, extremes];
      for (const sample of samples) {
        if (format.name in duckDbSources) await check('DuckDB', readWithDuckDb, format, sample, folder);
        if (isThereR && format.name !== 'parquet') await check('R', readWithR, format, sample, folder);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await main();
