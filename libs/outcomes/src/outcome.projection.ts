import type { ClientBase } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type RecordedEvent, readModel, upsertRows } from '#event-store';
import type { CompiledStudy, Studies } from '#study';
import { type Outcome, outcomesOf } from './outcome.js';
import { beginning, type Course, evolveCourse, type Origin } from './outcome-course.js';
import { endpointsTelling, itemsRead } from './outcome-reads.js';

/** One row a subject and endpoint. */
@Entity('outcome')
export class OutcomeRow implements Outcome {
  @PrimaryColumn('text') study!: string;
  @PrimaryColumn('text') endpoint!: string;
  @PrimaryColumn('text') subject!: string;
  @Column('text') site!: string;
  @Column('text', { nullable: true }) arm!: string | null;
  @Column('date') start!: string;
  @Column('date') end!: string;
  @Column('integer') days!: number;
  @Column('smallint') event!: Outcome['event'];
  @Column('text') description!: string;
  @Column('text', { nullable: true }) imputed!: Outcome['imputed'];
  @Column('json') startSource!: Origin;
  @Column('json', { nullable: true }) endSource!: Origin | null;
}

export const outcomeRows = readModel(OutcomeRow);

/** Every item that some version of a study computes outcomes from. */
export async function itemsReadIn(studies: Studies, study: string): Promise<ReadonlySet<string>> {
  const { versions } = await studies.publications(study);
  return new Set(versions.flatMap(({ definition }) => itemsRead(definition)));
}

/** The rows that follow from a casebook's events, from the first one. */
export async function outcomeRowsOf(
  history: readonly RecordedEvent[],
  studies: Studies,
): Promise<OutcomeRow[]> {
  const study = history[0]!.log;
  const read = await itemsReadIn(studies, study);
  const course = history.reduce((before, event) => evolveCourse(before, event, read), beginning);
  return rowsOfCourse(study, course, await studies.version(study, course.subject.definition));
}

export function rowsOfCourse(study: string, course: Course, definition: CompiledStudy): OutcomeRow[] {
  const { subject, site, arm } = course.subject;
  return outcomesOf(course, definition).map(({ endpoint, ...outcome }) => ({
    study,
    endpoint,
    subject,
    site,
    arm: arm?.code ?? null,
    ...outcome,
  }));
}

/** Makes these the only rows of their subjects. What stands there already is not written again. */
export async function replaceOutcomes(
  client: ClientBase,
  study: string,
  subjects: readonly string[],
  rows: readonly OutcomeRow[],
): Promise<void> {
  const { rows: old } = await client.query<OutcomeRow>({
    name: 'outcomes of',
    text: 'SELECT * FROM outcome WHERE study = $1 AND subject = ANY($2)',
    values: [study, subjects],
  });
  const standing = new Map(old.map((row) => [keyOf(row), textOf(row)]));
  const changed = rows.filter((row) => standing.get(keyOf(row)) !== textOf(row));
  if (changed.length > 0) await upsertRows(client, [{ model: outcomeRows, rows: changed }]);
  const current = new Set(rows.map(keyOf));
  const gone = old.filter((row) => !current.has(keyOf(row)));
  if (gone.length > 0) {
    await client.query(
      `DELETE FROM outcome WHERE study = $1
         AND (endpoint, subject) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
      [study, gone.map((row) => row.endpoint), gone.map((row) => row.subject)],
    );
  }
}

const keyOf = ({ endpoint, subject }: OutcomeRow) => `${endpoint} ${subject}`;
const textOf = (row: OutcomeRow) =>
  JSON.stringify(outcomeRows.columns.map((name) => row[name as keyof OutcomeRow]));

/** OIDs of the endpoints that tell the arms apart, as any of a study's versions has them. */
export async function endpointsTellingArmsApart(studies: Studies, study: string): Promise<string[]> {
  const { versions } = await studies.publications(study);
  const { item } = (await studies.lineage(study, versions.length)).readAs();
  return [
    ...endpointsTelling(
      versions.map(({ definition }) => definition),
      item,
    ),
  ];
}
