import type { Range } from './tile.js';

/** The size of the left subtree over `leaves` leaves: the largest power of two below it (RFC 9162 §2.1.1). */
export function leftSize(leaves: number): number {
  let size = 1;
  while (size * 2 < leaves) size *= 2;
  return size;
}

/**
 * The ranges of leaves whose roots are the inclusion proof of leaf `position` in `tree`, lowest first.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.1
 */
export function inclusionRanges(position: number, tree: Range): Range[] {
  const { from, to } = tree;
  if (to - from === 1) return [];
  const middle = from + leftSize(to - from);
  const left = { from, to: middle };
  const right = { from: middle, to };
  return position < middle
    ? [...inclusionRanges(position, left), right]
    : [...inclusionRanges(position, right), left];
}

/**
 * The ranges of leaves whose roots prove that `tree` has the tree of the first `end` leaves as its beginning.
 * `known` says that the verifier holds the root of `tree` should it end there.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4.1
 */
export function consistencyRanges(end: number, tree: Range, known = true): Range[] {
  const { from, to } = tree;
  if (end === to) return known ? [] : [tree];
  const middle = from + leftSize(to - from);
  const left = { from, to: middle };
  const right = { from: middle, to };
  return end <= middle
    ? [...consistencyRanges(end, left, known), right]
    : [...consistencyRanges(end, right, false), left];
}
