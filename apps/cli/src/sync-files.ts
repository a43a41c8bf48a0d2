import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { csv, ndjson, parquet, type Rows, type Table } from '#tabular';
import { batchesOf, readRows } from './sync-rows.js';
import { type CopiedDataset, type CopyState, type CopyStore, writeDurably } from './sync-store.js';

export const fileFormats = ['parquet', 'csv', 'ndjson', 'duckdb'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** For DuckDB: Parquet files, and views over them. */
const writers = { parquet, csv, ndjson, duckdb: parquet };
const extensions = { parquet: 'parquet', csv: 'csv', ndjson: 'ndjson', duckdb: 'parquet' };

const VIEWS = 'trial.sql';
const WRITTEN = 'files.json';

/**
 * Writes the files of the copy that stands: those that show another state than they should, or are gone.
 * Which state a file shows is noted after it, so a file is written once too often rather than not at all.
 *
 * @returns the names of the files written
 */
export async function writeFiles(store: CopyStore, state: CopyState, format: FileFormat): Promise<string[]> {
  const before = ((await store.read(WRITTEN)) ?? {}) as Record<string, string>;
  const now: Record<string, string> = {};
  const written: string[] = [];
  const bring = async (name: string, mark: string, chunks: () => Chunks) => {
    now[name] = mark;
    const path = join(store.directory, name);
    if (before[name] === mark && (await isThere(path))) return;
    await writeDurably(path, chunks());
    written.push(name);
  };
  for (const [name, dataset] of Object.entries(state.datasets)) {
    const rows = () => batchesOf(readRows(store.path(dataset.file)));
    await bring(`${name}.${extensions[format]}`, markOf(dataset), () => render(format, dataset, rows()));
  }
  if (format === 'duckdb') {
    const views = viewsOf(Object.values(state.datasets).map(({ table }) => table));
    await bring(VIEWS, digest(views), () => [views]);
  }
  for (const name of Object.keys(before)) {
    if (!(name in now)) await rm(join(store.directory, name), { force: true });
  }
  if (JSON.stringify(now) !== JSON.stringify(before)) await store.write(WRITTEN, now);
  return written;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<string>;

const render = (format: FileFormat, { table, rows: records }: CopiedDataset, rows: Rows) =>
  writers[format](table, rows, { records });

/** A view of each dataset in its file, with its labels. */
export function viewsOf(tables: readonly Table[]): string {
  return tables
    .map(({ name, label, columns }) => {
      const view = quoted(name, '"');
      const about = columns.map(
        (column) =>
          `COMMENT ON COLUMN ${view}.${quoted(column.name, '"')} IS ${quoted(column.label, "'")};\n`,
      );
      return `CREATE OR REPLACE VIEW ${view} AS SELECT * FROM read_parquet(${quoted(`${name}.parquet`, "'")});
COMMENT ON VIEW ${view} IS ${quoted(label, "'")};
${about.join('')}`;
    })
    .join('\n');
}

const quoted = (text: string, mark: string) => `${mark}${text.replaceAll(mark, mark + mark)}${mark}`;

const markOf = ({ table, sha256 }: CopiedDataset) => digest(JSON.stringify(table) + sha256);
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
