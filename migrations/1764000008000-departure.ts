import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Subjects as the sites knew them that they were transferred from. */
export class Departure1764000008000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE departure (
        study       text NOT NULL,
        subject     text NOT NULL,
        site        text NOT NULL,
        revision    integer NOT NULL,
        series      text NOT NULL,
        number      integer NOT NULL,
        status      text NOT NULL,
        arm         text,
        definition  integer NOT NULL,
        consented   date NOT NULL,
        enrolled    timestamptz NOT NULL,
        openqueries integer NOT NULL,
        PRIMARY KEY (study, subject, site)
      );
      CREATE INDEX departure_site ON departure (study, site, subject);
      GRANT SELECT, INSERT, UPDATE ON departure TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
