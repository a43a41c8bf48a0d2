import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base32, codeAt, otpauthUri, stepOf } from './totp.js';

const seed = Buffer.from('12345678901234567890');

describe('C-15 a code of the second factor', () => {
  // RFC 6238 appendix B, SHA-1: 8 digits.
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('is that of the RFC at second %i', (seconds, code) => {
    expect(codeAt(seed, Math.floor(seconds / 30), 8)).toBe(code);
    expect(codeAt(seed, Math.floor(seconds / 30))).toBe(code.slice(2));
  });

  // RFC 4226 appendix D.
  it('is that of HOTP for each counter', () => {
    const codes = Array.from({ length: 10 }, (_, counter) => codeAt(seed, counter));
    expect(codes).toEqual('755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' '));
  });

  it('is taken one step early or late, and no further', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 31 }), fc.integer({ min: -1, max: 1 }), (step, shift) => {
        const now = new Date(step * 30_000 + 15_000);
        expect(stepOf(seed, codeAt(seed, step + shift), now)).toBeDefined();
      }),
    );
    const at = (step: number) => stepOf(seed, codeAt(seed, step), new Date(1_000_000 * 30_000));
    expect([at(999_998), at(1_000_002)]).toEqual([undefined, undefined]);
  });

  it('is six digits and nothing else', () => {
    for (const text of ['', '12345', '1234567', 'abcdef', codeAt(seed, 1).slice(1)]) {
      expect(stepOf(seed, text, new Date(30_000))).toBeUndefined();
    }
  });
});

describe('the seed', () => {
  // RFC 4648 §10.
  it('is written in base32', () => {
    const written = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) =>
      base32(Buffer.from(text)),
    );
    expect(written).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']);
  });

  it('is handed to an app as a URI', () => {
    const uri = new URL(otpauthUri(seed, 'anna@centre.example'));
    expect(uri.protocol).toBe('otpauth:');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      secret: base32(seed),
      issuer: 'Daybook',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    expect(decodeURIComponent(uri.pathname)).toContain('Daybook:anna@centre.example');
  });
});
