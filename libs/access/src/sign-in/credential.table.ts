import { hash, verify } from '@node-rs/argon2';
import type { Pool } from 'pg';

/** argon2id at the strength that OWASP's password storage guide gives as its first choice. */
const ARGON2ID = 2;
const STRENGTH = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Passwords, never stored readably and never in a log. */
export class Credentials {
  private readonly decoy: Promise<string>;

  constructor(
    private readonly pool: Pool,
    random: (bytes: number) => Buffer,
  ) {
    this.decoy = hash(random(16), STRENGTH);
  }

  /**
   * @param position of the event that the password came with, if it came with one: a retry then completes
   *   what was cut short after the event, and never undoes a later change.
   */
  async set(user: string, password: string, position?: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO credential (id, hash, position) VALUES ($1, $2, coalesce($3::bigint, -1))
       ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, position = greatest(credential.position, excluded.position)
       WHERE $3::bigint IS NULL OR credential.position < $3`,
      [user, await hash(password, STRENGTH), position],
    );
  }

  /** The active account with this e-mail and password. Takes as long for an account that does not exist. */
  async check(email: string, password: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string; hash: string }>(
      'SELECT u.id, c.hash FROM app_user u JOIN credential c USING (id) WHERE lower(u.email) = lower($1) AND u.active',
      [email],
    );
    const known = rows[0];
    const fits = await verify(known?.hash ?? (await this.decoy), password);
    return known && fits ? known.id : undefined;
  }
}
