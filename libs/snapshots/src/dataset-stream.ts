import type { Column, Row, Rows } from '#tabular';
import type { SeenDataset, SubjectAt } from './dataset.js';
import { changesOf, type RowChange, type SubjectTwice, studyChanges, type TwoStates } from './delta.js';

const BATCH = 250;
/** Texts are given on in pieces of about so many characters. */
const CHUNK = 65_536;

/** A dataset's rows: those about no subject, then by subject and key. */
export async function* rowsOf(dataset: SeenDataset, subjects: AsyncIterable<SubjectAt>): Rows {
  let batch: Row[] = dataset.studyRows.map(({ cells }) => cells);
  for await (const subject of subjects) {
    for (const { cells } of dataset.rows(subject)) batch.push(cells);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Those about no subject, then by subject and key. */
export async function* readChanges(
  states: TwoStates,
  subjects: AsyncIterable<SubjectTwice>,
): AsyncGenerator<RowChange> {
  yield* studyChanges(states);
  for await (const subject of subjects) yield* changesOf(states, subject);
}

/** What changes are of: the columns are those of the rows to upsert, which `after` may not have had. */
export interface ChangesHead {
  readonly dataset: string;
  readonly after: number;
  /** The state that the changes lead to. */
  readonly position: number;
  readonly columns: readonly Column[];
}

/** One line for the head, then one for each change. */
export async function* changeLines(
  head: ChangesHead,
  changes: AsyncIterable<RowChange>,
): AsyncGenerator<string> {
  let chunk = `${JSON.stringify(head)}\n`;
  for await (const change of changes) {
    chunk += `${JSON.stringify(shown(change, head.columns))}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** One JSON document: the head, `upserts`, and `deletes` by their keys. */
export async function* changesDocument(
  head: ChangesHead,
  changes: AsyncIterable<RowChange>,
): AsyncGenerator<string> {
  const deletes: string[] = [];
  let chunk = `${JSON.stringify(head).slice(0, -1)},"upserts":[`;
  let between = '';
  for await (const change of changes) {
    if (change.op === 'delete') deletes.push(change.key);
    else {
      const { key, row } = shown(change, head.columns) as { key: string; row: object };
      chunk += between + JSON.stringify({ key, row });
      between = ',';
    }
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}],"deletes":${JSON.stringify(deletes)}}`;
}

function shown(change: RowChange, columns: readonly Column[]): object {
  const { op, key } = change;
  if (op === 'delete') return { op, key };
  return {
    op,
    key,
    row: Object.fromEntries(columns.map(({ name }, at) => [name, change.cells[at] ?? null])),
  };
}
