import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where a log ends is read from its events: positions are unique, and none is taken before the one below it is
 * there, so nothing else need be kept, or updated with each append.
 */
export class HeadFromEvents1764000012000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      DROP TABLE log_head;
      CREATE VIEW log_head AS
        WITH RECURSIVE logs AS (
          SELECT (SELECT min(log) FROM event) AS log
          UNION ALL
          SELECT (SELECT min(e.log) FROM event e WHERE e.log > logs.log) FROM logs WHERE logs.log IS NOT NULL
        )
        SELECT log, (SELECT max(position) + 1 FROM event e WHERE e.log = logs.log) AS size
        FROM logs WHERE log IS NOT NULL;
      GRANT SELECT ON log_head TO daybook_service;

      DROP FUNCTION head_moved;
      CREATE FUNCTION log_stands(in_log text, stands boolean) RETURNS void LANGUAGE plpgsql AS $$
      -- Called by each append with whether the log is where its events were placed.
      BEGIN
        IF stands IS NOT TRUE THEN
          RAISE EXCEPTION 'log % is not where the events were placed', in_log USING ERRCODE = 'DB001';
        END IF;
        PERFORM pg_advisory_xact_lock_shared(hashtext('daybook log'), hashtext(in_log));
        PERFORM pg_notify('daybook_log', in_log);
      END $$;
      CREATE FUNCTION lock_log(in_log text) RETURNS void LANGUAGE sql AS $$
        -- Held to the end of the transaction: until then nobody else appends.
        SELECT pg_advisory_xact_lock(hashtext('daybook log'), hashtext(in_log))
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
