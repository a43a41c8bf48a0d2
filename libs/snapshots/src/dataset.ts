import type { Casebook } from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { CompiledStudy, Lineage } from '#study';
import type { Column, Row, Table, Value } from '#tabular';

/** What was published of a study's definition by some position. */
export interface StudyAt {
  readonly oid: string;
  /** From the first. */
  readonly versions: readonly CompiledStudy[];
  /** By which the newest of them reads what was entered with any. */
  readonly lineage: Lineage;
}

/** A subject as some position of the log has it. */
export interface SubjectAt {
  readonly casebook: Casebook;
  /** Of which the casebook is the fold, from the enrolment. */
  readonly events: readonly RecordedEvent[];
}

/** For whom a dataset is: the blinded are given nothing that tells the arms apart. */
export type Audience = 'blinded' | 'unblinded';

export interface DatasetColumn extends Column {
  /** Not for the blinded. */
  readonly tellsArms?: boolean;
}

export interface DatasetRow {
  /** Unique in the dataset, and for ever that of the same thing. */
  readonly key: string;
  readonly cells: Row;
  /** Not for the blinded. */
  readonly tellsArms?: boolean;
}

/**
 * A table of a study. Its rows depend on the subject's events and the published definitions up to a position
 * and on nothing else; whatever identifies a subject is in none of them.
 */
export interface Dataset {
  readonly name: string;
  readonly label: string;
  readonly columns: readonly DatasetColumn[];
  /** In no particular order. */
  rows(subject: SubjectAt): Iterable<DatasetRow>;
  /**
   * What of a subject the rows follow from: where each part is the same, by `===`, after two acts, so are the
   * rows. Absent where any act may make them others.
   */
  basis?(subject: SubjectAt): readonly unknown[];
  /** Rows that are about no subject; absent where all are. */
  readonly studyRows?: readonly DatasetRow[];
}

export interface KeyedRow {
  readonly key: string;
  readonly cells: Row;
}

/** A dataset as an audience is given it. */
export interface SeenDataset {
  readonly table: Table;
  /** Of one subject, by key. */
  rows(subject: SubjectAt): KeyedRow[];
  /** Of rows of the dataset, what the audience is given, by key. */
  see(rows: Iterable<DatasetRow>): KeyedRow[];
  /** About no subject, by key. */
  readonly studyRows: readonly KeyedRow[];
  /** As of the dataset. */
  basis(subject: SubjectAt): readonly unknown[] | undefined;
}

/** Undefined for a dataset of which nothing is left for the audience. */
export function seenBy(dataset: Dataset, audience: Audience): SeenDataset | undefined {
  const { name, label, studyRows = [] } = dataset;
  const columns = dataset.columns.map(({ tellsArms: _, ...column }) => column);
  const shown = dataset.columns.flatMap(({ tellsArms }, at) => (tellsArms ? [] : [at]));
  if (audience === 'blinded' && !shown.some((at) => !leading.has(columns[at]!.name))) return undefined;
  const see = (rows: Iterable<DatasetRow>): KeyedRow[] =>
    audience === 'unblinded'
      ? sorted([...rows])
      : sorted(
          [...rows].flatMap(({ key, cells, tellsArms }) =>
            tellsArms ? [] : [{ key, cells: shown.map((at): Value => cells[at] ?? null) }],
          ),
        );
  return {
    table: {
      name,
      label,
      columns: audience === 'unblinded' ? columns : shown.map((at) => columns[at]!),
    },
    rows: (subject) => see(dataset.rows(subject)),
    see,
    studyRows: see(studyRows),
    basis: (subject) => dataset.basis?.(subject),
  };
}

/** By UTF-16 code units: an order that no locale changes. */
function sorted(rows: KeyedRow[]): KeyedRow[] {
  return rows.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Where a row belongs; alone they say nothing. */
export const placeColumns: readonly DatasetColumn[] = [
  { name: 'STUDYID', label: 'Study', type: 'string' },
  { name: 'SITEID', label: 'Site', type: 'string' },
  { name: 'SUBJID', label: 'Subject', type: 'string' },
];

export const formColumns: readonly DatasetColumn[] = [
  ...placeColumns,
  { name: 'VISIT', label: 'Visit', type: 'string' },
  { name: 'VISITREP', label: 'Repeat of the visit', type: 'integer' },
  { name: 'FORMREP', label: 'Repeat of the form', type: 'integer' },
  { name: 'ROWKEY', label: 'Row', type: 'string' },
  { name: 'COMPLETE', label: 'The form is complete', type: 'boolean' },
];

const leading = new Set(formColumns.map(({ name }) => name));
