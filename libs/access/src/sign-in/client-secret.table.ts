import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';

const NONE = Buffer.alloc(32);

/** Secrets of service accounts: 256 bits that nobody chose, so that SHA-256 keeps them. */
export class ClientSecrets {
  constructor(private readonly pool: Pool) {}

  /** @param position of the event that the secret came with: a retry never undoes a later change. */
  async set(account: string, secret: string, position: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO client_secret (id, hash, position) VALUES ($1, $2, $3)
       ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, position = excluded.position
       WHERE client_secret.position < excluded.position`,
      [account, hashOf(secret), position],
    );
  }

  /** The active account with this id and secret. */
  async check(account: string, secret: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string; hash: Buffer }>(
      'SELECT u.id, s.hash FROM app_user u JOIN client_secret s USING (id) WHERE u.id::text = $1 AND u.active',
      [account],
    );
    const fits = timingSafeEqual(rows[0]?.hash ?? NONE, hashOf(secret));
    return fits ? rows[0]?.id : undefined;
  }
}

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();
