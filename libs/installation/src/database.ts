import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startEmbeddedPostgres } from '#embedded-postgres';
import type { Settings } from './settings.js';
import { StartError } from './start-error.js';

/** The database of this installation, and the key that all its other keys hang on. */
export interface Database {
  readonly url: string;
  readonly keyEncryptionKey: Buffer;
  /** Resolves when an embedded database ends without having been asked to; never otherwise. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** The PostgreSQL of DATABASE_URL, or our own under DATA_DIR. @throws StartError */
export async function openDatabase(
  { databaseUrl, dataDir, keyEncryptionKey }: Settings,
  random: (bytes: number) => Buffer,
): Promise<Database> {
  if (databaseUrl) {
    return {
      url: databaseUrl,
      keyEncryptionKey: keyEncryptionKey!,
      ended: new Promise(() => {}),
      stop: async () => {},
    };
  }
  const directory = resolve(dataDir);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const key = keyEncryptionKey ?? ownKey(join(directory, 'key-encryption-key'), random);
    const server = await startEmbeddedPostgres({
      dataDir: join(directory, 'pg'),
      newPassword: () => random(24).toString('base64url'),
    });
    return { url: server.url, keyEncryptionKey: key, ended: server.exited, stop: () => server.stop() };
  } catch (error) {
    throw new StartError(
      `the embedded PostgreSQL in ${directory} did not start: ${(error as Error).message}`,
    );
  }
}

/** Made at the first start. Whoever loses this file loses every identity and the log's signing key. */
function ownKey(file: string, random: (bytes: number) => Buffer): Buffer {
  try {
    return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const key = random(32);
    writeFileSync(file, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  }
}
