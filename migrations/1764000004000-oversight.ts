import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is still to be verified follows the log; deaths to adjudicate are a fold of the casebook. */
export class Oversight1764000004000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE verification (
        study    text NOT NULL,
        subject  text NOT NULL,
        visit    text NOT NULL,
        form     text NOT NULL,
        site     text NOT NULL,
        planned  integer NOT NULL,
        verified integer NOT NULL,
        pending  json NOT NULL,
        PRIMARY KEY (study, subject, visit, form)
      );
      CREATE INDEX verification_pending ON verification (study, subject, visit, form) WHERE verified < planned;
      CREATE INDEX verification_site ON verification (study, site, subject, visit, form) WHERE verified < planned;
      CREATE TABLE adjudication (
        study   text NOT NULL,
        subject text NOT NULL,
        status  text NOT NULL,
        died    text,
        members text[] NOT NULL,
        PRIMARY KEY (study, subject)
      );
      CREATE INDEX adjudication_status ON adjudication (study, status, subject);
      GRANT SELECT, INSERT, UPDATE, DELETE ON verification, adjudication TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
