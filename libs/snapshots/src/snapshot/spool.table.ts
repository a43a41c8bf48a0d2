import type { Pool } from 'pg';
import type { Row, Rows, Table } from '#tabular';
import type { Audience, DatasetRow, KeyedRow, SeenDataset } from '../dataset.js';

const BATCH = 2000;

/**
 * The rows of one dataset of a snapshot that is being made, put aside in batches: some formats say how many
 * rows there are, and how long texts get, before the first of them.
 */
export class Spool {
  rows = 0;
  private batches = 0;
  private waiting: Row[] = [];
  private readonly lengths: number[];
  private readonly place: readonly string[];

  constructor(
    private readonly pool: Pool,
    study: string,
    snapshot: string,
    readonly audience: Audience,
    private readonly dataset: SeenDataset,
  ) {
    this.place = [study, snapshot, dataset.table.name, audience];
    this.lengths = dataset.table.columns.map(() => 0);
  }

  /** Before the first subject. */
  async begin(): Promise<void> {
    await this.put(this.dataset.studyRows);
  }

  /** Those of a subject. */
  async add(rows: Iterable<DatasetRow>): Promise<void> {
    await this.put(this.dataset.see(rows));
  }

  /** Of two audiences one is given a part of what the other is: as much of it is the same. */
  isAll(of: Spool): boolean {
    return this.rows === of.rows && this.lengths.length === of.lengths.length;
  }

  private async put(rows: readonly KeyedRow[]): Promise<void> {
    for (const { cells } of rows) {
      for (const [at, cell] of cells.entries())
        if (typeof cell === 'string') this.lengths[at] = Math.max(this.lengths[at]!, Buffer.byteLength(cell));
      this.waiting.push(cells);
      this.rows += 1;
    }
    if (this.waiting.length >= BATCH) await this.flush();
  }

  /** After the last subject. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    await this.pool.query(
      'INSERT INTO snapshot_rows (study, snapshot, dataset, audience, nth, rows) VALUES ($1, $2, $3, $4, $5, $6)',
      [...this.place, this.batches++, JSON.stringify(this.waiting)],
    );
    this.waiting = [];
  }

  /** With how long its texts are. */
  table(): Table {
    const { table } = this.dataset;
    const columns = table.columns.map((column, at) =>
      column.type === 'string' ? { ...column, length: Math.max(this.lengths[at]!, 1) } : column,
    );
    return { ...table, columns };
  }

  async *read(): Rows {
    for (let nth = 0; nth < this.batches; nth++) {
      const { rows } = await this.pool.query<{ rows: string }>(
        `SELECT rows FROM snapshot_rows
         WHERE study = $1 AND snapshot = $2 AND dataset = $3 AND audience = $4 AND nth = $5`,
        [...this.place, nth],
      );
      yield JSON.parse(rows[0]!.rows);
    }
  }
}

/** What is put aside of a snapshot is no longer needed, or of an attempt that did not end. */
export async function emptySpool(pool: Pool, study: string, snapshot: string): Promise<void> {
  await pool.query('DELETE FROM snapshot_rows WHERE study = $1 AND snapshot = $2', [study, snapshot]);
}
