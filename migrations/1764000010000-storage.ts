import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Entries and forms of some kilobytes are written often and read whole: to compress each, and look for it in
 * another table, costs more than the room that it saves.
 */
export class Storage1764000010000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE event SET (toast_tuple_target = 8160);
      ALTER TABLE form SET (toast_tuple_target = 8160);
    `);
  }

  async down(): Promise<void> {
    throw new Error('a migration is never taken back: write the next one');
  }
}
