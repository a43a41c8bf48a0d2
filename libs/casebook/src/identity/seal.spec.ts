import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from './seal.js';

const text = fc.string({ unit: 'binary', maxLength: 200 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const place = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

const flipped = (sealed: string, at: number) => {
  const bytes = Buffer.from(sealed, 'base64');
  bytes[at % bytes.length]! ^= 1 << (at % 8);
  return { sealed: bytes.toString('base64') };
};

describe('a sealed text', () => {
  it('opens with its key at its place', () => {
    fc.assert(
      fc.property(
        key,
        place,
        text,
        (key, place, text) => unseal(key, place, seal(key, place, text)) === text,
      ),
    );
  });

  it('is the same bytes every time', () => {
    fc.assert(
      fc.property(key, place, text, (key, place, text) => {
        expect(seal(Uint8Array.from(key), place, text)).toEqual(seal(key, place, text));
      }),
    );
  });

  it('is other bytes for another key, place or text', () => {
    const sealed = (key: number, place: string, text: string) =>
      seal(new Uint8Array(32).fill(key), place, text).sealed;
    const all = [1, 2].flatMap((key) =>
      ['S/1/a', 'S/1/b'].flatMap((place) => ['Anna', 'anna', ''].map((text) => sealed(key, place, text))),
    );
    expect(new Set(all).size).toBe(12);
  });

  it('has a nonce of its own for every key, place and text', () => {
    const nonce = ({ sealed }: { sealed: string }) =>
      Buffer.from(sealed, 'base64').subarray(0, 12).toString('hex');
    fc.assert(
      fc.property(
        key,
        fc.uniqueArray(fc.tuple(place, text), { selector: String, minLength: 2 }),
        (key, pairs) => {
          const nonces = pairs.map(([place, text]) => nonce(seal(key, place, text)));
          expect(new Set(nonces).size).toBe(pairs.length);
        },
      ),
    );
  });

  it('does not hold the text in the clear', () => {
    const { sealed } = seal(new Uint8Array(32), 'S/1/a', 'Marie Curie');
    expect(Buffer.from(sealed, 'base64').includes('Marie')).toBe(false);
  });

  it('does not open with another key', () => {
    fc.assert(
      fc.property(key, key, place, text, (key, other, place, text) => {
        fc.pre(Buffer.compare(key, other) !== 0);
        expect(() => unseal(other, place, seal(key, place, text))).toThrow();
      }),
    );
  });

  it('does not open at another place', () => {
    fc.assert(
      fc.property(key, place, place, text, (key, place, other, text) => {
        fc.pre(place !== other);
        expect(() => unseal(key, other, seal(key, place, text))).toThrow();
      }),
    );
  });

  it('does not open when a bit of it is another: of nonce, text or tag', () => {
    fc.assert(
      fc.property(key, place, text, fc.nat(), (key, place, text, at) => {
        expect(() => unseal(key, place, flipped(seal(key, place, text).sealed, at))).toThrow();
      }),
    );
  });

  it('does not open when it is cut short', () => {
    const key = new Uint8Array(32);
    const bytes = Buffer.from(seal(key, 'S/1/a', 'Anna').sealed, 'base64');
    for (let length = 0; length < bytes.length; length++) {
      const sealed = bytes.subarray(0, length).toString('base64');
      expect(() => unseal(key, 'S/1/a', { sealed })).toThrow();
    }
  });
});
