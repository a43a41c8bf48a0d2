import type { LogTree } from '#event-store';
import { consistencyProof, type Hash, inclusionProof, parseTilePath, TILE_WIDTH, tileRange } from '#merkle';
import { Problem } from '#problem';

/** Hashes in base64, as proofs are given. */
export interface Proof {
  readonly hashes: readonly string[];
}

/** Which entries a proof is about, in a log that has `logSize` of them. */
export interface InclusionAsked {
  readonly position: number;
  readonly size: number;
  readonly logSize: number;
}

/** @throws Problem invalid-request for a position outside the tree, not-found for a tree that there is not */
export async function proveInclusion(tree: LogTree, asked: InclusionAsked): Promise<Proof> {
  const { position, size, logSize } = asked;
  if (position >= size) throw new Problem('invalid-request', 'position must be less than size.');
  refuseBeyond(size, logSize);
  await tree.fill(size);
  return proof(await inclusionProof(tree, position, size));
}

export interface ConsistencyAsked {
  readonly from: number;
  readonly to: number;
  readonly logSize: number;
}

/** @throws Problem invalid-request for sizes in the wrong order, not-found for a tree that there is not */
export async function proveConsistency(tree: LogTree, asked: ConsistencyAsked): Promise<Proof> {
  const { from, to, logSize } = asked;
  if (from > to) throw new Problem('invalid-request', 'from must not be greater than to.');
  refuseBeyond(to, logSize);
  await tree.fill(to);
  return proof(await consistencyProof(tree, from, to));
}

/**
 * The bytes of a tile: its hashes one after another. `full` tiles never change.
 *
 * @param path what follows `tile/`, as tlog-tiles writes it
 * @throws Problem not-found for a path that is none, or a tile that the log has not got yet
 * @see https://c2sp.org/tlog-tiles#merkle-tree
 */
export async function readTile(
  tree: LogTree,
  path: string,
  logSize: number,
): Promise<{ bytes: Buffer; full: boolean }> {
  const tile = parseTilePath(`tile/${path}`);
  const range = tile && tileRange(tile, logSize);
  if (!tile || !range) throw new Problem('not-found', 'The log has no such tile.');
  if (tile.level > 0) await tree.fill(range.to * TILE_WIDTH ** tile.level);
  const bytes = Buffer.concat(await tree.hashes(tile.level, range.from, range.to));
  return { bytes, full: tile.width === TILE_WIDTH };
}

function refuseBeyond(size: number, logSize: number): void {
  if (size > logSize) throw new Problem('not-found', `The log has ${logSize} entries, not ${size}.`);
}

function proof(hashes: readonly Hash[]): Proof {
  return { hashes: hashes.map((hash) => Buffer.from(hash).toString('base64')) };
}
