import type { Pool } from 'pg';
import { type Caller, systemCaller } from '#access';
import { Recurring, type Runner } from '#commands';
import { withConnection } from '#event-store';
import type { CasebookCommands } from '../casebook.commands.js';

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
export class DuplicateWatch extends Recurring {
  constructor(private readonly sources: WatchSources) {
    super(
      LOOK_EVERY_MS,
      async (isStopped) => {
        const failed: string[] = [];
        while (!isStopped() && (await this.next(failed)));
      },
      (error) => sources.onFault('duplicate subjects', error),
    );
  }

  /** The next subject that is due; one that fails stays so, and does not hold up the others. */
  private next(failed: string[]): Promise<boolean> {
    const { pool, runner, commands, uuid, onFault } = this.sources;
    return withConnection(pool, async (client) => {
      await client.query('BEGIN');
      const { rows } = await client.query<{ study: string; subject: string }>(
        `DELETE FROM duplicate_due d USING (
           SELECT study, subject FROM duplicate_due WHERE study || ' ' || subject <> ALL($1)
           ORDER BY study, subject LIMIT 1 FOR UPDATE SKIP LOCKED) one
         WHERE d.study = one.study AND d.subject = one.subject RETURNING d.study, d.subject`,
        [failed],
      );
      const due = rows[0];
      let done = true;
      if (due) {
        const { study, subject } = due;
        const call = { log: study, caller: systemCaller('edit check'), key: uuid() };
        await runner.run(commands.ReconcileDuplicates, { subject }, call).catch((error) => {
          done = false;
          failed.push(`${study} ${subject}`);
          onFault(`duplicate subjects of ${study}`, error);
        });
      }
      await client.query(done ? 'COMMIT' : 'ROLLBACK');
      return due !== undefined;
    });
  }
}
