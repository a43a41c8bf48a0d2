/**
 * Tiles of height 8: a tile at level L is a run of up to 256 hashes, each the root of a complete subtree
 * of 256^L leaves.
 *
 * @see https://c2sp.org/tlog-tiles#merkle-tree
 */
export interface Tile {
  /** 0 to 63; the hashes of level 0 are leaf hashes. */
  readonly level: number;
  /** Place among the tiles of its level, from 0. */
  readonly index: number;
  /** Number of hashes: 256 in a full tile, 1 to 255 in a partial one. */
  readonly width: number;
}

/** Places of hashes within a level: `from` inclusive, `to` exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export const TILE_WIDTH = 256;

/** How many hashes level `level` has in a tree of `size` leaves: only complete subtrees count. */
export function hashCount(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The hashes of `level` that become complete when a tree grows from `before` to `after` leaves. */
export function newlyComplete(level: number, before: number, after: number): Range {
  return { from: hashCount(level, before), to: hashCount(level, after) };
}

/** The hashes of its level that a tile holds, or undefined when a tree of `size` leaves lacks any of them. */
export function tileRange(tile: Tile, size: number): Range | undefined {
  const from = tile.index * TILE_WIDTH;
  const to = from + tile.width;
  return to <= hashCount(tile.level, size) ? { from, to } : undefined;
}

/** The path of a tile, such as `tile/0/x001/x234/067.p/5` for the first five hashes of tile 1234067. */
export function tilePath({ level, index, width }: Tile): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const elements = padded.replace(/\d{3}(?=\d)/g, 'x$&/');
  return `tile/${level}/${elements}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** The tile of a path, or undefined when the path is not one that `tilePath` gives. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level, index, width] = PATH.exec(path) ?? [];
  if (level === undefined || index === undefined) return undefined;
  const tile = {
    level: Number(level),
    index: Number(index.replace(/\D/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const exists = tile.level <= 63 && tile.width >= 1 && tile.width <= TILE_WIDTH;
  // A tile has one path: this refuses needless zeros, `.p/256` and an index too large to be exact.
  return exists && Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined;
}
