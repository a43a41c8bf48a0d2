import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRoot, type Hash, leafHash, nodeHash } from './hash.js';
import { MemoryTree } from './memory-tree.js';
import { consistencyProof, inclusionProof } from './tree.js';
import { verifyConsistency, verifyInclusion } from './verify.js';

const LEAVES = Array.from({ length: 700 }, (_, index) => leafHash(String(index)));
const TREE = new MemoryTree(LEAVES);
const sizes = fc.oneof(fc.integer({ min: 2, max: 700 }), fc.constantFrom(2, 3, 255, 256, 257, 511, 512, 513));
const flips = fc.record({ hash: fc.nat(), byte: fc.nat(31), mask: fc.integer({ min: 1, max: 255 }) });

/** The hashes with one byte of one of them changed. */
function flipped(hashes: readonly Hash[], flip: { hash: number; byte: number; mask: number }): Hash[] {
  return hashes.map((hash, index) => {
    if (index !== flip.hash % hashes.length) return hash;
    const copy = Uint8Array.from(hash);
    copy[flip.byte] = (copy[flip.byte] ?? 0) ^ flip.mask;
    return copy;
  });
}

const fromHex = (hexes: string[]): Hash[] => hexes.map((hex) => Buffer.from(hex, 'hex'));

describe('verifyInclusion', () => {
  const cases = fc
    .record({ size: sizes, place: fc.nat(), otherPlace: fc.nat(), otherSize: sizes, flip: flips })
    .map(({ place, otherPlace, ...rest }) => ({
      ...rest,
      position: place % rest.size,
      otherPosition: otherPlace % rest.size,
    }));

  it('accepts a published proof', () => {
    const [leaf, root, ...proof] = fromHex([
      '4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]) as [Hash, Hash, ...Hash[]];
    expect(verifyInclusion(leaf, 5, 7, proof, root)).toBe(true);
  });

  it('accepts every leaf at its place and nothing else', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ size, position, otherPosition, otherSize, flip }) => {
        const leaf = LEAVES[position] as Hash;
        const root = await TREE.root(size);
        const proof = await inclusionProof(TREE, position, size);
        expect(verifyInclusion(leaf, position, size, proof, root)).toBe(true);

        const [badLeaf, badRoot, ...badProof] = flipped([leaf, root, ...proof], flip) as [Hash, Hash];
        expect(verifyInclusion(badLeaf, position, size, badProof, badRoot)).toBe(false);
        expect(verifyInclusion(leaf, position, size, proof.slice(1), root)).toBe(false);
        expect(verifyInclusion(leaf, position, size, proof.slice(0, -1), root)).toBe(false);
        expect(verifyInclusion(leaf, position, size, [...proof, root], root)).toBe(false);
        expect(verifyInclusion(leaf, position, size, proof.toReversed(), root)).toBe(proof.length === 1);
        expect(verifyInclusion(leaf, otherPosition, size, proof, root)).toBe(otherPosition === position);
        expect(verifyInclusion(leaf, position, otherSize, proof, await TREE.root(otherSize))).toBe(
          otherSize === size,
        );
      }),
    ));

  it('takes the one leaf of a tree for its root', () => {
    expect(verifyInclusion(leafHash('a'), 0, 1, [], leafHash('a'))).toBe(true);
    expect(verifyInclusion(leafHash('a'), 0, 1, [], leafHash('b'))).toBe(false);
  });

  it('refuses a place in a tree of another depth, though the hashes join to the root', async () => {
    const first = LEAVES[0] as Hash;
    const last = LEAVES[3] as Hash;
    expect(verifyInclusion(first, 1, 1, [], first)).toBe(false);
    expect(verifyInclusion(last, 1, 2, await inclusionProof(TREE, 3, 4), await TREE.root(4))).toBe(false);
    expect(verifyInclusion(first, 0, 4, await inclusionProof(TREE, 0, 2), await TREE.root(2))).toBe(false);
  });

  it('refuses malformed input', async () => {
    const leaf = LEAVES[3] as Hash;
    const root = await TREE.root(8);
    const proof = await inclusionProof(TREE, 3, 8);
    const [first, ...rest] = proof as [Hash, ...Hash[]];
    for (const position of [8, 9, -1, 3.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verifyInclusion(leaf, position, 8, proof, root)).toBe(false);
    }
    for (const size of [0, 3, -8, 8.5, Number.NaN, 2 ** 53]) {
      expect(verifyInclusion(leaf, 3, size, proof, root)).toBe(false);
    }
    expect(verifyInclusion(leaf.subarray(1), 3, 8, proof, root)).toBe(false);
    expect(verifyInclusion(leaf, 3, 8, proof, root.subarray(1))).toBe(false);
    expect(verifyInclusion(leaf, 3, 8, [first.subarray(1), ...rest], root)).toBe(false);
    // Two hashes cut elsewhere join to the same bytes of a node; only their lengths give it away.
    const joined = Buffer.concat([first, leaf]);
    expect(verifyInclusion(joined.subarray(40), 3, 8, [joined.subarray(0, 40), ...rest], root)).toBe(false);
  });
});

describe('verifyConsistency', () => {
  const cases = fc
    .record({ to: sizes, place: fc.nat(), otherPlace: fc.nat(), otherTo: sizes, flip: flips })
    .map(({ place, otherPlace, ...rest }) => ({
      ...rest,
      from: 1 + (place % (rest.to - 1)),
      otherFrom: 1 + (otherPlace % (rest.to - 1)),
    }));

  it('accepts a published proof', () => {
    const [fromRoot, toRoot, ...proof] = fromHex([
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]) as [Hash, Hash, ...Hash[]];
    expect(verifyConsistency(6, 8, proof, fromRoot, toRoot)).toBe(true);
  });

  it('accepts every beginning of a tree and nothing else', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ from, to, otherFrom, otherTo, flip }) => {
        const fromRoot = await TREE.root(from);
        const toRoot = await TREE.root(to);
        const proof = await consistencyProof(TREE, from, to);
        expect(verifyConsistency(from, to, proof, fromRoot, toRoot)).toBe(true);

        const [badFrom, badTo, ...badProof] = flipped([fromRoot, toRoot, ...proof], flip) as [Hash, Hash];
        expect(verifyConsistency(from, to, badProof, badFrom, badTo)).toBe(false);
        expect(verifyConsistency(from, to, proof.slice(1), fromRoot, toRoot)).toBe(false);
        expect(verifyConsistency(from, to, proof.slice(0, -1), fromRoot, toRoot)).toBe(false);
        expect(verifyConsistency(from, to, [...proof, toRoot], fromRoot, toRoot)).toBe(false);
        expect(verifyConsistency(otherFrom, to, proof, await TREE.root(otherFrom), toRoot)).toBe(
          otherFrom === from,
        );
        expect(verifyConsistency(from, otherTo, proof, fromRoot, await TREE.root(otherTo))).toBe(
          otherTo === to,
        );
      }),
    ));

  it('refuses sizes of another depth, though the hashes join to the roots', async () => {
    const [one, two] = [await TREE.root(1), await TREE.root(2)];
    expect(verifyConsistency(1, 4, await consistencyProof(TREE, 1, 2), one, two)).toBe(false);
    const [seven, eight] = [await TREE.root(7), await TREE.root(8)];
    expect(verifyConsistency(3, 4, await consistencyProof(TREE, 7, 8), seven, eight)).toBe(false);
  });

  it('finds a rewritten beginning', async () => {
    const rewritten = new MemoryTree([leafHash('other'), ...LEAVES.slice(1)]);
    const proof = await consistencyProof(rewritten, 300, 600);
    const [before, after] = [await TREE.root(300), await rewritten.root(600)];
    expect(verifyConsistency(300, 600, proof, before, after)).toBe(false);
  });

  it('lets the same tree follow itself without a proof', async () => {
    const root = await TREE.root(7);
    expect(verifyConsistency(7, 7, [], root, root)).toBe(true);
    expect(verifyConsistency(7, 7, [], root, emptyRoot)).toBe(false);
    expect(verifyConsistency(7, 7, [root], root, root)).toBe(false);
  });

  it('lets every tree follow the empty one without a proof', async () => {
    const root = await TREE.root(7);
    expect(verifyConsistency(0, 7, [], emptyRoot, root)).toBe(true);
    expect(verifyConsistency(0, 7, [], root, root)).toBe(false);
    expect(verifyConsistency(0, 7, [root], emptyRoot, root)).toBe(false);
    expect(verifyConsistency(0, 0, [], emptyRoot, emptyRoot)).toBe(true);
    expect(verifyConsistency(0, 0, [], root, root)).toBe(false);
  });

  it('refuses malformed input', async () => {
    const fromRoot = await TREE.root(6);
    const toRoot = await TREE.root(8);
    const proof = await consistencyProof(TREE, 6, 8);
    const [first, ...rest] = proof as [Hash, ...Hash[]];
    for (const from of [-6, 6.5, 9, Number.NaN]) {
      expect(verifyConsistency(from, 8, proof, fromRoot, toRoot)).toBe(false);
    }
    for (const to of [-8, 5, 8.5, 2 ** 53, Number.NaN]) {
      expect(verifyConsistency(6, to, proof, fromRoot, toRoot)).toBe(false);
    }
    expect(verifyConsistency(6, 8, [], fromRoot, toRoot)).toBe(false);
    expect(verifyConsistency(6, 8, [first.subarray(1), ...rest], fromRoot, toRoot)).toBe(false);
    expect(verifyConsistency(6, 8, proof, fromRoot.subarray(1), toRoot)).toBe(false);
    expect(verifyConsistency(6, 8, proof, fromRoot, toRoot.subarray(1))).toBe(false);
  });

  it('counts beyond 32 bits', () => {
    const [root, leaf] = [leafHash('the root of 2^40 leaves'), leafHash('one more')];
    expect(verifyConsistency(2 ** 40, 2 ** 40 + 1, [leaf], root, nodeHash(root, leaf))).toBe(true);
    expect(verifyInclusion(leaf, 2 ** 40, 2 ** 40 + 1, [root], nodeHash(root, leaf))).toBe(true);
  });
});
