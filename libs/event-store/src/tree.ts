import type { Pool } from 'pg';
import { completeSubtrees, type Hash, newlyComplete, TILE_WIDTH, type TileSource } from '#merkle';

/**
 * The Merkle tree of a log, read from its rows: leaf hashes from the events, roots of complete subtrees
 * from `log_tile`, which is filled on demand. Both are functions of the log, so nodes that fill it at the
 * same time write the same rows.
 */
export class LogTree implements TileSource {
  constructor(
    private readonly pool: Pool,
    private readonly log: string,
  ) {}

  async hashes(level: number, from: number, to: number): Promise<Hash[]> {
    const { rows } = await this.pool.query<{ hash: Buffer }>(
      level === 0
        ? 'SELECT leaf_hash AS hash FROM event WHERE log = $1 AND position >= $2 AND position < $3 ORDER BY position'
        : `SELECT hash FROM log_tile WHERE log = $1 AND index >= $2 AND index < $3 AND level = ${level} ORDER BY index`,
      [this.log, from, to],
    );
    return rows.map((row) => row.hash);
  }

  /** Stores the roots of all subtrees that are complete in a tree of `size` leaves and not stored yet. */
  async fill(size: number): Promise<void> {
    for (let level = 1; TILE_WIDTH ** level <= size; level++) {
      const missing = newlyComplete(level, await this.covered(level), size);
      for (let from = missing.from; from < missing.to; from += TILE_WIDTH) {
        const to = Math.min(from + TILE_WIDTH, missing.to);
        await this.store(
          level,
          from,
          completeSubtrees(await this.hashes(level - 1, from * TILE_WIDTH, to * TILE_WIDTH)),
        );
      }
    }
  }

  /** How many leaves the stored subtrees of a level cover. */
  private async covered(level: number): Promise<number> {
    const { rows } = await this.pool.query<{ index: number | null }>(
      'SELECT max(index) AS index FROM log_tile WHERE log = $1 AND level = $2',
      [this.log, level],
    );
    return ((rows[0]?.index ?? -1) + 1) * TILE_WIDTH ** level;
  }

  private async store(level: number, from: number, hashes: readonly Hash[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO log_tile (log, level, index, hash)
       SELECT $1, $2, $3 + nth - 1, hash FROM unnest($4::bytea[]) WITH ORDINALITY AS n(hash, nth) ON CONFLICT DO NOTHING`,
      [this.log, level, from, hashes],
    );
  }
}
