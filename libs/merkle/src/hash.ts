import { createHash, hash } from 'node:crypto';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

export const HASH_LENGTH = 32;

// RFC 9162 §2.1.1: the prefixes keep a leaf from being passed off as a node, and the other way round.
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root of the tree without leaves: the hash of nothing. */
export const emptyRoot: Hash = createHash('sha256').digest();

/**
 * The hash of a leaf; a string is hashed as UTF-8.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.1
 */
export function leafHash(entry: Uint8Array | string): Hash {
  // In one call, since every append waits for it; in UTF-8, U+0000 is the prefix.
  if (typeof entry === 'string') return hash('sha256', `\0${entry}`, 'buffer');
  return createHash('sha256').update(LEAF).update(entry).digest();
}

/** The hash of the node over two subtrees. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

export function equalHashes(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0;
}
