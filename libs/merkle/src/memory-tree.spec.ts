import { describe, expect, it } from 'vitest';
import { emptyRoot, leafHash, nodeHash } from './hash.js';
import { MemoryTree } from './memory-tree.js';
import { completeSubtrees } from './subtree.js';

describe('MemoryTree', () => {
  it('folds leaves in order and gives the root at any size it had', async () => {
    const tree = new MemoryTree();
    expect(await tree.root()).toEqual(emptyRoot);
    tree.append(leafHash('a'));
    tree.append(leafHash('b'));
    expect(tree.size).toBe(2);
    expect(await tree.root()).toEqual(nodeHash(leafHash('a'), leafHash('b')));
    expect(await tree.root(1)).toEqual(leafHash('a'));
  });

  it('holds the next level as soon as it is complete', async () => {
    const leaves = Array.from({ length: 513 }, (_, index) => leafHash(String(index)));
    const tree = new MemoryTree(leaves);
    expect(await tree.hashes(1, 0, 3)).toEqual(completeSubtrees(leaves));
    expect(await tree.hashes(2, 0, 1)).toEqual([]);
  });
});
