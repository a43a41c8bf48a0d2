import type { ClientBase } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { readModel, upsertRows } from '#event-store';
import { type CountedCell, cellChanges, cellsOf } from './visit-cell.js';
import type { VisitProgress } from './visit-progress.js';

/** One row a subject: what of it is counted. */
@Entity('progress')
export class ProgressRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('text') site!: string;
  @Column('json') visits!: readonly VisitProgress[];
}

export const progressRows = readModel(ProgressRow);

/** Puts rows of a study in the places of the subjects' earlier ones, and counts their visits instead of those. */
export async function replaceProgress(
  client: ClientBase,
  study: string,
  rows: readonly ProgressRow[],
): Promise<void> {
  const { rows: old } = await client.query<ProgressRow>({
    name: 'progress of',
    text: 'SELECT * FROM progress WHERE study = $1 AND subject = ANY($2)',
    values: [study, rows.map(({ subject }) => subject)],
  });
  const cells = (of: readonly ProgressRow[]) => of.flatMap(({ site, visits }) => cellsOf(site, visits));
  await upsertRows(client, [{ model: progressRows, rows }]);
  await countCells(client, study, cellChanges(cells(old), cells(rows)));
}

async function countCells(client: ClientBase, study: string, changes: readonly CountedCell[]): Promise<void> {
  if (changes.length === 0) return;
  const values = [study, JSON.stringify(changes)];
  await client.query({
    name: 'count cells',
    text: `INSERT INTO progress_cell (study, day, site, hash, shape, count)
           SELECT $1, day, site, md5(shape), shape, count
           FROM json_to_recordset($2) AS change(site text, day date, shape text, count integer)
           ON CONFLICT (study, day, site, hash) DO UPDATE SET count = progress_cell.count + excluded.count`,
    values,
  });
  await client.query({
    name: 'drop empty cells',
    text: `DELETE FROM progress_cell AS cell
           USING json_to_recordset($2) AS change(site text, day date, shape text, count integer)
           WHERE cell.study = $1 AND cell.day = change.day AND cell.site = change.site
             AND cell.hash = md5(change.shape) AND change.count < 0 AND cell.count = 0`,
    values,
  });
}
