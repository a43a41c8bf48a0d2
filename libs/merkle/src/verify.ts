import { emptyRoot, equalHashes, HASH_LENGTH, type Hash, nodeHash } from './hash.js';

/**
 * Whether `proof` shows that `leafHash` is leaf `position` of the tree with `size` leaves and root `root`.
 * Malformed input proves nothing. Take `size` and `root` from one checkpoint: a proof binds the root, and
 * the size only together with it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2
 */
export function verifyInclusion(
  leafHash: Hash,
  position: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!isCount(position) || !isCount(size) || position >= size) return false;
  if (![leafHash, root, ...proof].every(isHash)) return false;
  let node = position;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      [node, last] = climbToRightChild(node, last);
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalHashes(hash, root);
}

/**
 * Whether `proof` shows that the tree with `to` leaves and root `toRoot` begins with the tree of `from`
 * leaves and root `fromRoot`. Malformed input proves nothing. The empty tree begins every tree.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4.2
 */
export function verifyConsistency(
  from: number,
  to: number,
  proof: readonly Hash[],
  fromRoot: Hash,
  toRoot: Hash,
): boolean {
  if (!isCount(from) || !isCount(to) || from > to) return false;
  if (![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === to) return proof.length === 0 && equalHashes(fromRoot, toRoot) && rootFits(from, fromRoot);
  if (from === 0) return proof.length === 0 && rootFits(0, fromRoot);

  let node = from - 1;
  let last = to - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // Nothing is left of the node exactly when `from` is a power of two: then its root is a node of the
  // larger tree, and the proof leaves it out.
  const [start, ...rest] = node === 0 ? [fromRoot, ...proof] : proof;
  if (start === undefined) return false;
  let fromHash = start;
  let toHash = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      fromHash = nodeHash(sibling, fromHash);
      toHash = nodeHash(sibling, toHash);
      [node, last] = climbToRightChild(node, last);
    } else {
      toHash = nodeHash(toHash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equalHashes(fromHash, fromRoot) && equalHashes(toHash, toRoot);
}

/** At the right edge the levels where a node has no sibling are passed over, up to a right child or the root. */
function climbToRightChild(node: number, last: number): [node: number, last: number] {
  return isOdd(node) || node === 0 ? [node, last] : climbToRightChild(half(node), half(last));
}

function rootFits(size: number, root: Hash): boolean {
  return size > 0 || equalHashes(root, emptyRoot);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Hash): boolean {
  return value.length === HASH_LENGTH;
}

// Arithmetic instead of bit operators, which would cut sizes to 32 bits.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}
