import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';

/** The longest that a node that did not erase a key can still use it where no casebook is looked at. */
const REMEMBERED_MS = 5000;

/**
 * The data keys of subjects, each wrapped by the installation's key-encryption key (AES-256-GCM, bound to
 * study and subject). They stand outside the log: destroying one is what erases an identity. An erased
 * key's row stays, empty, so that no new key is ever made in its place.
 */
export class SubjectKeys {
  private readonly known = new LRUCache<string, Buffer>({ max: 5000, ttl: REMEMBERED_MS });

  constructor(
    private readonly pool: Pool,
    private readonly keyEncryptionKey: Uint8Array,
    private readonly random: (bytes: number) => Buffer,
  ) {}

  /** The subject's key, made at first need; undefined when it was erased. */
  async of(study: string, subject: string): Promise<Buffer | undefined> {
    const name = `${study}/${subject}`;
    const known = this.known.get(name);
    if (known) return known;
    const wrapped = (await this.read(study, subject)) ?? (await this.create(study, subject));
    if (!wrapped.key) return undefined;
    const key = this.unwrap(wrapped.key, name);
    this.known.set(name, key);
    return key;
  }

  /**
   * Erases the subject's key, or sees to it that none is ever made. Other nodes may still hold it for as long as
   * a key is remembered.
   *
   * @param client the transaction to do it in
   */
  async destroy(study: string, subject: string, client: Pick<Pool, 'query'> = this.pool): Promise<void> {
    await client.query(
      `INSERT INTO subject_key (study, subject, key) VALUES ($1, $2, NULL)
       ON CONFLICT (study, subject) DO UPDATE SET key = NULL`,
      [study, subject],
    );
    this.known.delete(`${study}/${subject}`);
  }

  /**
   * Tells whether two texts of a study are the same without telling either: HMAC-SHA-256, with a key for the
   * purpose and the study. Nobody without the installation's key can try texts out.
   */
  fingerprint(study: string, text: string): string {
    const key = createHmac('sha256', this.keyEncryptionKey).update(`fingerprint\0${study}`).digest();
    return createHmac('sha256', key).update(text).digest('base64');
  }

  private async read(study: string, subject: string): Promise<{ key: Buffer | null } | undefined> {
    const { rows } = await this.pool.query<{ key: Buffer | null }>(
      'SELECT key FROM subject_key WHERE study = $1 AND subject = $2',
      [study, subject],
    );
    return rows[0];
  }

  private async create(study: string, subject: string): Promise<{ key: Buffer | null }> {
    const wrapped = this.wrap(this.random(32), `${study}/${subject}`);
    await this.pool.query(
      'INSERT INTO subject_key (study, subject, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [study, subject, wrapped],
    );
    // Another node may have been first: what the table holds counts.
    return (await this.read(study, subject))!;
  }

  private wrap(key: Buffer, name: string): Buffer {
    const nonce = this.random(12);
    const cipher = createCipheriv('aes-256-gcm', this.keyEncryptionKey, nonce).setAAD(Buffer.from(name));
    return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  }

  private unwrap(wrapped: Buffer, name: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.keyEncryptionKey, wrapped.subarray(0, 12), {
      authTagLength: 16,
    })
      .setAAD(Buffer.from(name))
      .setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  }
}
