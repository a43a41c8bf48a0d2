import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Visits are counted as they change, so that a sum reads neither every subject nor every visit. */
export class ProgressCell1764000009000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE progress_cell (
        study text    NOT NULL,
        day   date    NOT NULL,
        site  text    NOT NULL,
        hash  text    NOT NULL,
        shape text    NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (study, day, site, hash)
      );
      COMMENT ON TABLE progress_cell IS 'how many visits of a site are alike, and from which day on they count';
      GRANT SELECT, INSERT, UPDATE, DELETE ON progress_cell TO daybook_service;
      DROP INDEX progress_site;
      -- The follower begins anew, and counts what it finds.
      DELETE FROM progress;
      DELETE FROM bookmark WHERE follower = 'progress';
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
