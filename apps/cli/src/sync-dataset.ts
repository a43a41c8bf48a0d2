import { rename } from 'node:fs/promises';
import { type Column, csv, type Table } from '#tabular';
import type { SyncApi } from './sync-api.js';
import { digestOf } from './sync-digest.js';
import { NotVerified } from './sync-error.js';
import {
  batchesOf,
  ForeignChange,
  linesOf,
  merged,
  noRows,
  type RowChange,
  readRows,
  rowLines,
  type StoredRow,
} from './sync-rows.js';
import { type CopiedDataset, type CopyStore, writeDurably } from './sync-store.js';

/** A dataset that is to be brought to a position; `base` is what the copy has of it, at `from`. */
export interface DatasetTask {
  readonly study: string;
  readonly table: Table;
  readonly base: { readonly dataset: CopiedDataset; readonly from: number } | undefined;
  readonly to: number;
}

export interface Transfer {
  readonly dataset: CopiedDataset;
  readonly upserts: number;
  readonly deletes: number;
}

/**
 * Brings a dataset to its later state and compares it with the server's. Where the changes do not lead there,
 * as when the account sees more or less than it did, or the copy was altered, all of it is fetched again.
 *
 * @throws NotVerified, SyncError
 */
export async function syncDataset(api: SyncApi, store: CopyStore, task: DatasetTask): Promise<Transfer> {
  if (task.base && (await isIntact(store, task.base.dataset))) {
    const transfer = await api.retried(() => fetchChanges(api, store, task)).catch(foreign);
    if (transfer && (await isGenuine(api, task, transfer))) return transfer;
  }
  const whole = { ...task, base: undefined };
  const transfer = await api.retried(() => fetchChanges(api, store, whole));
  if (await isGenuine(api, whole, transfer)) return transfer;
  throw new NotVerified(`${task.table.name}: the copy does not have the SHA-256 of the server’s CSV`);
}

/** Whether the rows in the copy are those that were verified. */
function isIntact(store: CopyStore, { table, file, sha256 }: CopiedDataset): Promise<boolean> {
  return digestOf(csv(table, batchesOf(readRows(store.path(file))))).then(
    (digest) => digest === sha256,
    () => false,
  );
}

function foreign(error: unknown): undefined {
  if (!(error instanceof ForeignChange)) throw error;
}

async function fetchChanges(
  api: SyncApi,
  store: CopyStore,
  { study, table, base, to }: DatasetTask,
): Promise<Transfer> {
  const counts = { upserts: 0, deletes: 0 };
  const from = base?.from ?? -1;
  const path = `${pathOf(study, table)}/changes?after=${from}&to=${to}`;
  const lines = linesOf(api.stream(path, 'application/x-ndjson'));
  const head = JSON.parse((await lines.next()).value!) as { columns: Column[] };
  // With other columns every row is sent, and none of the stored ones means anything.
  const kept =
    base && namesOf(base.dataset.table.columns) === namesOf(head.columns) ? base.dataset : undefined;
  const changes = changesIn(lines, head.columns, kept !== undefined, counts);
  const first = await changes.next();
  if (kept && first.done) return { dataset: { ...kept, table }, ...counts };

  let rows = 0;
  const written = store.path(`${table.name}.rows`);
  const stored = kept ? readRows(store.path(kept.file)) : noRows();
  const later = counted(merged(stored, resumed(first, changes), head.columns), () => (rows += 1));
  await writeDurably(written, rowLines(later));
  const sha256 = await digestOf(csv(table, batchesOf(readRows(written))));
  // By its content, so that no file of a copy that stands is ever written over.
  const file = `${table.name}.${sha256}.rows`;
  await rename(written, store.path(file));
  return { dataset: { table, rows, sha256, file }, ...counts };
}

async function isGenuine(api: SyncApi, { study, table, to, base }: DatasetTask, { dataset }: Transfer) {
  if (base?.dataset.sha256 === dataset.sha256) return true;
  const path = `${pathOf(study, table)}?asOf=${to}`;
  return (await api.retried(() => digestOf(api.stream(path, 'text/csv')))) === dataset.sha256;
}

async function* changesIn(
  lines: AsyncIterable<string>,
  columns: readonly Column[],
  deletes: boolean,
  counts: { upserts: number; deletes: number },
): AsyncGenerator<RowChange> {
  for await (const line of lines) {
    const { op, key, row } = JSON.parse(line);
    if (op === 'upsert') {
      counts.upserts += 1;
      yield { op, key, cells: columns.map(({ name }) => row[name]) };
    } else {
      counts.deletes += 1;
      if (deletes) yield { op, key };
    }
  }
}

async function* resumed(
  first: IteratorResult<RowChange>,
  rest: AsyncIterable<RowChange>,
): AsyncGenerator<RowChange> {
  if (!first.done) yield first.value;
  yield* rest;
}

async function* counted(rows: AsyncIterable<StoredRow>, count: () => void): AsyncGenerator<StoredRow> {
  for await (const row of rows) {
    count();
    yield row;
  }
}

const pathOf = (study: string, { name }: Table) =>
  `/studies/${encodeURIComponent(study)}/datasets/${encodeURIComponent(name)}`;
const namesOf = (columns: readonly Column[]) => JSON.stringify(columns.map(({ name }) => name));
