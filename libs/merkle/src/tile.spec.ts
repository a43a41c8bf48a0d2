import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newlyComplete, parseTilePath, type Tile, tilePath, tileRange } from './tile.js';

const tiles: fc.Arbitrary<Tile> = fc.record({
  level: fc.integer({ min: 0, max: 63 }),
  index: fc.oneof(fc.nat(2000), fc.maxSafeNat()),
  width: fc.integer({ min: 1, max: 256 }),
});

describe('tile paths', () => {
  it.each<[string, Tile]>([
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/1/999.p/1', { level: 1, index: 999, width: 1 }],
    ['tile/0/x001/000', { level: 0, index: 1000, width: 256 }],
    ['tile/63/x001/x234/067.p/255', { level: 63, index: 1234067, width: 255 }],
  ])('%s', (path, tile) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    '',
    'tile/0',
    'tile/0/0',
    'tile/0/1000',
    'tile/0/x000/001',
    'tile/0/001/234',
    'tile/0/x001',
    'tile/0/-01',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/data/001',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/',
    'tile/0/001/',
    '/tile/0/001',
    'tile/0/001\n',
    'tile/0/x009/x007/x199/x254/x740/992',
  ])('refuses %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });
});

describe('the tiles of a tree', () => {
  // The specification's example: 70,000 leaves are 273 full tiles and one of 112 hashes, then one full
  // tile and one of 17, then one of a single hash.
  it.each<[Tile, [number, number] | undefined]>([
    [{ level: 0, index: 272, width: 256 }, [69632, 69888]],
    [{ level: 0, index: 273, width: 112 }, [69888, 70000]],
    [{ level: 0, index: 273, width: 113 }, undefined],
    [{ level: 0, index: 273, width: 256 }, undefined],
    [{ level: 1, index: 0, width: 256 }, [0, 256]],
    [{ level: 1, index: 1, width: 17 }, [256, 273]],
    [{ level: 1, index: 1, width: 18 }, undefined],
    [{ level: 2, index: 0, width: 1 }, [0, 1]],
    [{ level: 2, index: 0, width: 2 }, undefined],
    [{ level: 3, index: 0, width: 1 }, undefined],
    [{ level: 63, index: 0, width: 1 }, undefined],
  ])('%o of 70,000 leaves', (tile, range) => {
    expect(tileRange(tile, 70_000)).toEqual(range && { from: range[0], to: range[1] });
  });

  it('tells which hashes of a level growth completes', () => {
    expect(newlyComplete(1, 255, 256)).toEqual({ from: 0, to: 1 });
    expect(newlyComplete(1, 256, 511)).toEqual({ from: 1, to: 1 });
    expect(newlyComplete(1, 300, 1024)).toEqual({ from: 1, to: 4 });
    expect(newlyComplete(2, 65_535, 65_536)).toEqual({ from: 0, to: 1 });
  });
});
