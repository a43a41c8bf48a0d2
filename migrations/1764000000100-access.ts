import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts (a fold of the installation's log), passwords and sessions (which are no part of any log). */
export class Access1764000000100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE app_user (
        id     uuid PRIMARY KEY,
        email  text NOT NULL,
        name   text NOT NULL,
        active boolean NOT NULL,
        grants jsonb NOT NULL
      );
      CREATE UNIQUE INDEX app_user_email ON app_user (lower(email));
      CREATE TABLE credential (
        id       uuid PRIMARY KEY,
        hash     text NOT NULL,
        position bigint NOT NULL
      );
      COMMENT ON COLUMN credential.hash IS 'argon2id, with its salt and strength';
      COMMENT ON COLUMN credential.position IS 'of the event that the password came with; -1 without one';
      CREATE TABLE refresh_token (
        hash    bytea PRIMARY KEY,
        family  uuid NOT NULL,
        "user"  uuid NOT NULL,
        expires timestamptz NOT NULL,
        used    boolean NOT NULL DEFAULT false
      );
      CREATE INDEX refresh_token_family ON refresh_token (family);
      GRANT SELECT, INSERT, UPDATE ON app_user, credential TO daybook_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_token TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
