import type { Row } from '#tabular';
import type { KeyedRow, SeenDataset, SubjectAt } from './dataset.js';

/** What makes one state of a dataset out of an earlier one. */
export type RowChange =
  | { readonly op: 'upsert'; readonly key: string; readonly cells: Row; readonly before: Row | undefined }
  | { readonly op: 'delete'; readonly key: string; readonly before: Row };

/** A dataset at two positions, the earlier first. */
export interface TwoStates {
  readonly before: SeenDataset | undefined;
  readonly after: SeenDataset | undefined;
}

/** A subject at two positions; undefined before the enrolment. */
export interface SubjectTwice {
  readonly before: SubjectAt | undefined;
  readonly after: SubjectAt | undefined;
}

/** Whether cells of the two mean the same by their place. */
export function haveSameColumns({ before, after }: TwoStates): boolean {
  const names = (seen: SeenDataset | undefined) =>
    JSON.stringify(seen?.table.columns.map(({ name }) => name));
  return names(before) === names(after);
}

/** How one subject's rows changed: where the columns are others, all of them did. By key. */
export function changesOf(datasets: TwoStates, subject: SubjectTwice): RowChange[] {
  const rowsAt = (seen: SeenDataset | undefined, at: SubjectAt | undefined) =>
    seen && at ? seen.rows(at) : [];
  return rowChanges(datasets, rowsAt(datasets.before, subject.before), rowsAt(datasets.after, subject.after));
}

/** How the rows changed that are about no subject. By key. */
export function studyChanges(datasets: TwoStates): RowChange[] {
  return rowChanges(datasets, datasets.before?.studyRows ?? [], datasets.after?.studyRows ?? []);
}

function rowChanges(
  datasets: TwoStates,
  earlier: readonly KeyedRow[],
  after: readonly KeyedRow[],
): RowChange[] {
  const before = new Map(earlier.map(({ key, cells }) => [key, cells]));
  const comparable = haveSameColumns(datasets);
  const upserts = after.flatMap(({ key, cells }): RowChange[] => {
    const old = before.get(key);
    before.delete(key);
    return comparable && old && isSame(old, cells) ? [] : [{ op: 'upsert', key, cells, before: old }];
  });
  const deletes = [...before].map(([key, cells]): RowChange => ({ op: 'delete', key, before: cells }));
  return [...upserts, ...deletes].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A row holds only texts, numbers and truth values. */
const isSame = (a: Row, b: Row) => a.length === b.length && a.every((cell, at) => cell === b[at]);

/** The rows of a later state from those of an earlier one, by key. */
export function applied(rows: readonly KeyedRow[], changes: readonly RowChange[]): KeyedRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  for (const change of changes) {
    if (change.op === 'delete') byKey.delete(change.key);
    else byKey.set(change.key, { key: change.key, cells: change.cells });
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
