import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the checks that the day alone can fire have got, study by study. */
export class DailyCheck1764000008200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE daily_check (
        study   text PRIMARY KEY,
        day     date NOT NULL,
        reached text NOT NULL,
        done    boolean NOT NULL
      );
      COMMENT ON COLUMN daily_check.reached IS 'the last subject, by key, whose checks were run on the day';
      GRANT SELECT, INSERT, UPDATE ON daily_check TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
