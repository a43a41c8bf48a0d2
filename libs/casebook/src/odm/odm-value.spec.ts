import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledItem } from '#study';
import { missingCodes } from '#values';
import { contentOf, givenIn } from './odm-value.js';

const item = (type: CompiledItem['type'], codes: string[] = []): CompiledItem => ({
  oid: 'I',
  label: 'Item',
  type,
  presence: 'optional',
  formOid: 'F',
  groupOid: 'G',
  codes: new Map(codes.map((code) => [code, code])),
});

const there = (value: unknown) => contentOf({ value, missing: null });

describe('a value in ODM', () => {
  it('comes back as it was, whatever its type', () => {
    const kinds: [CompiledItem['type'], fc.Arbitrary<unknown>][] = [
      ['text', fc.string()],
      ['integer', fc.integer()],
      ['decimal', fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
      ['partialDate', fc.constantFrom('2024', '2024-03', '2024-03-09')],
      ['codes', fc.uniqueArray(fc.string({ minLength: 1 }))],
    ];
    for (const [type, values] of kinds) {
      const comesBack = (value: unknown) => {
        expect(givenIn({ itemOid: 'I', ...there(value) }, item(type))).toEqual({ value });
      };
      fc.assert(fc.property(values, comesBack));
    }
  });

  it('has no exponent, which XML Schema’s decimal does not know', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const hasNone = (value: number) => {
      expect(there(value).values![0]).toMatch(/^-?\d+(\.\d+)?$/);
    };
    fc.assert(fc.property(number, hasNone));
  });

  it('is missing for a reason, unknown where the document gives none', () => {
    for (const missing of missingCodes) {
      const content = contentOf({ value: null, missing });
      expect(givenIn({ itemOid: 'I', ...content }, item('text'))).toEqual({ missing });
    }
    expect(givenIn({ itemOid: 'I', isNull: true }, item('text'))).toEqual({ missing: 'unknown' });
    expect(givenIn({ itemOid: 'I' }, item('text'))).toBeUndefined();
  });

  it('is read as XML Schema spells it', () => {
    const given = (text: string, type: CompiledItem['type'], codes: string[] = []) =>
      givenIn({ itemOid: 'I', values: [text] }, item(type, codes));
    expect(given('+07.50', 'decimal')).toEqual({ value: 7.5 });
    expect(given('seven', 'integer')).toEqual({ value: 'seven' });
    expect(given('1', 'code', ['true', 'false'])).toEqual({ value: 'true' });
    expect(given('1', 'code', ['1', '2'])).toEqual({ value: '1' });
    expect(givenIn({ itemOid: 'I', values: ['A,B', 'C'] }, item('codes'))).toEqual({ value: ['A,B', 'C'] });
  });
});
