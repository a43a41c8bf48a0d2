import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each subject's visits are follows the log. */
export class Progress1764000007000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE progress (
        study   text NOT NULL,
        subject text NOT NULL,
        site    text NOT NULL,
        visits  json NOT NULL,
        PRIMARY KEY (study, subject)
      );
      CREATE INDEX progress_site ON progress (study, site);
      COMMENT ON COLUMN progress.visits IS 'visits in the order of the plan: forms planned, entered, complete, and from which day they are late';
      GRANT SELECT, INSERT, UPDATE, DELETE ON progress TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
