import { randomBytes } from 'node:crypto';
import { type Database, openDatabase, readSettings } from '#installation';

/** Runs `work` on the installation's database, which is started and stopped around it where it is embedded. */
export async function withDatabase(work: (database: Database) => Promise<void>): Promise<void> {
  const database = await openDatabase(readSettings(process.env), randomBytes);
  try {
    await work(database);
  } finally {
    await database.stop();
  }
}
