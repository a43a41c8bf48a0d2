import { emptyRoot, type Hash, nodeHash } from './hash.js';
import { consistencyRanges, inclusionRanges, leftSize } from './ranges.js';
import { balancedRoot } from './subtree.js';
import { hashCount, type Range, TILE_WIDTH } from './tile.js';

/** Where the hashes of a log are kept. */
export interface TileSource {
  /**
   * The hashes `from` (inclusive) to `to` (exclusive) of a level: hash `i` of level `L` is the root of the
   * complete subtree of 256^L leaves at `i`, so those of level 0 are the leaf hashes.
   */
  hashes(level: number, from: number, to: number): Promise<readonly Hash[]>;
}

/** The root of the tree of the first `size` leaves. */
export async function rootHash(source: TileSource, size: number): Promise<Hash> {
  requireOrder(0, size);
  return size === 0 ? emptyRoot : subtrees(source, size)({ from: 0, to: size });
}

/** The proof that leaf `position` is in the tree of `size` leaves; throws a RangeError when it is not. */
export async function inclusionProof(source: TileSource, position: number, size: number): Promise<Hash[]> {
  requireOrder(position, size - 1);
  return proof(source, size, inclusionRanges(position, { from: 0, to: size }));
}

/**
 * The proof that the tree of `to` leaves extends the tree of `from` leaves; throws a RangeError when
 * `from` is past `to`. The empty tree begins every tree, so from 0 the proof is empty.
 */
export async function consistencyProof(source: TileSource, from: number, to: number): Promise<Hash[]> {
  requireOrder(from, to);
  return from === 0 ? [] : proof(source, to, consistencyRanges(from, { from: 0, to }));
}

async function proof(source: TileSource, size: number, ranges: readonly Range[]): Promise<Hash[]> {
  const subtreeHash = subtrees(source, size);
  const hashes: Hash[] = [];
  for (const range of ranges) hashes.push(await subtreeHash(range));
  return hashes;
}

/**
 * The hash of any node in the tree of `size` leaves, given as the range of leaves under it. The nodes of a
 * proof lie in at most two tiles of a level, and each tile is read once.
 */
function subtrees(source: TileSource, size: number): (leaves: Range) => Promise<Hash> {
  const tiles = new Map<string, readonly Hash[]>();

  async function readTile(level: number, index: number): Promise<readonly Hash[]> {
    const key = `${level}/${index}`;
    const read = tiles.get(key);
    if (read) return read;
    const from = index * TILE_WIDTH;
    const to = Math.min(from + TILE_WIDTH, hashCount(level, size));
    const hashes = await source.hashes(level, from, to);
    if (hashes.length !== to - from) {
      throw new Error(`level ${level} has ${hashes.length} hashes from ${from}, not ${to - from}`);
    }
    tiles.set(key, hashes);
    return hashes;
  }

  /** `width` is a power of two and divides `from`, so the hashes needed lie in one tile. */
  async function complete(from: number, width: number): Promise<Hash> {
    let level = 0;
    while (TILE_WIDTH ** (level + 1) <= width) level += 1;
    const leaves = TILE_WIDTH ** level;
    const first = from / leaves;
    const offset = first % TILE_WIDTH;
    const tile = await readTile(level, Math.floor(first / TILE_WIDTH));
    return balancedRoot(tile.slice(offset, offset + width / leaves));
  }

  return async function subtreeHash({ from, to }: Range): Promise<Hash> {
    const width = to - from;
    const left = leftSize(width);
    if (width === 1 || width === left * 2) return complete(from, width);
    const middle = from + left;
    return nodeHash(await subtreeHash({ from, to: middle }), await subtreeHash({ from: middle, to }));
  };
}

function requireOrder(lower: number, upper: number): void {
  if (!Number.isSafeInteger(lower) || !Number.isSafeInteger(upper) || lower < 0 || lower > upper) {
    throw new RangeError(`expected 0 ≤ ${lower} ≤ ${upper}, in whole numbers`);
  }
}
