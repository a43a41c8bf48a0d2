import { describe, expect, it } from 'vitest';
import { emptyRoot, leafHash, nodeHash } from './hash.js';

const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex');

describe('hashes', () => {
  it('gives the published hashes of nothing, of the empty leaf and of two leaves', () => {
    expect(hex(emptyRoot)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(leafHash(''))).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(hex(nodeHash(leafHash(''), leafHash(Uint8Array.of(0))))).toBe(
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    );
  });

  it('hashes a string as its UTF-8 bytes', () => {
    expect(leafHash('Füße')).toEqual(leafHash(Buffer.from('Füße', 'utf8')));
  });
});
