import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Pool } from 'pg';
import {
  formatVerifierKey,
  type Hash,
  noteKey,
  privateKeyFromSeed,
  publicKeyBytes,
  signCheckpoint,
} from '#merkle';

/** A key that signs, or signed, checkpoints. */
export interface SigningKey {
  /** 32 bytes. */
  readonly public: Buffer;
  /** RFC 3339. */
  readonly from: string;
  /** Null for the current one. */
  readonly to: string | null;
}

interface Row {
  seed: Buffer;
  public: Buffer;
  valid_from: Date;
  valid_to: Date | null;
}

const NONCE = 12;
const TAG = 16;

/**
 * The installation's Ed25519 keys. One signs the checkpoints of all logs, each in the name of its own
 * origin; its seed is stored wrapped by the key-encryption key (AES-256-GCM, bound to the public key).
 * Putting another key in its place is an act of the database's owner, which nodes see when they start.
 */
export class SigningKeys {
  private signing: Promise<Buffer> | undefined;
  private installation: Promise<string> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly keyEncryptionKey: Uint8Array,
    private readonly random: (bytes: number) => Buffer,
  ) {}

  /** The 32-byte seed of the key that signs now, made at first need. @throws Error when it cannot be opened */
  current(): Promise<Buffer> {
    this.signing ??= this.open().catch((error) => {
      this.signing = undefined;
      throw error;
    });
    return this.signing;
  }

  /** The public halves of all keys, the current one first, then back in time. */
  async all(): Promise<SigningKey[]> {
    await this.current();
    const { rows } = await this.pool.query<Row>(
      'SELECT public, valid_from, valid_to FROM signing_key ORDER BY valid_to IS NOT NULL, id DESC',
    );
    return rows.map((row) => ({
      public: row.public,
      from: row.valid_from.toISOString(),
      to: row.valid_to?.toISOString() ?? null,
    }));
  }

  /** The identity of a log, and the name of the keys that speak for it. */
  async origin(log: string): Promise<string> {
    this.installation ??= this.readInstallation().catch((error) => {
      this.installation = undefined;
      throw error;
    });
    return `daybook/${await this.installation}/${log}`;
  }

  /** The verifier key of the key that signs a log's checkpoints now. */
  async verifierKey(log: string): Promise<string> {
    const key = privateKeyFromSeed(await this.current());
    return formatVerifierKey(noteKey(await this.origin(log), key));
  }

  /** A log's checkpoint as a signed note. Ed25519 is deterministic: the same head gives the same bytes. */
  async sign(log: string, size: number, root: Hash): Promise<string> {
    const origin = await this.origin(log);
    return signCheckpoint({ origin, size, root }, privateKeyFromSeed(await this.current()));
  }

  private async open(): Promise<Buffer> {
    const stored = (await this.read()) ?? (await this.create());
    return this.unwrap(stored);
  }

  private async read(): Promise<Row | undefined> {
    const { rows } = await this.pool.query<Row>('SELECT * FROM signing_key WHERE valid_to IS NULL');
    return rows[0];
  }

  private async create(): Promise<Row> {
    const seed = this.random(32);
    const publicKey = publicKeyBytes(privateKeyFromSeed(seed));
    await this.pool.query('INSERT INTO signing_key (seed, public) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      this.wrap(seed, publicKey),
      publicKey,
    ]);
    // Another node may have been first: what the table holds counts.
    return (await this.read())!;
  }

  private async readInstallation(): Promise<string> {
    const { rows } = await this.pool.query<{ id: string }>('SELECT id FROM installation');
    return rows[0]!.id;
  }

  private wrap(seed: Buffer, publicKey: Buffer): Buffer {
    const nonce = this.random(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.keyEncryptionKey, nonce).setAAD(publicKey);
    return Buffer.concat([nonce, cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  }

  private unwrap({ seed, public: publicKey }: Row): Buffer {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.keyEncryptionKey, seed.subarray(0, NONCE), {
        authTagLength: TAG,
      })
        .setAAD(publicKey)
        .setAuthTag(seed.subarray(-TAG));
      return Buffer.concat([decipher.update(seed.subarray(NONCE, -TAG)), decipher.final()]);
    } catch (cause) {
      throw new Error("the key-encryption key does not open this installation's signing key", { cause });
    }
  }
}
