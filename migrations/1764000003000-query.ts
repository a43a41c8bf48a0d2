import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Queries are found by all that they are about; one may stand on a visit or the whole casebook. */
export class Query1764000003000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE query
        ADD COLUMN changed timestamptz,
        ADD COLUMN visit   text,
        ADD COLUMN form    text,
        ADD COLUMN items   text[] NOT NULL DEFAULT '{}',
        ADD COLUMN "check" text;
      UPDATE query SET
        changed = (state->>'changedAt')::timestamptz,
        visit   = state->>'visit',
        form    = state->>'form',
        items   = CASE
          WHEN state->'items' IS NOT NULL THEN ARRAY(SELECT json_array_elements_text(state->'items'))
          WHEN state->>'item' IS NOT NULL THEN ARRAY[state->>'item'] ELSE '{}' END,
        "check" = state->>'check';
      ALTER TABLE query ALTER COLUMN changed SET NOT NULL;
      COMMENT ON COLUMN query.items IS 'all that the query is about, the first of them first';
      CREATE INDEX query_site ON query (study, site, subject, number);
      CREATE INDEX query_site_status ON query (study, site, status, subject, number);
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
