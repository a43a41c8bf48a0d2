import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A site that a subject left keeps its lists of queries and signatures as they then were. Of departures before this
 * migration a rebuild of the read models makes them.
 */
export class DepartureLists1764000011000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE departure
        ADD COLUMN departed   timestamptz,
        ADD COLUMN queries    json NOT NULL DEFAULT '[]',
        ADD COLUMN signatures json NOT NULL DEFAULT '[]';
      UPDATE departure d SET departed = e.recorded_at
        FROM event e
        WHERE e.log = d.study AND e.stream = 'subject/' || d.subject AND e.revision = d.revision + 1;
      ALTER TABLE departure ALTER COLUMN departed SET NOT NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
