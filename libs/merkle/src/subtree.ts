import { type Hash, nodeHash } from './hash.js';
import { TILE_WIDTH } from './tile.js';

/** The root over `hashes`, the roots of equal, complete subtrees; their number is a power of two. */
export function balancedRoot(hashes: readonly Hash[]): Hash {
  const [first, second] = hashes;
  if (first === undefined) throw new RangeError('a complete subtree has at least one hash');
  if (second === undefined) return first;
  const half = hashes.length / 2;
  return nodeHash(balancedRoot(hashes.slice(0, half)), balancedRoot(hashes.slice(half)));
}

/**
 * The hashes of the next level: one for each full 256 of `hashes`, which start at a multiple of 256 in
 * their level. A remainder is not yet a complete subtree and gives none.
 */
export function completeSubtrees(hashes: readonly Hash[]): Hash[] {
  const count = Math.floor(hashes.length / TILE_WIDTH);
  return Array.from({ length: count }, (_, index) =>
    balancedRoot(hashes.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)),
  );
}
