import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Read models that follow the log by position. */
export class Following1764000000300 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE outcome (
        study       text NOT NULL,
        endpoint    text NOT NULL,
        subject     text NOT NULL,
        site        text NOT NULL,
        arm         text,
        start       date NOT NULL,
        "end"       date NOT NULL,
        days        integer NOT NULL,
        event       smallint NOT NULL,
        description text NOT NULL,
        PRIMARY KEY (study, endpoint, subject)
      );
      CREATE INDEX outcome_subject ON outcome (study, subject);
      CREATE TABLE audit_entry (
        study    text NOT NULL,
        position bigint NOT NULL,
        recorded timestamptz NOT NULL,
        actor    text NOT NULL,
        type     text NOT NULL,
        site     text,
        subject  text,
        visit    text,
        form     text,
        items    text[] NOT NULL,
        PRIMARY KEY (study, position)
      );
      COMMENT ON TABLE audit_entry IS 'where to look in the log: the columns by which the audit trail is filtered';
      CREATE INDEX audit_subject ON audit_entry (study, subject, position);
      CREATE INDEX audit_site ON audit_entry (study, site, position);
      CREATE INDEX audit_actor ON audit_entry (study, actor, position);
      GRANT SELECT, INSERT, UPDATE, DELETE ON outcome, audit_entry TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
