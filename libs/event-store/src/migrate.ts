import { DataSource, type MigrationInterface } from 'typeorm';

/** Applies the migrations that the database does not have yet, as its owner. Nodes that start together wait. */
export async function migrate(url: string, migrations: (new () => MigrationInterface)[]): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, migrations, migrationsTableName: 'migration' });
  await source.initialize();
  try {
    await source.query('SELECT pg_advisory_lock(hashtext($1))', ['daybook migrations']);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await source.destroy();
  }
}
