import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '#embedded-postgres';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A superuser's connection to the PostgreSQL that serves this run. */
    databaseUrl: string;
  }
}

/** Gives the run a PostgreSQL: the one of TEST_DATABASE_URL, or one of its own that is gone afterwards. */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) {
    provide('databaseUrl', given);
    return undefined;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'daybook-test-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  try {
    const server = await startEmbeddedPostgres({
      dataDir,
      newPassword: () => randomBytes(16).toString('hex'),
      settings: { fsync: 'off', max_connections: '200' },
    });
    provide('databaseUrl', server.url);
    return () => server.stop().then(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}
