import type { ClientBase } from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type Casebook, type Change, casebooks } from '#casebook';
import { advance } from '#commands';
import { type Fold, type RecordedEvent, type RowSet, readModel, readStream, upsertRows } from '#event-store';
import type { Milestones, Studies } from '#study';
import { type Outcome, outcomesOf } from './outcome.js';

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
}

export const outcomeRows = readModel(OutcomeRow);

/**
 * Follows the log: recomputes the outcomes of every subject of whom an event could have changed them. Most
 * events cannot, and cost nothing here.
 */
export function foldOutcomes(studies: Studies): Fold {
  return async (client, log, events) => {
    const { versions } = await studies.publications(log);
    const read = new Set(versions.flatMap(({ definition }) => itemsRead(definition.milestones)));
    const streams = new Set(events.filter((event) => canMatter(event, read)).map((event) => event.stream));
    for (const stream of streams) {
      const history = await readStream(client, log, stream, -1, events.at(-1)!.position);
      await replaceOutcomes(client, await outcomeRowsOf(history, studies));
    }
  };
}

/** Items that outcomes are read from. */
function itemsRead({ inclusion, death, causeOfDeath, lastAlive }: Milestones): string[] {
  return [inclusion, death, ...causeOfDeath, ...lastAlive].filter((item) => item !== undefined);
}

function canMatter({ type, data }: RecordedEvent, read: ReadonlySet<string>): boolean {
  if (type === 'ArmAllocated' || type === 'DefinitionAdopted') return true;
  const { changes = [] } = data as { changes?: readonly Change[] };
  return changes.some((change) => read.has(change.item));
}

/** The rows that follow from a casebook's events, from the first one. */
export async function outcomeRowsOf(
  history: readonly RecordedEvent[],
  studies: Studies,
): Promise<OutcomeSet> {
  const study = history[0]!.log;
  const casebook = advance(
    { state: casebooks.initial, revision: -1, position: -1 },
    casebooks,
    history,
  ).state;
  const outcomes = outcomesOf(casebook, await studies.version(study, casebook.definition));
  return { study, casebook, rows: outcomes.map((outcome) => outcomeRow(study, casebook, outcome)) };
}

interface OutcomeSet {
  readonly study: string;
  readonly casebook: Casebook;
  readonly rows: OutcomeRow[];
}

function outcomeRow(study: string, { subject, site, arm }: Casebook, outcome: Outcome): OutcomeRow {
  return { study, subject, site, arm: arm?.code ?? null, ...outcome };
}

async function replaceOutcomes(client: ClientBase, { study, casebook, rows }: OutcomeSet): Promise<void> {
  await client.query('DELETE FROM outcome WHERE study = $1 AND subject = $2', [study, casebook.subject]);
  const sets: RowSet[] = [{ model: outcomeRows, rows }];
  if (rows.length > 0) await upsertRows(client, sets);
}
