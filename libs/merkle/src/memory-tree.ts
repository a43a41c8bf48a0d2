import type { Hash } from './hash.js';
import { completeSubtrees } from './subtree.js';
import { TILE_WIDTH } from './tile.js';
import { rootHash, type TileSource } from './tree.js';

/** A tree held in memory, to fold leaf hashes in order; for those who check a log away from its database. */
export class MemoryTree implements TileSource {
  readonly #levels: Hash[][] = [[]];

  constructor(leafHashes: Iterable<Hash> = []) {
    for (const hash of leafHashes) this.append(hash);
  }

  /** The number of leaves. */
  get size(): number {
    return this.#level(0).length;
  }

  append(leafHash: Hash): void {
    this.#push(0, leafHash);
  }

  /** The root of the first `size` leaves, by default of all. */
  root(size = this.size): Promise<Hash> {
    return rootHash(this, size);
  }

  async hashes(level: number, from: number, to: number): Promise<readonly Hash[]> {
    return this.#level(level).slice(from, to);
  }

  #push(level: number, hash: Hash): void {
    const hashes = this.#level(level);
    hashes.push(hash);
    if (hashes.length % TILE_WIDTH > 0) return;
    for (const root of completeSubtrees(hashes.slice(-TILE_WIDTH))) this.#push(level + 1, root);
  }

  #level(level: number): Hash[] {
    this.#levels[level] ??= [];
    return this.#levels[level];
  }
}
