import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The manifest of electronic signatures, a fold of the log. */
export class Signature1764000005000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE signature (
        study   text NOT NULL,
        subject text NOT NULL,
        number  integer NOT NULL,
        status  text NOT NULL,
        state   json NOT NULL,
        PRIMARY KEY (study, subject, number)
      );
      GRANT SELECT, INSERT, UPDATE ON signature TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
