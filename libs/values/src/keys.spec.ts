import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey, formatKey, isOid, parseKey } from './keys.js';

const oid = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
const repeat = fc.integer({ min: 1, max: 999 });

describe('parseKey', () => {
  it('reads an OID with its repeat key', () => {
    expect(parseKey('FU~3')).toEqual({ oid: 'FU', repeat: 3 });
    expect(parseKey('V_M06')).toEqual({ oid: 'V_M06', repeat: 1 });
  });

  it('takes a missing repeat key and ~1 for the same', () => {
    expect(parseKey('FU~1')).toEqual(parseKey('FU'));
  });

  it.each([
    '',
    '~',
    '~1',
    'FU~',
    'FU~0',
    'FU~01',
    'FU~1000',
    'FU~-1',
    'FU~1.5',
    'FU~1~2',
    'FU~x',
    'FU ',
    '1FU',
  ])('refuses %j', (text) => {
    expect(parseKey(text)).toBeUndefined();
  });

  it('refuses an OID longer than 64 characters and a line break after a key', () => {
    expect(parseKey(`A${'b'.repeat(63)}`)).toBeDefined();
    expect(parseKey(`A${'b'.repeat(64)}`)).toBeUndefined();
    expect(parseKey('FU\n')).toBeUndefined();
    expect(parseKey('FU~3\n')).toBeUndefined();
  });

  it('reads back what formatKey wrote', () => {
    fc.assert(
      fc.property(oid, repeat, (oid, repeat) => {
        expect(parseKey(formatKey({ oid, repeat }))).toEqual({ oid, repeat });
      }),
    );
  });
});

describe('formatKey', () => {
  it('drops ~1 and keeps the others', () => {
    expect(formatKey({ oid: 'FU', repeat: 1 })).toBe('FU');
    expect(formatKey({ oid: 'FU', repeat: 12 })).toBe('FU~12');
  });
});

describe('canonicalKey', () => {
  it('is the one text of a key, and leaves what is none', () => {
    expect(['FU~1', 'FU', 'FU~3', 'FU~01', ''].map(canonicalKey)).toEqual(['FU', 'FU', 'FU~3', 'FU~01', '']);
  });
});

describe('isOid', () => {
  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])(
    'refuses %s, which every object has already',
    (text) => {
      expect(isOid(text)).toBe(false);
    },
  );

  it('wants a letter first and no repeat key', () => {
    expect(['I.DM.AGE', 'V_SCR', 'a-1'].every(isOid)).toBe(true);
    expect(['', '_A', '.A', 'É1', 'A~1', 'A/B', 'A B', 5, null].some(isOid)).toBe(false);
  });
});
