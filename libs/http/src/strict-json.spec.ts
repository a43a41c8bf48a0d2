import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { parseStrictJson } from './strict-json.js';

function refusalOf(text: string) {
  try {
    return { accepted: parseStrictJson(text) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [fault] = error.details.errors ?? [];
    return { problem: error.code, pointer: fault?.pointer, code: fault?.code };
  }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parseStrictJson', () => {
  it('agrees with JSON.parse on every value, however it is laid out', () => {
    const indent = fc.constantFrom(0, 1, '\t', '\r\n ');
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), indent, (json, space) => {
        fc.pre(!/"(?:__proto__|constructor|prototype)":|\\u0000/.test(json));
        const value = zerosWithoutSign(JSON.parse(json));
        expect(parseStrictJson(JSON.stringify(value, null, space))).toEqual(value);
      }),
    );
  });

  it('agrees with JSON.parse on every text near to JSON that it accepts, and accepts nothing else', () => {
    const fragment = fc.constantFrom(
      ...'{}[],:"\\ \n0123.eE+-',
      ...['"a":', '"b"', 'true', 'null', '1.5', '\\u00e9', '\\n', '"\\ud83d\\ude00"', '\u0001', '\ufeff'],
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = fragments.join('');
        const outcome = refusalOf(text);
        if ('accepted' in outcome) expect(outcome.accepted).toEqual(zerosWithoutSign(JSON.parse(text)));
        else if (outcome.code === 'syntax') expect(() => JSON.parse(text)).toThrow();
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back every finite number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseStrictJson(JSON.stringify(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it('never takes one integer for another', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), (integer) => {
        const outcome = refusalOf(String(integer));
        const held = JSON.parse(String(integer));
        if ('accepted' in outcome) expect(outcome.accepted).toBe(held);
        else expect(outcome).toEqual({ problem: 'invalid-value', pointer: '', code: 'inexact-number' });
        if (Number.isSafeInteger(held)) expect(outcome).toHaveProperty('accepted');
      }),
    );
  });

  it.each([
    ['-0', 0],
    ['-0.0e7', 0],
    ['1E+2', 100],
    ['1.50', 1.5],
    ['0.30000000000000004', 0.30000000000000004],
    ['123456789012345000000', 123456789012345000000],
    ['1e23', 1e23],
    ['5e-324', 5e-324],
    ['0e99999999999999999999', 0],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('reads %s', (text, value) => {
    expect(parseStrictJson(text)).toBe(value);
  });

  it.each([
    '1e999',
    '-1e999',
    '1e-999',
    '9'.repeat(400),
    '9007199254740993',
    '0.1000000000000000055',
    '12345678901234567890123',
    '1.7976931348623157e309',
    '0.12345678901234567890',
  ])('refuses the number %s', (text) => {
    expect(refusalOf(`{"a":[1,${text}]}`)).toEqual({
      problem: 'invalid-value',
      pointer: '/a/1',
      code: 'inexact-number',
    });
  });

  it.each([
    ['{"a":1,"b":{"c":1,"c":2}}', '/b/c', 'duplicate-key'],
    ['{"a":1,"\\u0061":1}', '/a', 'duplicate-key'],
    ['[{"__proto__":{"admin":true}}]', '/0/__proto__', 'forbidden-key'],
    ['{"__pro\\u0074o__":1}', '/__proto__', 'forbidden-key'],
    ['{"constructor":1}', '/constructor', 'forbidden-key'],
    ['{"x":{"prototype":1}}', '/x/prototype', 'forbidden-key'],
    ['', '', 'syntax'],
    ['{} {}', '', 'syntax'],
    ['{"a":1}garbage', '', 'syntax'],
    ['{"a":[1,2', '/a', 'syntax'],
    ['{"a":[1,}', '/a/1', 'syntax'],
    ['{"a":tru}', '/a', 'syntax'],
    ['{"a":1,}', '', 'syntax'],
    ["{'a':1}", '', 'syntax'],
    ['{"a" 1}', '/a', 'syntax'],
    ['[01]', '', 'syntax'],
    ['[1.]', '', 'syntax'],
    ['[.5]', '/0', 'syntax'],
    ['[+1]', '/0', 'syntax'],
    ['[NaN]', '/0', 'syntax'],
    ['["a\nb"]', '/0', 'syntax'],
    ['["a\0b"]', '/0', 'syntax'],
    ['["\\x"]', '/0', 'syntax'],
    ['["\\u12g4"]', '/0', 'syntax'],
    ['["open', '/0', 'syntax'],
    ['["open\\', '/0', 'syntax'],
    ['[1]\u00a0', '', 'syntax'],
    ['/* c */ 1', '', 'syntax'],
  ])('calls %j malformed', (text, pointer, code) => {
    expect(refusalOf(text)).toEqual({ problem: 'malformed-json', pointer, code });
  });

  it.each([
    ['{"a":"\\ud800"}', '/a', 'lone-surrogate'],
    ['{"a":"\\ude00\\ud83d"}', '/a', 'lone-surrogate'],
    ['{"a":"\ud800"}', '/a', 'lone-surrogate'],
    ['{"\\ud800":1}', '', 'lone-surrogate'],
    ['{"a~/b":["\\u0000"]}', '/a~0~1b/0', 'nul'],
    ['{"\\u0000":1}', '', 'nul'],
  ])('refuses the value in %j', (text, pointer, code) => {
    expect(refusalOf(text)).toEqual({ problem: 'invalid-value', pointer, code });
  });

  it('reads 64 levels and no more', () => {
    expect(refusalOf(nested(64))).toHaveProperty('accepted');
    expect(refusalOf(nested(65))).toEqual({
      problem: 'invalid-value',
      pointer: '/0'.repeat(64),
      code: 'too-deep',
    });
    expect(refusalOf(nested(100_000))).toHaveProperty('code', 'too-deep');
  });

  it('takes keys that every object inherits for what they are', () => {
    const object = parseStrictJson('{"toString":1,"hasOwnProperty":2,"valueOf":3,"":4}');
    expect(Object.entries(object as object)).toEqual([
      ['toString', 1],
      ['hasOwnProperty', 2],
      ['valueOf', 3],
      ['', 4],
    ]);
  });
});

/** JSON.parse keeps the sign of a zero, which we drop. */
function zerosWithoutSign(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
