import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log: one gapless sequence of events a study, and nothing that could change one. The service's role
 * can only insert and read; a trigger refuses everything else even to the owner.
 */
export class Log1764000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DO $$ BEGIN
        CREATE ROLE daybook_service NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$;
      DO $$ BEGIN EXECUTE format('GRANT daybook_service TO %I', current_user); END $$;

      CREATE TABLE log_head (
        log         text PRIMARY KEY,
        size        bigint NOT NULL DEFAULT 0,
        recorded_at timestamptz NOT NULL DEFAULT 'epoch'
      );

      CREATE TABLE event (
        log         text NOT NULL,
        position    bigint NOT NULL,
        revision    integer NOT NULL,
        recorded_at timestamptz NOT NULL,
        key         uuid,
        leaf_hash   bytea NOT NULL,
        stream      text NOT NULL,
        type        text NOT NULL,
        entry       text NOT NULL,
        PRIMARY KEY (log, position)
      );
      CREATE UNIQUE INDEX event_stream ON event (log, stream, revision);
      CREATE UNIQUE INDEX event_key ON event (log, key) WHERE key IS NOT NULL;
      COMMENT ON COLUMN event.entry IS 'canonical JSON (RFC 8785), exactly the bytes that leaf_hash covers';
      COMMENT ON COLUMN event.key IS 'Idempotency-Key of the command, on the first of its events';

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'the log is append-only: % of % refused', TG_OP, TG_TABLE_NAME; END $$;
      CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE FUNCTION head_moved(in_log text, moved text) RETURNS boolean LANGUAGE plpgsql AS $$
      -- Called by each append with the log whose head it could move: null when the head was elsewhere.
      BEGIN
        IF moved IS NULL THEN
          RAISE EXCEPTION 'the head of log % is elsewhere', in_log USING ERRCODE = 'DB001';
        END IF;
        PERFORM pg_notify('daybook_log', in_log);
        RETURN true;
      END $$;

      CREATE FUNCTION position_at(in_log text, in_instant timestamptz) RETURNS bigint
      LANGUAGE plpgsql STABLE AS $$
      -- recorded_at never falls along positions, so the last position at an instant is found by halving.
      DECLARE
        low bigint := -1;
        high bigint;
        middle bigint;
      BEGIN
        SELECT size INTO high FROM log_head WHERE log = in_log;
        WHILE high - low > 1 LOOP
          middle := (low + high) / 2;
          IF (SELECT recorded_at FROM event WHERE log = in_log AND position = middle) <= in_instant
          THEN low := middle; ELSE high := middle; END IF;
        END LOOP;
        RETURN low;
      END $$;

      CREATE TABLE log_tile (
        log   text NOT NULL,
        level smallint NOT NULL,
        index bigint NOT NULL,
        hash  bytea NOT NULL,
        PRIMARY KEY (log, level, index)
      );
      COMMENT ON TABLE log_tile IS 'roots of the complete subtrees of 256^level leaves; derived from event.leaf_hash';

      CREATE TABLE bookmark (
        follower text NOT NULL,
        log      text NOT NULL,
        position bigint NOT NULL DEFAULT -1,
        PRIMARY KEY (follower, log)
      );
      COMMENT ON COLUMN bookmark.position IS 'last position whose consequences are in the follower''s rows';

      GRANT SELECT, INSERT ON event TO daybook_service;
      GRANT SELECT, INSERT, UPDATE ON log_head TO daybook_service;
      GRANT SELECT, INSERT ON log_tile TO daybook_service;
      GRANT SELECT, INSERT, UPDATE, DELETE ON bookmark TO daybook_service;
    `);
  }

  async down(): Promise<void> {
    throw new Error('the log is never taken down');
  }
}
