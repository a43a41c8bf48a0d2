import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot, type Hash, leafHash, nodeHash } from './hash.js';
import { MemoryTree } from './memory-tree.js';
import { consistencyProof, inclusionProof, rootHash, type TileSource } from './tree.js';

// RFC 9162 §2.1 to the letter, over all leaf hashes at once.
function split(leaves: readonly Hash[]): [readonly Hash[], readonly Hash[]] {
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return [leaves.slice(0, k), leaves.slice(k)];
}
function mth(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0] as Hash;
  const [left, right] = split(leaves);
  return nodeHash(mth(left), mth(right));
}
function path(m: number, leaves: readonly Hash[]): Hash[] {
  if (leaves.length === 1) return [];
  const [left, right] = split(leaves);
  return m < left.length ? [...path(m, left), mth(right)] : [...path(m - left.length, right), mth(left)];
}
function subproof(m: number, leaves: readonly Hash[], b: boolean): Hash[] {
  if (m === leaves.length) return b ? [] : [mth(leaves)];
  const [left, right] = split(leaves);
  return m <= left.length
    ? [...subproof(m, left, b), mth(right)]
    : [...subproof(m - left.length, right, false), mth(left)];
}

function numbered(count: number): Hash[] {
  return Array.from({ length: count }, (_, index) => {
    const hash = Buffer.alloc(32);
    hash.writeUInt32BE(index);
    return hash;
  });
}

const hex = (hashes: readonly Hash[]) => hashes.map((hash) => Buffer.from(hash).toString('hex'));

const LEAVES = numbered(800);
const TREE = new MemoryTree(LEAVES);
const sizes = fc.oneof(
  fc.integer({ min: 1, max: 800 }),
  fc.constantFrom(1, 2, 255, 256, 257, 511, 512, 513, 767, 768, 769),
);
const within = fc.tuple(sizes, fc.maxSafeNat()).map(([size, n]) => ({ size, position: n % size }));

describe('the tree of eight leaves used by every RFC 6962 implementation', () => {
  const tree = new MemoryTree(
    ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
      (bytes) => leafHash(Buffer.from(bytes, 'hex')),
    ),
  );

  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [6, '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('has the root of its first %i', async (size, root) => {
    expect(hex([await rootHash(tree, size)])).toEqual([root]);
  });

  it('gives the published proofs', async () => {
    expect(hex(await inclusionProof(tree, 0, 8))).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
    expect(hex(await inclusionProof(tree, 5, 7))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hex(await consistencyProof(tree, 2, 5))).toEqual([
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ]);
    expect(hex(await consistencyProof(tree, 6, 8))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});

describe('tiles against the recursive definition', () => {
  it('gives the same root', () =>
    fc.assert(
      fc.asyncProperty(sizes, async (size) => {
        expect(await rootHash(TREE, size)).toEqual(mth(LEAVES.slice(0, size)));
      }),
    ));

  it('gives the same inclusion proof', () =>
    fc.assert(
      fc.asyncProperty(within, async ({ size, position }) => {
        expect(await inclusionProof(TREE, position, size)).toEqual(path(position, LEAVES.slice(0, size)));
      }),
    ));

  it('gives the same consistency proof', () =>
    fc.assert(
      fc.asyncProperty(within, async ({ size, position }) => {
        const from = position + 1;
        expect(await consistencyProof(TREE, from, size)).toEqual(subproof(from, LEAVES.slice(0, size), true));
      }),
    ));
});

describe('a tree of three levels', () => {
  const leaves = numbered(65_536 + 700);
  const tree = new MemoryTree(leaves);

  /** The tree again, keeping account of what is read of it. */
  function counted() {
    const reads: [level: number, from: number, to: number][] = [];
    const source: TileSource = {
      hashes(level, from, to) {
        reads.push([level, from, to]);
        return tree.hashes(level, from, to);
      },
    };
    return { reads, source };
  }

  it.each([65_535, 65_536, 65_537, 66_236])('has the right root and proofs at %i leaves', async (size) => {
    const all = leaves.slice(0, size);
    expect(await rootHash(tree, size)).toEqual(mth(all));
    expect(await inclusionProof(tree, size - 1, size)).toEqual(path(size - 1, all));
    expect(await inclusionProof(tree, 40_000, size)).toEqual(path(40_000, all));
    expect(await consistencyProof(tree, 1_000, size)).toEqual(subproof(1_000, all, true));
    expect(await consistencyProof(tree, size - 1, size)).toEqual(subproof(size - 1, all, true));
  });

  it('reads at most two tiles of a level, each once', async () => {
    const { reads, source } = counted();
    await inclusionProof(source, 40_000, 66_236);
    expect(reads.toSorted()).toEqual([
      [0, 39_936, 40_192],
      [0, 66_048, 66_236],
      [1, 0, 256],
      [1, 256, 258],
    ]);
  });

  it('reads for a root only the right edge', async () => {
    const { reads, source } = counted();
    await rootHash(source, 66_236);
    expect(reads.toSorted()).toEqual([
      [0, 66_048, 66_236],
      [1, 256, 258],
      [2, 0, 1],
    ]);
  });
});

describe('what does not exist', () => {
  it('refuses a position or size outside the tree', async () => {
    await expect(inclusionProof(TREE, 8, 8)).rejects.toThrow(RangeError);
    await expect(inclusionProof(TREE, -1, 8)).rejects.toThrow(RangeError);
    await expect(inclusionProof(TREE, 0.5, 8)).rejects.toThrow(RangeError);
    await expect(inclusionProof(TREE, 0, 0)).rejects.toThrow(RangeError);
    await expect(consistencyProof(TREE, 9, 8)).rejects.toThrow(RangeError);
    await expect(consistencyProof(TREE, -1, 8)).rejects.toThrow(RangeError);
    await expect(rootHash(TREE, -1)).rejects.toThrow(RangeError);
  });

  it('does not answer from a source that lacks hashes', async () => {
    await expect(rootHash(TREE, 801)).rejects.toThrow('level 0 has 32 hashes from 768, not 33');
  });

  it('has nothing to prove from the empty tree or to the same one', async () => {
    expect(await consistencyProof(TREE, 0, 8)).toEqual([]);
    expect(await consistencyProof(TREE, 0, 0)).toEqual([]);
    expect(await consistencyProof(TREE, 7, 7)).toEqual([]);
  });
});
