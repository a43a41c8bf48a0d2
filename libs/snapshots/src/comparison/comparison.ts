import { casebooks } from '#casebook';
import { advance } from '#commands';
import type { Row, Value } from '#tabular';
import type { KeyedRow, SeenDataset } from '../dataset.js';
import type { SubjectTwice } from '../delta.js';

/** Cells by the names of their columns. */
export type NamedRow = Readonly<Record<string, Value>>;

/** A row that two states of a dataset do not have in common, and the positions at which it became another. */
export type RowDifference = {
  readonly dataset: string;
  readonly key: string;
  readonly positions: readonly number[];
} & (
  | { readonly op: 'added' | 'removed'; readonly row: NamedRow }
  | {
      readonly op: 'changed';
      readonly cells: Readonly<Record<string, { readonly old: Value; readonly new: Value }>>;
    }
);

/** The study's datasets as they are from a position on, until a next definition is published. */
export interface DatasetsFrom {
  readonly position: number;
  readonly datasets: ReadonlyMap<string, SeenDataset>;
}

/** A dataset's rows of one subject, or those about none. */
export interface StepRows {
  /** Of the columns, in the order of the cells. */
  readonly names: readonly string[];
  readonly rows: readonly KeyedRow[];
}

/** What was there after a position of the log. */
export interface Step {
  readonly position: number;
  rows(dataset: string): StepRows;
  /** As of a dataset: where it is the same as at another step, so are the rows, which need not be made. */
  basis(dataset: string): readonly unknown[] | undefined;
}

/** A row with the names of its cells. */
interface Cells {
  readonly names: readonly string[];
  readonly cells: Row;
}

/**
 * How rows of the first step differ from those of the last, by key. A column that one of them does not have
 * holds nothing there, so a column that is new alone makes no row another.
 */
export function differencesOf(dataset: string, steps: readonly Step[]): RowDifference[] {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const moves = movesOf(dataset, steps);
  if (moves.length === 0) return [];
  const [before, after] = [byKey(first.rows(dataset)), byKey(last.rows(dataset))];
  const keys = [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !isSame(before.get(key), after.get(key)))
    .sort();
  if (keys.length === 0) return [];
  const positions = new Map(keys.map((key): [string, number[]] => [key, []]));
  let earlier = before;
  for (const step of moves) {
    const rows = step === moves.at(-1) ? after : byKey(step.rows(dataset));
    for (const [key, own] of positions) if (!isSame(earlier.get(key), rows.get(key))) own.push(step.position);
    earlier = rows;
  }
  return keys.map((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    const about = { dataset, key, positions: positions.get(key)! };
    if (!old) return { ...about, op: 'added', row: named(now!) };
    if (!now) return { ...about, op: 'removed', row: named(old) };
    return { ...about, op: 'changed', cells: cellsChanged(named(old), named(now)) };
  });
}

/** The steps after the first at which rows may be others than at the step before. */
function movesOf(dataset: string, steps: readonly Step[]): Step[] {
  let earlier = steps[0]!.basis(dataset);
  return steps.slice(1).filter((step) => {
    const basis = step.basis(dataset);
    const stays = isSameBasis(earlier, basis);
    earlier = basis;
    return !stays;
  });
}

/** Whether rows that follow from the two are surely the same. */
function isSameBasis(a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean {
  return a !== undefined && b?.length === a.length && a.every((part, at) => part === b[at]);
}

/** A step for each act on the subject, and for each publication, since the first of the datasets; and that one. */
export function stepsOfSubject({ before, after }: SubjectTwice, studies: readonly DatasetsFrom[]): Step[] {
  const from = studies[0]!.position;
  const news = after?.events.filter(({ position }) => position > from) ?? [];
  const known = before?.events ?? [];
  let head = {
    state: before?.casebook ?? casebooks.initial,
    revision: known.at(-1)?.revision ?? -1,
    position: known.at(-1)?.position ?? -1,
  };
  const casebookAt = new Map([[from, head.state]]);
  for (const event of news) {
    head = advance(head, casebooks, [event]);
    casebookAt.set(event.position, head.state);
  }
  let casebook = head.state;
  return positionsOf(news, studies).map((position) => {
    casebook = casebookAt.get(position) ?? casebook;
    const events = after?.events.filter((event) => event.position <= position) ?? [];
    const subject = { casebook, events };
    const isThere = events.length > 0;
    const rows = (dataset: SeenDataset) => (isThere ? dataset.rows(subject) : []);
    const basis = (dataset: SeenDataset) => (isThere ? dataset.basis(subject) : []);
    return {
      position,
      rows: (name) => rowsIn(datasetAt(studies, position, name), rows),
      basis: (name) => basisIn(datasetAt(studies, position, name), basis),
    };
  });
}

/** A step for the first of the datasets, and for each publication, with the rows that are about no subject. */
export function stepsOfStudy(studies: readonly DatasetsFrom[]): Step[] {
  return positionsOf([], studies).map((position) => ({
    position,
    rows: (name) => rowsIn(datasetAt(studies, position, name), ({ studyRows }) => studyRows),
    basis: (name) => basisIn(datasetAt(studies, position, name), () => []),
  }));
}

function positionsOf(
  events: readonly { readonly position: number }[],
  studies: readonly DatasetsFrom[],
): number[] {
  return [...events, ...studies].map(({ position }) => position).sort((a, b) => a - b);
}

const datasetAt = (studies: readonly DatasetsFrom[], position: number, name: string) =>
  studies.findLast((study) => study.position <= position)?.datasets.get(name);

function rowsIn(
  dataset: SeenDataset | undefined,
  rowsOf: (dataset: SeenDataset) => readonly KeyedRow[],
): StepRows {
  if (!dataset) return { names: [], rows: [] };
  return { names: namesOf(dataset), rows: rowsOf(dataset) };
}

/** Another version's dataset has rows of its own. */
function basisIn(
  dataset: SeenDataset | undefined,
  basisOf: (dataset: SeenDataset) => readonly unknown[] | undefined,
): readonly unknown[] | undefined {
  const own = dataset ? basisOf(dataset) : [];
  return own && [dataset, ...own];
}

const known = new WeakMap<SeenDataset, readonly string[]>();

/** One list a dataset, by which rows of the same columns are known. */
function namesOf(dataset: SeenDataset): readonly string[] {
  const names = known.get(dataset) ?? dataset.table.columns.map(({ name }) => name);
  known.set(dataset, names);
  return names;
}

const byKey = ({ names, rows }: StepRows) =>
  new Map(rows.map(({ key, cells }): [string, Cells] => [key, { names, cells }]));

const named = ({ names, cells }: Cells): NamedRow =>
  Object.fromEntries(names.map((name, at) => [name, cells[at] ?? null]));

function isSame(a: Cells | undefined, b: Cells | undefined): boolean {
  if (!a || !b) return a === b;
  if (a.names === b.names) return a.cells.every((cell, at) => cell === b.cells[at]);
  return Object.keys(cellsChanged(named(a), named(b))).length === 0;
}

function cellsChanged(old: NamedRow, now: NamedRow) {
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names.filter((name) => (old[name] ?? null) !== (now[name] ?? null));
  return Object.fromEntries(
    changed.map((name) => [name, { old: old[name] ?? null, new: now[name] ?? null }]),
  );
}
