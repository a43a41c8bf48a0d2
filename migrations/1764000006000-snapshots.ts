import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Snapshots: what they are follows from the log; their files are kept as they were made, byte for byte. */
export class Snapshots1764000006000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE INDEX event_first ON event (log, stream COLLATE "C") WHERE revision = 0;
      COMMENT ON INDEX event_first IS 'streams in an order that no locale changes';

      CREATE TABLE snapshot (
        study     text NOT NULL,
        snapshot  text NOT NULL,
        number    integer NOT NULL,
        name      text NOT NULL,
        purpose   text NOT NULL,
        position  bigint NOT NULL,
        requested timestamptz NOT NULL,
        by        text NOT NULL,
        manifest  json,
        PRIMARY KEY (study, snapshot)
      );
      CREATE UNIQUE INDEX snapshot_number ON snapshot (study, number);
      COMMENT ON COLUMN snapshot.manifest IS 'null while its files are being made';

      CREATE TABLE snapshot_rows (
        study    text NOT NULL,
        snapshot text NOT NULL,
        dataset  text NOT NULL,
        audience text NOT NULL,
        nth      integer NOT NULL,
        rows     text NOT NULL,
        PRIMARY KEY (study, snapshot, dataset, audience, nth)
      );
      COMMENT ON TABLE snapshot_rows IS 'rows of a snapshot that is being made, in batches';

      CREATE TABLE snapshot_file (
        study    text NOT NULL,
        snapshot text NOT NULL,
        dataset  text NOT NULL,
        audience text NOT NULL,
        format   text NOT NULL,
        nth      integer NOT NULL,
        bytes    bytea NOT NULL,
        PRIMARY KEY (study, snapshot, dataset, audience, format, nth)
      );
      COMMENT ON TABLE snapshot_file IS 'files of snapshots, in pieces of equal size but the last';
      CREATE TABLE snapshot_progress (
        study    text NOT NULL,
        snapshot text NOT NULL,
        done     integer NOT NULL,
        total    integer NOT NULL,
        PRIMARY KEY (study, snapshot)
      );

      GRANT SELECT, INSERT, UPDATE ON snapshot, snapshot_progress TO daybook_service;
      GRANT SELECT, INSERT, DELETE ON snapshot_rows, snapshot_file TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
