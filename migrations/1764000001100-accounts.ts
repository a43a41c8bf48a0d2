import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Service accounts, second factors, failed sign-ins and what tells one session from another. */
export class Accounts1764000001100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE app_user ALTER email DROP NOT NULL, ADD factor uuid;
      COMMENT ON COLUMN app_user.email IS 'null for a service account';
      COMMENT ON COLUMN app_user.factor IS 'the second factor that sign-in asks for, if any';

      CREATE TABLE client_secret (
        id       uuid PRIMARY KEY,
        hash     bytea NOT NULL,
        position bigint NOT NULL
      );
      COMMENT ON COLUMN client_secret.hash IS 'SHA-256 of 256 bits that nobody chose';
      COMMENT ON COLUMN client_secret.position IS 'of the event that the secret came with';

      CREATE TABLE second_factor (
        id        uuid PRIMARY KEY,
        "user"    uuid NOT NULL,
        seed      bytea NOT NULL,
        last_step bigint NOT NULL DEFAULT -1,
        made      timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX second_factor_user ON second_factor ("user", made);
      COMMENT ON COLUMN second_factor.seed IS 'wrapped by the key-encryption key';
      COMMENT ON COLUMN second_factor.last_step IS 'of the last code that was taken: none is taken twice';
      CREATE TABLE recovery_code (
        factor uuid NOT NULL,
        hash   bytea NOT NULL,
        used   boolean NOT NULL DEFAULT false,
        PRIMARY KEY (factor, hash)
      );

      CREATE TABLE sign_in_failure (
        account bytea PRIMARY KEY,
        count   integer NOT NULL,
        last    timestamptz NOT NULL,
        until   timestamptz NOT NULL
      );
      COMMENT ON COLUMN sign_in_failure.account IS 'keyed hash of what was given as the account, known or not';

      ALTER TABLE refresh_token ADD begun timestamptz NOT NULL DEFAULT now(),
        ADD issued timestamptz NOT NULL DEFAULT now();
      CREATE INDEX refresh_token_user ON refresh_token ("user");

      GRANT SELECT, INSERT, UPDATE ON client_secret, second_factor, recovery_code TO daybook_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_failure TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
