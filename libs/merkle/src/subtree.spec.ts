import { describe, expect, it } from 'vitest';
import { type Hash, leafHash, nodeHash } from './hash.js';
import { balancedRoot, completeSubtrees } from './subtree.js';

const hashes = Array.from({ length: 600 }, (_, index) => leafHash(String(index)));
const [a, b, c, d] = hashes as [Hash, Hash, Hash, Hash, ...Hash[]];

describe('complete subtrees', () => {
  it('pairs hashes up to one root', () => {
    expect(balancedRoot([a])).toEqual(a);
    expect(balancedRoot([a, b, c, d])).toEqual(nodeHash(nodeHash(a, b), nodeHash(c, d)));
    expect(() => balancedRoot([])).toThrow(RangeError);
  });

  it('gives one hash for each full 256 and none for the rest', () => {
    expect(completeSubtrees(hashes.slice(0, 255))).toEqual([]);
    expect(completeSubtrees(hashes)).toEqual([
      balancedRoot(hashes.slice(0, 256)),
      balancedRoot(hashes.slice(256, 512)),
    ]);
  });
});
