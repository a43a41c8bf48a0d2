import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CompiledItem } from './compile.js';
import type { ItemType } from './definition.js';
import { checkValue, outsideSoftRange } from './item-value.js';

const TODAY = '2026-03-15';

function item(type: ItemType, more: Partial<CompiledItem> = {}): CompiledItem {
  return {
    oid: 'I.F.X',
    label: 'Height',
    type,
    presence: 'optional',
    formOid: 'F',
    groupOid: 'IG.F',
    ...more,
  };
}

const codes = {
  codeList: 'CL.ARM',
  codes: new Map([
    ['A', 'Arm A'],
    ['B', 'Arm B'],
    ['C', 'Arm C'],
  ]),
};

function faultOf(item: CompiledItem, value: unknown): string | undefined {
  return checkValue(item, value, TODAY)?.code;
}

describe('checkValue', () => {
  it.each<[ItemType, unknown[]]>([
    ['text', ['a', 'two\nlines\tand a tab', 'é漢🩺', 'x'.repeat(200), '🩺'.repeat(200)]],
    ['integer', [0, -3, 12, Number.MAX_SAFE_INTEGER]],
    ['decimal', [0, -3.5, 1e-9]],
    ['date', ['2026-03-15', '1900-01-01', '2024-02-29']],
    ['partialDate', ['2026', '2026-03', '2026-03-15', '1950']],
  ])('accepts as %s %j', (type, values) => {
    for (const value of values) expect(checkValue(item(type), value, TODAY)).toBeUndefined();
  });

  it.each<[ItemType, unknown, string]>([
    ['text', 5, 'wrong-type'],
    ['text', null, 'wrong-type'],
    ['text', '', 'empty'],
    ['text', ' \n ', 'empty'],
    ['text', 'x'.repeat(201), 'too-long'],
    ['text', 'a\u0000b', 'bad-characters'],
    ['text', 'a\rb', 'bad-characters'],
    ['text', 'a\u001bb', 'bad-characters'],
    ['text', 'a\u0085b', 'bad-characters'],
    ['text', 'a\ud83cb', 'bad-characters'],
    ['text', 'a\udf00', 'bad-characters'],
    ['integer', '5', 'wrong-type'],
    ['integer', true, 'wrong-type'],
    ['integer', 1.5, 'not-an-integer'],
    ['integer', 2 ** 53, 'not-an-integer'],
    ['decimal', '1.5', 'wrong-type'],
    ['decimal', Number.NaN, 'wrong-type'],
    ['decimal', Number.POSITIVE_INFINITY, 'wrong-type'],
    ['date', 20240101, 'wrong-type'],
    ['date', '2024', 'impossible-date'],
    ['date', '2024-02-30', 'impossible-date'],
    ['date', '2024-01-01T00:00:00Z', 'impossible-date'],
    ['date', '2026-03-16', 'future-date'],
    ['partialDate', '2024-UN-UN', 'impossible-date'],
    ['partialDate', '2024--05', 'impossible-date'],
    ['partialDate', '2027', 'future-date'],
    ['partialDate', '2026-04', 'future-date'],
    ['partialDate', '2026-03-16', 'future-date'],
  ])('refuses as %s %j: %s', (type, value, code) => {
    expect(faultOf(item(type), value)).toBe(code);
  });

  it('counts a text in code points, up to the length of the item', () => {
    expect(faultOf(item('text', { length: 3 }), '🩺🩺🩺')).toBeUndefined();
    expect(faultOf(item('text', { length: 3 }), 'abcd')).toBe('too-long');
    expect(faultOf(item('text', { length: 4000 }), 'x'.repeat(4000))).toBeUndefined();
  });

  it('refuses a number outside the hard range only', () => {
    const percent = item('decimal', {
      label: 'Ki-67 index',
      unit: '%',
      range: { soft: { max: 55 }, hard: { min: 0, max: 100 } },
    });
    for (const value of [0, 60, 100]) expect(faultOf(percent, value)).toBeUndefined();
    expect(checkValue(percent, 100.1, TODAY)).toEqual({
      code: 'out-of-range',
      message: 'Ki-67 index is impossible outside 0–100 %',
    });
    expect(checkValue(item('integer', { range: { hard: { min: 0 } } }), -1, TODAY)?.message).toBe(
      'Height is impossible below 0',
    );
  });

  it('wants codes of the list, spelt as they are', () => {
    expect(faultOf(item('code', codes), 'A')).toBeUndefined();
    for (const value of ['a', 'D', '', 'constructor'])
      expect(faultOf(item('code', codes), value)).toBe('not-in-code-list');
    expect(faultOf(item('code', codes), ['A'])).toBe('wrong-type');
    expect(faultOf(item('code', codes), 0)).toBe('wrong-type');
  });

  it('wants several codes each once', () => {
    expect(faultOf(item('codes', codes), ['B', 'A'])).toBeUndefined();
    expect(faultOf(item('codes', codes), 'A')).toBe('wrong-type');
    expect(faultOf(item('codes', codes), [])).toBe('empty');
    expect(faultOf(item('codes', codes), ['A', 'B', 'A'])).toBe('repeated-code');
    expect(faultOf(item('codes', codes), ['A', 'D'])).toBe('not-in-code-list');
    expect(faultOf(item('codes', codes), ['A', null])).toBe('wrong-type');
  });

  it('accepts only values of its own type', () => {
    const types: ItemType[] = ['text', 'integer', 'decimal', 'date', 'partialDate', 'code', 'codes'];
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, value) => {
        if (checkValue(item(type, codes), value, TODAY) !== undefined) return;
        const expected =
          { integer: 'number', decimal: 'number', codes: 'object' }[type as string] ?? 'string';
        expect(typeof value).toBe(expected);
      }),
    );
  });
});

describe('outsideSoftRange', () => {
  const height = item('decimal', { unit: 'cm', range: { soft: { min: 120, max: 220 } } });

  it('words a query', () => {
    expect(outsideSoftRange(height, 230)).toBe('Height 230 cm is outside 120–220 cm');
    expect(outsideSoftRange(height, 119.5)).toBe('Height 119.5 cm is outside 120–220 cm');
    expect(outsideSoftRange(item('integer', { range: { soft: { max: 4 } } }), 5)).toBe('Height 5 is above 4');
    expect(outsideSoftRange(item('integer', { range: { soft: { min: 1 } } }), 0)).toBe('Height 0 is below 1');
  });

  it('is silent within the range, its bounds included, and where there is no range or number', () => {
    for (const value of [120, 170, 220, null]) expect(outsideSoftRange(height, value)).toBeUndefined();
    expect(outsideSoftRange(item('decimal'), 1e6)).toBeUndefined();
    expect(outsideSoftRange(item('text'), 'x')).toBeUndefined();
  });
});
