import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogTree } from '#event-store';
import { type Hash, MemoryTree, verifyConsistency, verifyInclusion } from '#merkle';
import { freshStore } from '../../../test/database.js';
import { type Proof, proveConsistency, proveInclusion, readTile } from './proofs.js';

const SIZE = 600;

let fresh: Awaited<ReturnType<typeof freshStore>>;
let leaves: Hash[];
let memory: MemoryTree;
let tree: LogTree;
beforeAll(async () => {
  fresh = await freshStore();
  await fresh.store.append('A', {
    stream: 's',
    expectedRevision: -1,
    actor: { system: 'test' },
    command: { key: randomUUID(), type: 'Test' },
    events: Array.from({ length: SIZE }, (_, i) => ({ type: 'Happened', data: i })),
  });
  const { rows } = await fresh.pool.query('SELECT leaf_hash FROM event ORDER BY position');
  leaves = rows.map((row) => row.leaf_hash);
  memory = new MemoryTree(leaves);
  tree = new LogTree(fresh.pool, 'A');
});
afterAll(() => fresh.close());

const hashesOf = ({ hashes }: Proof) => hashes.map((hash) => Buffer.from(hash, 'base64'));

describe('proofs', () => {
  it.each([
    [0, 1],
    [255, 256],
    [256, 257],
    [3, SIZE],
    [SIZE - 1, SIZE],
  ])('show that entry %i is in the tree of %i', async (position, size) => {
    const proof = hashesOf(await proveInclusion(tree, { position, size, logSize: SIZE }));
    expect(verifyInclusion(leaves[position]!, position, size, proof, await memory.root(size))).toBe(true);
  });

  it.each([
    [0, 0],
    [0, SIZE],
    [1, 256],
    [255, SIZE],
    [SIZE, SIZE],
  ])('show that the tree of %i grew to that of %i', async (from, to) => {
    const proof = hashesOf(await proveConsistency(tree, { from, to, logSize: SIZE }));
    const [fromRoot, toRoot] = await Promise.all([memory.root(from), memory.root(to)]);
    expect(verifyConsistency(from, to, proof, fromRoot, toRoot)).toBe(true);
  });

  it('are refused for what there is not', async () => {
    const inclusion = (position: number, size: number) =>
      proveInclusion(tree, { position, size, logSize: SIZE });
    const consistency = (from: number, to: number) => proveConsistency(tree, { from, to, logSize: SIZE });
    await expect(inclusion(5, 5)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(inclusion(0, 0)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(inclusion(0, SIZE + 1)).rejects.toMatchObject({ code: 'not-found' });
    await expect(consistency(6, 5)).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(consistency(5, SIZE + 1)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('tiles', () => {
  it('are the hashes of their level, one after another', async () => {
    expect(await readTile(tree, '0/001', SIZE)).toEqual({
      bytes: Buffer.concat(leaves.slice(256, 512)),
      full: true,
    });
    expect(await readTile(tree, '0/002.p/88', SIZE)).toEqual({
      bytes: Buffer.concat(leaves.slice(512, 600)),
      full: false,
    });
    expect(await readTile(tree, '1/000.p/2', SIZE)).toEqual({
      bytes: Buffer.concat(await memory.hashes(1, 0, 2)),
      full: false,
    });
  });

  it.each([
    '0/002',
    '0/003',
    '0/002.p/89',
    '1/000.p/3',
    '2/000.p/1',
    '0/2',
    '0/000.p/256',
    '0/000/',
    '-1/000',
    '',
  ])('are not found at %s', async (path) => {
    await expect(readTile(tree, path, SIZE)).rejects.toMatchObject({ code: 'not-found' });
  });
});
