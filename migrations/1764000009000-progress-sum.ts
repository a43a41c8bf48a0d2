import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Visits are summed as they change, so that nobody who looks has to read every subject. */
export class ProgressSum1764000009000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE progress_sum (
        study    text    NOT NULL,
        told     boolean NOT NULL,
        day      date    NOT NULL,
        site     text    NOT NULL,
        expected integer NOT NULL,
        entered  integer NOT NULL,
        complete integer NOT NULL,
        overdue  integer NOT NULL,
        missed   integer NOT NULL,
        PRIMARY KEY (study, told, day, site)
      );
      COMMENT ON TABLE progress_sum IS 'forms and visits of a site that count from a day on: for those who are told of the arms, and for the others';
      GRANT SELECT, INSERT, UPDATE, DELETE ON progress_sum TO daybook_service;
      DROP INDEX progress_site;
      -- The follower begins anew, and sums up what it finds.
      DELETE FROM progress;
      DELETE FROM bookmark WHERE follower = 'progress';
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
