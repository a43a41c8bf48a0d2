import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models of studies, sites and casebooks, all of them folds of the log; and the subjects' data keys. */
export class Casebook1764000000200 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE study (
        study   text PRIMARY KEY,
        name    text NOT NULL,
        version integer NOT NULL
      );
      CREATE TABLE site (
        study   text NOT NULL,
        site    text NOT NULL,
        name    text NOT NULL,
        country text NOT NULL,
        open    boolean NOT NULL,
        PRIMARY KEY (study, site)
      );
      CREATE TABLE subject (
        study       text NOT NULL,
        subject     text NOT NULL,
        site        text NOT NULL,
        series      text NOT NULL,
        number      integer NOT NULL,
        status      text NOT NULL,
        arm         text,
        definition  integer NOT NULL,
        consented   date NOT NULL,
        enrolled    timestamptz NOT NULL,
        openqueries integer NOT NULL,
        PRIMARY KEY (study, subject)
      );
      CREATE INDEX subject_site ON subject (study, site, subject);
      CREATE UNIQUE INDEX subject_number ON subject (study, series, number);
      CREATE TABLE form (
        study    text NOT NULL,
        subject  text NOT NULL,
        visit    text NOT NULL,
        form     text NOT NULL,
        complete boolean NOT NULL,
        state    json NOT NULL,
        PRIMARY KEY (study, subject, visit, form)
      );
      CREATE TABLE query (
        study   text NOT NULL,
        subject text NOT NULL,
        number  integer NOT NULL,
        site    text NOT NULL,
        status  text NOT NULL,
        raised  timestamptz NOT NULL,
        state   json NOT NULL,
        PRIMARY KEY (study, subject, number)
      );
      CREATE INDEX query_status ON query (study, status, subject, number);
      CREATE TABLE subject_key (
        study   text NOT NULL,
        subject text NOT NULL,
        key     bytea,
        PRIMARY KEY (study, subject)
      );
      COMMENT ON COLUMN subject_key.key IS 'wrapped data key; null once erased';
      GRANT SELECT, INSERT, UPDATE ON study, site, subject, form, query, subject_key TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
