import { randomBytes, randomUUID } from 'node:crypto';
import { type Database, type Installation, openInstallation, secretsFrom } from '#installation';
import { withDatabase } from './with-database.js';

/** Runs `work` with everything that stands behind the doors, on the installation's database. */
export function withInstallation(
  work: (installation: Installation, database: Database) => Promise<void>,
): Promise<void> {
  return withDatabase(async (database) => {
    const installation = await openInstallation(database.url, secretsFrom(database.keyEncryptionKey), {
      now: () => new Date(),
      random: randomBytes,
      uuid: randomUUID,
      onFault: (where, error) => process.stderr.write(`fault in ${where}: ${error}\n`),
    });
    try {
      await work(installation, database);
    } finally {
      await installation.close();
    }
  });
}
