import type { Pool } from 'pg';
import { type Caller, systemCaller } from '#access';
import type { Runner } from '#commands';
import type { CasebookCommands } from './casebook.commands.js';

export interface WatchSources {
  readonly pool: Pool;
  readonly runner: Runner<Caller>;
  readonly commands: Pick<CasebookCommands, 'ReconcileDuplicates'>;
  uuid(): string;
  onFault(where: string, error: unknown): void;
}

const LOOK_EVERY_MS = 1000;

/**
 * Asks the sites of subjects who are due because their fingerprints changed, or those of subjects like them. Of
 * several nodes each takes other subjects; one whose node fails is due again, and what was asked is not asked twice.
 */
export class DuplicateWatch {
  private stopped = false;
  private working: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly sources: WatchSources) {}

  start(): void {
    this.working = this.work().then(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.start(), LOOK_EVERY_MS).unref();
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    const failed: string[] = [];
    try {
      while (!this.stopped && (await this.next(failed)));
    } catch (error) {
      if (!this.stopped) this.sources.onFault('duplicate subjects', error);
    }
  }

  /** The next subject that is due; one that fails stays so, and does not hold up the others. */
  private async next(failed: string[]): Promise<boolean> {
    const { pool, runner, commands, uuid, onFault } = this.sources;
    const client = await pool.connect();
    // A connection lost between two statements fails the next one; unheard, it would end the process.
    client.on('error', unheard);
    let lost = true;
    try {
      await client.query('BEGIN');
      const { rows } = await client.query<{ study: string; subject: string }>(
        `DELETE FROM duplicate_due d USING (
           SELECT study, subject FROM duplicate_due WHERE study || ' ' || subject <> ALL($1)
           ORDER BY study, subject LIMIT 1 FOR UPDATE SKIP LOCKED) one
         WHERE d.study = one.study AND d.subject = one.subject RETURNING d.study, d.subject`,
        [failed],
      );
      const due = rows[0];
      if (due) {
        const { study, subject } = due;
        const call = { log: study, caller: systemCaller('edit check'), key: uuid() };
        const done = await runner.run(commands.ReconcileDuplicates, { subject }, call).catch((error) => {
          onFault(`duplicate subjects of ${study}`, error);
        });
        if (!done) failed.push(`${study} ${subject}`);
        await client.query(done ? 'COMMIT' : 'ROLLBACK');
      } else await client.query('COMMIT');
      lost = false;
      return due !== undefined;
    } finally {
      client.off('error', unheard);
      client.release(lost);
    }
  }
}

const unheard = () => {};
