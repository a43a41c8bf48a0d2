import type { ClientBase, Pool } from 'pg';
import { type Caller, systemCaller } from '#access';
import { Recurring, type Runner } from '#commands';
import { withConnection } from '#event-store';
import { Problem } from '#problem';
import type { Studies } from '#study';
import type { CasebookCommands } from '../casebook.commands.js';

export interface DailySources {
  readonly pool: Pool;
  readonly studies: Studies;
  readonly runner: Runner<Caller>;
  readonly commands: Pick<CasebookCommands, 'RunDailyChecks'>;
  now(): Date;
  uuid(): string;
  onFault(where: string, error: unknown): void;
}

const LOOK_EVERY_MS = 10 * 60_000;
/** Casebooks that are checked before it is noted how far the day has got. */
const PAGE = 50;

/**
 * Once a day (UTC) runs the checks that read the day, on every casebook that has such: they can fire though nobody
 * does anything. Of several nodes one works at a page at a time; a day that was interrupted goes on where it was.
 */
export class DailyChecks extends Recurring {
  constructor(private readonly sources: DailySources) {
    super(
      LOOK_EVERY_MS,
      (isStopped) => this.run(isStopped),
      (error) => sources.onFault('daily checks', error),
    );
  }

  /** Does what is still to be done of today. */
  async run(isStopped: () => boolean = () => false): Promise<void> {
    const { pool, now } = this.sources;
    const day = now().toISOString().slice(0, 10);
    const { rows } = await pool.query<{ study: string }>('SELECT study FROM study ORDER BY study');
    for (const { study } of rows) while (!isStopped() && (await this.page(study, day)));
  }

  /** Checks the next casebooks of a study; false when all are, or another node is at it. */
  private page(study: string, day: string): Promise<boolean> {
    return withConnection(this.sources.pool, async (client) => {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO daily_check (study, day, reached, done) VALUES ($1, $2, '', false)
         ON CONFLICT (study) DO UPDATE SET day = $2, reached = '', done = false WHERE daily_check.day < $2`,
        [study, day],
      );
      const { rows } = await client.query<{ reached: string }>(
        'SELECT reached FROM daily_check WHERE study = $1 AND day = $2 AND NOT done FOR UPDATE SKIP LOCKED',
        [study, day],
      );
      const more = rows[0] !== undefined && (await this.checkAfter(client, study, rows[0].reached));
      await client.query('COMMIT');
      return more;
    });
  }

  private async checkAfter(client: ClientBase, study: string, reached: string): Promise<boolean> {
    const { rows } = await client.query<{ subject: string; definition: number }>(
      'SELECT subject, definition FROM subject WHERE study = $1 AND subject > $2 ORDER BY subject LIMIT $3',
      [study, reached, PAGE],
    );
    for (const { subject, definition } of rows) {
      const { expressions } = await this.sources.studies.version(study, definition);
      if (expressions.readsToday) await this.check(study, subject);
    }
    const done = rows.length < PAGE;
    await client.query('UPDATE daily_check SET reached = $2, done = $3 WHERE study = $1', [
      study,
      rows.at(-1)?.subject ?? reached,
      done,
    ]);
    return !done;
  }

  /** A casebook that cannot be checked does not keep the others from it. */
  private async check(study: string, subject: string): Promise<void> {
    const { runner, commands, uuid, onFault } = this.sources;
    const call = { log: study, caller: systemCaller('edit check'), key: uuid() };
    try {
      await runner.run(commands.RunDailyChecks, { subject }, call);
    } catch (error) {
      const held = error instanceof Problem && (error.code === 'locked' || error.code === 'frozen');
      if (!held) onFault(`daily checks of ${subject}`, error);
    }
  }
}
