import type { ClientBase, Pool } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Sites, siteList } from '#access';
import { type ReadModel, type RowSet, readModel, upsertRows } from '#event-store';
import type { Telling } from './tells-arms.js';
import type { VisitProgress } from './visit-progress.js';
import { type DaySums, placeOf, sumChanges, sumsOf, Totals, type VisitSums } from './visit-sums.js';

/** One row a subject: what its part in the sums follows from. */
@Entity('progress')
export class ProgressRow {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('text') site!: string;
  @Column('json') visits!: readonly VisitProgress[];
}

export const progressRows = readModel(ProgressRow);

export const progressSumRows: ReadModel = {
  table: 'progress_sum',
  columns: ['study', 'told', 'day', 'site', 'expected', 'entered', 'complete', 'overdue', 'missed'],
  key: ['study', 'told', 'day', 'site'],
};

const PAGE = 1000;

/** Puts rows of a study in the places of the subjects' earlier ones, also in the sums. */
export async function replaceProgress(
  client: ClientBase,
  study: string,
  rows: readonly ProgressRow[],
  telling: Telling,
): Promise<void> {
  if (rows.length === 0) return;
  const { rows: old } = await client.query<ProgressRow>({
    name: 'progress of',
    text: 'SELECT * FROM progress WHERE study = $1 AND subject = ANY($2)',
    values: [study, rows.map(({ subject }) => subject)],
  });
  await upsertRows(client, [{ model: progressRows, rows }]);
  await addSums(client, study, sumChanges(partsOf(old, telling), partsOf(rows, telling)));
}

/** Sums all subjects of a study up again: what tells the arms apart is something else. */
export async function sumAgain(client: ClientBase, study: string, telling: Telling): Promise<void> {
  await client.query('DELETE FROM progress_sum WHERE study = $1', [study]);
  for (let after = ''; ; ) {
    const { rows } = await client.query<ProgressRow>(
      'SELECT * FROM progress WHERE study = $1 AND subject > $2 ORDER BY subject LIMIT $3',
      [study, after, PAGE],
    );
    if (rows.length === 0) return;
    await addSums(client, study, sumChanges([], partsOf(rows, telling)));
    after = rows.at(-1)!.subject;
  }
}

/** The sums of a study's subjects, who come one after the other. */
export class Summing {
  private readonly totals = new Totals(placeOf);

  constructor(
    private readonly study: string,
    private readonly telling: Telling,
  ) {}

  add(row: ProgressRow): void {
    for (const part of partsOf([row], this.telling)) this.totals.add(part);
  }

  rows(): RowSet {
    const rows = this.totals.all().map((sums) => ({ study: this.study, ...sums }));
    return { model: progressSumRows, rows };
  }
}

const partsOf = (rows: readonly ProgressRow[], telling: Telling) =>
  rows.flatMap(({ site, visits }) => sumsOf(site, visits, telling));

const CHANGES = `json_to_recordset($2) AS change(
  told boolean, day date, site text, expected integer, entered integer, complete integer, overdue integer, missed integer)`;

async function addSums(client: ClientBase, study: string, changes: readonly DaySums[]): Promise<void> {
  if (changes.length === 0) return;
  const values = [study, JSON.stringify(changes)];
  await client.query({
    name: 'add sums',
    text: `INSERT INTO progress_sum AS sum (study, told, day, site, expected, entered, complete, overdue, missed)
           SELECT $1, told, day, site, expected, entered, complete, overdue, missed FROM ${CHANGES}
           ON CONFLICT (study, told, day, site) DO UPDATE SET
             expected = sum.expected + excluded.expected, entered = sum.entered + excluded.entered,
             complete = sum.complete + excluded.complete, overdue = sum.overdue + excluded.overdue,
             missed = sum.missed + excluded.missed`,
    values,
  });
  await client.query({
    name: 'drop empty sums',
    text: `DELETE FROM progress_sum AS sum USING ${CHANGES}
           WHERE sum.study = $1 AND sum.told = change.told AND sum.day = change.day AND sum.site = change.site
             AND sum.expected = 0`,
    values,
  });
}

/** What counts on a day at a study's sites; at the unblinded ones also what tells the arms apart. */
export async function readSums(
  pool: Pool,
  {
    study,
    sites,
    unblinded,
    today,
  }: {
    readonly study: string;
    readonly sites: Sites;
    readonly unblinded: Sites;
    readonly today: string;
  },
): Promise<VisitSums[]> {
  const { rows } = await pool.query<VisitSums>(
    `SELECT site, sum(expected)::integer AS expected, sum(entered)::integer AS entered,
       sum(complete)::integer AS complete, sum(overdue)::integer AS overdue, sum(missed)::integer AS missed
     FROM progress_sum
     WHERE study = $1 AND told = ($2::text[] IS NULL OR site = ANY($2)) AND day <= $3
       AND ($4::text[] IS NULL OR site = ANY($4))
     GROUP BY site`,
    [study, siteList(unblinded), today, siteList(sites)],
  );
  return rows;
}
