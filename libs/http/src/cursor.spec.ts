import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursors, cursorScope } from './cursor.js';

const cursors = new Cursors(new Uint8Array(32).fill(7));
const keyset = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()), { maxLength: 4 });
const refused = expect.objectContaining({
  code: 'invalid-request',
  detail: expect.stringContaining('cursor'),
});

describe('Cursors', () => {
  it('gives back what it was given, in the same scope', () => {
    fc.assert(
      fc.property(keyset, fc.string(), (values, scope) => {
        expect(cursors.decode(cursors.encode(values, scope), scope)).toEqual(values);
      }),
    );
  });

  it('refuses a cursor of another scope', () => {
    fc.assert(
      fc.property(keyset, fc.string(), fc.string(), (values, scope, other) => {
        fc.pre(scope !== other);
        expect(() => cursors.decode(cursors.encode(values, scope), other)).toThrow(refused);
      }),
    );
  });

  it('refuses a cursor with any character changed, added or left out', () => {
    const letter = fc.constantFrom(...'AZaz09-_+/= !');
    fc.assert(
      fc.property(keyset, fc.nat(), letter, fc.nat({ max: 1 }), (values, place, inserted, removed) => {
        const cursor = cursors.encode(values, 's');
        const at = place % (cursor.length + 1);
        const altered = cursor.slice(0, at) + inserted + cursor.slice(at + removed);
        fc.pre(altered !== cursor);
        expect(() => cursors.decode(altered, 's')).toThrow(refused);
      }),
    );
  });

  it('refuses one cursor’s authentication before another’s keys', () => {
    const [one, other] = [
      [1, 'a'],
      [2, 'b'],
    ].map((values) => Buffer.from(cursors.encode(values, 's'), 'base64url'));
    const spliced = Buffer.concat([one!.subarray(0, 16), other!.subarray(16)]).toString('base64url');
    expect(() => cursors.decode(spliced, 's')).toThrow(refused);
  });

  it('refuses cursors made under another key, and what is none', () => {
    const strange = new Cursors(randomBytes(32)).encode([1], 's');
    for (const text of [strange, '', 'A', '1', 'null', Buffer.from('[1]').toString('base64url')]) {
      expect(() => cursors.decode(text, 's')).toThrow(refused);
    }
  });

  it('asks for a long key', () => {
    expect(() => new Cursors(new Uint8Array(16))).toThrow(RangeError);
  });
});

describe('cursorScope', () => {
  it('does not depend on the order of filters, nor on those that are not given', () => {
    expect(cursorScope('u', 'l', { a: '1', b: 2, c: undefined })).toBe(
      cursorScope('u', 'l', { b: 2, a: '1' }),
    );
  });

  it('tells callers, lists and filters apart', () => {
    const scopes = [
      cursorScope('u', 'l'),
      cursorScope('v', 'l'),
      cursorScope('u', 'm'),
      cursorScope('u,"l', ''),
      cursorScope('u', 'l', { a: '1' }),
      cursorScope('u', 'l', { a: 1 }),
      cursorScope('u', 'l', { b: '1' }),
    ];
    expect(new Set(scopes).size).toBe(scopes.length);
  });
});
