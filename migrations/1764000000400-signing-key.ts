import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who signs the logs' checkpoints: the installation by its id, with keys that are added and never taken away. */
export class SigningKey1764000000400 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE installation (
        id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        one boolean NOT NULL UNIQUE DEFAULT true CHECK (one)
      );
      INSERT INTO installation DEFAULT VALUES;
      COMMENT ON TABLE installation IS 'one row; its id is part of the origin of every log';

      CREATE TABLE signing_key (
        id         serial PRIMARY KEY,
        seed       bytea NOT NULL,
        public     bytea NOT NULL,
        valid_from timestamptz NOT NULL DEFAULT now(),
        valid_to   timestamptz
      );
      CREATE UNIQUE INDEX signing_key_current ON signing_key ((true)) WHERE valid_to IS NULL;
      COMMENT ON COLUMN signing_key.seed IS 'Ed25519 seed, wrapped by the key-encryption key';

      GRANT SELECT ON installation TO daybook_service;
      GRANT SELECT, INSERT ON signing_key TO daybook_service;
      GRANT USAGE ON SEQUENCE signing_key_id_seq TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
