import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { csv, ndjson, parquet, type Rows, type Table } from '#tabular';
import { digestOfFile } from './sync-digest.js';
import { batchesOf, readRows } from './sync-rows.js';
import { type CopiedDataset, type CopyState, type CopyStore, writeDurably } from './sync-store.js';

export const fileFormats = ['parquet', 'csv', 'ndjson', 'duckdb'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** For DuckDB: Parquet files, and views over them. */
const writers = { parquet, csv, ndjson, duckdb: parquet };
const extensions = { parquet: 'parquet', csv: 'csv', ndjson: 'ndjson', duckdb: 'parquet' };

const VIEWS = 'trial.sql';
const WRITTEN = 'files.json';

/** A file as it was left: which state it shows, and the SHA-256 of its bytes. */
interface Written {
  readonly mark: string;
  readonly sha256: string;
}

/**
 * Writes the files of the copy that stands: those that show another state than they should, or are gone, or
 * are not as they were left. Which state a file shows is noted after it, so a file is written once too often
 * rather than not at all.
 *
 * @returns the names of the files written
 */
export async function writeFiles(store: CopyStore, state: CopyState, format: FileFormat): Promise<string[]> {
  const before = ((await store.read(WRITTEN)) ?? {}) as Record<string, Written>;
  const now: Record<string, Written> = {};
  const written: string[] = [];
  const bring = async (name: string, mark: string, chunks: () => Chunks) => {
    const path = join(store.directory, name);
    const left = before[name];
    if (left?.mark === mark && (await digestOfFile(path)) === left.sha256) {
      now[name] = left;
      return;
    }
    const hash = createHash('sha256');
    await writeDurably(
      path,
      seen(chunks(), (chunk) => hash.update(chunk)),
    );
    now[name] = { mark, sha256: hash.digest('hex') };
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

async function* seen(chunks: Chunks, see: (chunk: string | Uint8Array) => void) {
  for await (const chunk of chunks) {
    see(chunk);
    yield chunk;
  }
}

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
