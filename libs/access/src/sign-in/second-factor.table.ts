import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { stepOf } from './totp.js';

/**
 * Seeds of second factors (TOTP, RFC 6238), wrapped by the key-encryption key and bound to their factor, and
 * hashes of the recovery codes. Which factor an account has, its events say.
 */
export class SecondFactors {
  constructor(
    private readonly pool: Pool,
    private readonly keyEncryptionKey: Uint8Array,
    private readonly random: (bytes: number) => Buffer,
    private readonly now: () => Date,
  ) {}

  /** Keeps a seed for later; one that is kept already stays. */
  async keep(factor: string, user: string, seed: Uint8Array): Promise<void> {
    await this.pool.query(
      'INSERT INTO second_factor (id, "user", seed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [factor, user, this.wrap(seed, factor)],
    );
  }

  /** The factor that a user was given last, confirmed or not. */
  async latestOf(user: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ id: string }>(
      'SELECT id FROM second_factor WHERE "user" = $1 ORDER BY made DESC LIMIT 1',
      [user],
    );
    return rows[0]?.id;
  }

  async fits(factor: string, code: string): Promise<boolean> {
    const seed = await this.seedOf(factor);
    return seed !== undefined && stepOf(seed, code, this.now()) !== undefined;
  }

  /** Uses a code up, or a recovery code: of each, the first who brings it is let in and nobody after. */
  async take(factor: string, code: string): Promise<boolean> {
    const seed = await this.seedOf(factor);
    const step = seed && stepOf(seed, code, this.now());
    const { rowCount } =
      step === undefined
        ? await this.pool.query(
            'UPDATE recovery_code SET used = true WHERE factor = $1 AND hash = $2 AND NOT used',
            [factor, hashOf(code)],
          )
        : await this.pool.query('UPDATE second_factor SET last_step = $2 WHERE id = $1 AND last_step < $2', [
            factor,
            step,
          ]);
    return rowCount === 1;
  }

  async keepRecoveryCodes(factor: string, codes: readonly string[]): Promise<void> {
    await this.pool.query(
      'INSERT INTO recovery_code (factor, hash) SELECT $1, unnest($2::bytea[]) ON CONFLICT DO NOTHING',
      [factor, codes.map(hashOf)],
    );
  }

  private async seedOf(factor: string): Promise<Buffer | undefined> {
    const { rows } = await this.pool.query<{ seed: Buffer }>('SELECT seed FROM second_factor WHERE id = $1', [
      factor,
    ]);
    return rows[0] && this.unwrap(rows[0].seed, factor);
  }

  private wrap(seed: Uint8Array, factor: string): Buffer {
    const nonce = this.random(12);
    const cipher = createCipheriv('aes-256-gcm', this.keyEncryptionKey, nonce).setAAD(Buffer.from(factor));
    return Buffer.concat([nonce, cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  }

  private unwrap(wrapped: Buffer, factor: string): Buffer {
    const options = { authTagLength: 16 };
    const decipher = createDecipheriv('aes-256-gcm', this.keyEncryptionKey, wrapped.subarray(0, 12), options)
      .setAAD(Buffer.from(factor))
      .setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  }
}

/** A code is drawn from 80 bits or more, so that a fast hash is enough. */
const hashOf = (code: string) => createHash('sha256').update(code).digest();
