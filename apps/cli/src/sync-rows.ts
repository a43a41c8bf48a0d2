import { createReadStream } from 'node:fs';
import type { Column, Row } from '#tabular';
import { SyncError } from './sync-error.js';

/** A row as the copy keeps it; a dataset's rows stand by subject, then by key. */
export interface StoredRow {
  readonly key: string;
  readonly cells: Row;
}

/** What makes a later state of a dataset out of an earlier one, in the order of its rows. */
export type RowChange =
  | ({ readonly op: 'upsert' } & StoredRow)
  | { readonly op: 'delete'; readonly key: string };

/** The stored rows and the changes are not of one history: the copy has to be made anew. */
export class ForeignChange extends SyncError {}

/**
 * The rows of the later state, in order, holding one row at a time in memory. A deleted key has no cells to be
 * placed by, and needs none: its row is there, and everything before it goes on.
 *
 * @throws ForeignChange where a key is deleted that is not there
 */
export async function* merged(
  rows: AsyncIterable<StoredRow>,
  changes: AsyncIterable<RowChange>,
  columns: readonly Column[],
): AsyncGenerator<StoredRow> {
  const subject = columns.findIndex(({ name }) => name === 'SUBJID');
  const place = ({ cells }: StoredRow) => String(cells[subject] ?? '');
  const comesBefore = (row: StoredRow, change: RowChange) => {
    if (change.op === 'delete') return row.key !== change.key;
    const [a, b] = [place(row), place(change)];
    return a === b ? row.key < change.key : a < b;
  };
  const rest = rows[Symbol.asyncIterator]();
  try {
    let next = await rest.next();
    for await (const change of changes) {
      for (; !next.done && comesBefore(next.value, change); next = await rest.next()) yield next.value;
      const isThere = !next.done && next.value.key === change.key;
      if (isThere) next = await rest.next();
      if (change.op === 'upsert') yield { key: change.key, cells: change.cells };
      else if (!isThere) throw new ForeignChange('a row is to be deleted that the copy does not have');
    }
    for (; !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

const CHUNK = 65_536;

/** One line a row: its key, then its cells. */
export async function* rowLines(rows: AsyncIterable<StoredRow>): AsyncGenerator<string> {
  let text = '';
  for await (const { key, cells } of rows) {
    text += `${JSON.stringify([key, ...cells])}\n`;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield text;
}

export async function* readRows(path: string): AsyncGenerator<StoredRow> {
  for await (const line of linesOf(createReadStream(path))) {
    const [key, ...cells] = JSON.parse(line);
    yield { key, cells };
  }
}

export async function* noRows(): AsyncGenerator<StoredRow> {}

/** Lines that end in a newline and in nothing else: text has other characters that some count as ends of lines. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** Batches, as the writers of files take rows. */
export async function* batchesOf(rows: AsyncIterable<StoredRow>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const { cells } of rows) {
    if (batch.push(cells) < 1000) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}
