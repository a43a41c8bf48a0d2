import type { Pool } from 'pg';
import { Problem } from '#problem';
import type { ServerSecret } from '../server-secret.service.js';
import { lockSeconds, lockWaits } from './lockout.js';

/**
 * Failed sign-ins by account, for all nodes and beyond a restart. What was given as the account is kept as a
 * keyed hash: it may be anything, a password typed into the wrong field too. Accounts that do not exist are
 * locked like those that do, or the lock would tell them apart.
 */
export class Lockouts {
  constructor(
    private readonly pool: Pool,
    private readonly secret: ServerSecret,
    private readonly now: () => Date,
  ) {}

  /**
   * Counts an attempt as failed before it is looked at: many at once are no more guesses than many in a row.
   *
   * @returns how many failures there were in a row if this is one, and for how long it locks the account
   * @throws Problem too-many-requests while the account is locked
   */
  async begin(account: string): Promise<{ failures: number; locked: number }> {
    const values = [this.nameOf(account), this.now()];
    const { rows } = await this.pool.query<{ count: number }>(
      `INSERT INTO sign_in_failure AS f (account, count, last, until) VALUES ($1, 1, $2, $2)
       ON CONFLICT (account) DO UPDATE SET (count, last, until) = (
         SELECT n, $2, $2::timestamptz + make_interval(secs => ($3::int[])[least(n, cardinality($3::int[]))])
         FROM (SELECT CASE WHEN f.last < $2::timestamptz - interval '1 day' THEN 1 ELSE f.count + 1 END AS n) AS next)
       WHERE f.until <= $2 RETURNING count`,
      [...values, lockWaits],
    );
    if (rows[0]) return { failures: rows[0].count, locked: lockSeconds(rows[0].count) };
    const { rows: locks } = await this.pool.query<{ seconds: number }>(
      'SELECT ceil(extract(epoch FROM until - $2))::int AS seconds FROM sign_in_failure WHERE account = $1',
      values,
    );
    throw new Problem('too-many-requests', 'Too many failed attempts; wait before the next.', {
      extensions: { retryAfter: Math.max(locks[0]?.seconds ?? 1, 1) },
    });
  }

  /** Forgets the failures of an account, and those of others that are old. */
  async succeeded(account: string): Promise<void> {
    await this.pool.query(
      `DELETE FROM sign_in_failure WHERE account = $1 OR last < $2::timestamptz - interval '1 day'`,
      [this.nameOf(account), this.now()],
    );
  }

  private nameOf(account: string): Buffer {
    return this.secret.of('failed sign-ins', account.toLowerCase());
  }
}
