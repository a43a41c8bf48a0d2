import type { Pool } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RowSet, readModel } from '#event-store';
import type { Manifest, Snapshots } from './snapshot.js';

/** One row a snapshot. */
@Entity('snapshot')
export class SnapshotRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') snapshot!: string;
  @Column('integer') number!: number;
  @Column('text') name!: string;
  @Column('text') purpose!: string;
  @Column('bigint') position!: number;
  @Column('timestamptz') requested!: Date | string;
  @Column('text') by!: string;
  @Column('json', { nullable: true }) manifest!: Manifest | null;
}

export const snapshotRows = readModel(SnapshotRow);

export function projectSnapshots(before: Snapshots, after: Snapshots, study: string): RowSet[] {
  const rows = after.flatMap((one, i): SnapshotRow[] => {
    if (before[i] === one) return [];
    const { snapshot, name, purpose, position, requestedAt, by, manifest = null } = one;
    return [
      { study, snapshot, number: i + 1, name, purpose, position, requested: requestedAt, by, manifest },
    ];
  });
  return [{ model: snapshotRows, rows }];
}

/** In the order in which they were asked for, after a number. */
export async function listSnapshots(
  pool: Pool,
  study: string,
  after: number,
  limit: number,
): Promise<SnapshotRow[]> {
  const { rows } = await pool.query<SnapshotRow>(
    'SELECT * FROM snapshot WHERE study = $1 AND number > $2 ORDER BY number LIMIT $3',
    [study, after, limit],
  );
  return rows;
}

export async function readSnapshot(
  pool: Pool,
  study: string,
  snapshot: string,
): Promise<SnapshotRow | undefined> {
  const { rows } = await pool.query<SnapshotRow>(
    'SELECT * FROM snapshot WHERE study = $1 AND snapshot = $2',
    [study, snapshot],
  );
  return rows[0];
}

/** Those that are still to be made, of all studies. */
export async function unfinishedSnapshots(pool: Pool): Promise<SnapshotRow[]> {
  const { rows } = await pool.query<SnapshotRow>(
    'SELECT * FROM snapshot WHERE manifest IS NULL ORDER BY requested, study',
  );
  return rows;
}

/** How many of the subjects are read; null before the first. */
export async function readProgress(
  pool: Pool,
  { study, snapshot }: SnapshotRow,
): Promise<{ subjects: number; of: number } | null> {
  const { rows } = await pool.query<{ done: number; total: number }>(
    'SELECT done, total FROM snapshot_progress WHERE study = $1 AND snapshot = $2',
    [study, snapshot],
  );
  return rows[0] ? { subjects: rows[0].done, of: rows[0].total } : null;
}
