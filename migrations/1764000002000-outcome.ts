import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outcomes say where their dates come from. The rows are made anew: they follow from the log. */
export class Outcome1764000002000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DELETE FROM outcome;
      DELETE FROM bookmark WHERE follower = 'outcomes';
      ALTER TABLE outcome
        ADD COLUMN imputed       text,
        ADD COLUMN "startSource" json NOT NULL,
        ADD COLUMN "endSource"   json;
      COMMENT ON COLUMN outcome.imputed IS 'of the end: D the day, M month and day';
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
