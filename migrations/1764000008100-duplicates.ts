import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What subjects are compared by, and who is to be looked at because it changed. */
export class Duplicates1764000008100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE subject_fingerprint (
        study   text NOT NULL,
        subject text NOT NULL,
        visit   text NOT NULL,
        form    text NOT NULL,
        items   text[] NOT NULL,
        hash    text NOT NULL,
        PRIMARY KEY (study, subject, visit, form, hash)
      );
      CREATE INDEX subject_fingerprint_hash ON subject_fingerprint (study, hash);
      COMMENT ON COLUMN subject_fingerprint.hash IS 'keyed: equal for equal texts, and told by nobody without the key';

      CREATE TABLE duplicate_due (
        study   text NOT NULL,
        subject text NOT NULL,
        PRIMARY KEY (study, subject)
      );
      GRANT SELECT, INSERT, DELETE ON subject_fingerprint TO daybook_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON duplicate_due TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
