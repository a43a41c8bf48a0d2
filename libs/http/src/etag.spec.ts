import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, isHeld, parseIfMatch, strongETag } from './etag.js';

const opaque = fc.stringMatching(/^[!#-~]{0,12}$/);

describe('strongETag', () => {
  it('quotes', () => {
    expect(strongETag('17')).toBe('"17"');
  });

  it.each(['a"b', 'a b', 'a\nb', '€'])('refuses the name %j', (name) => {
    expect(() => strongETag(name)).toThrow(RangeError);
  });
});

describe('parseIfMatch', () => {
  it('is undefined without the header', () => {
    expect(parseIfMatch(undefined)).toBeUndefined();
  });

  it.each([
    ['*', { any: true }],
    [' * ', { any: true }],
    ['"a"', { tags: ['a'] }],
    ['""', { tags: [''] }],
    ['"a", "b,c" ,"d"', { tags: ['a', 'b,c', 'd'] }],
    ['W/"a"', { tags: [] }],
    ['W/"a", "b"', { tags: ['b'] }],
    [', "a",, ', { tags: ['a'] }],
  ])('reads %s', (header, precondition) => {
    expect(parseIfMatch(header)).toEqual(precondition);
  });

  it.each(['', ' ', ',', 'a', '"a', 'a"', '"a" "b"', '"a""b"', '*, "a"', '"a", *', 'w/"a"', 'W/ "a"', "'a'"])(
    'refuses %j',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    },
  );

  it('reads any list of tags that was formatted', () => {
    fc.assert(
      fc.property(fc.array(opaque, { minLength: 1 }), fc.constantFrom(',', ', ', ' ,\t'), (tags, comma) => {
        expect(parseIfMatch(tags.map(strongETag).join(comma))).toEqual({ tags });
      }),
    );
  });

  it('takes linear time over a header that is all commas and spaces', () => {
    const started = performance.now();
    expect(() => parseIfMatch(`${', '.repeat(100_000)}!`)).toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('holds', () => {
  it('compares strongly', () => {
    expect(holds({ tags: ['1', '2'] }, '2')).toBe(true);
    expect(holds({ tags: ['1', '2'] }, '3')).toBe(false);
    expect(holds({ tags: [] }, '3')).toBe(false);
  });

  it('asks of * only that there be a state', () => {
    expect(holds({ any: true }, '1')).toBe(true);
    expect(holds({ any: true }, undefined)).toBe(false);
    expect(holds({ tags: ['1'] }, undefined)).toBe(false);
  });
});

describe('isHeld', () => {
  it('is so of a tag that is named, weak or strong, and of *', () => {
    expect(isHeld('"1"', '1')).toBe(true);
    expect(isHeld('"0", W/"1"', '1')).toBe(true);
    expect(isHeld('*', '1')).toBe(true);
    expect(isHeld('"0"', '1')).toBe(false);
    expect(isHeld(undefined, '1')).toBe(false);
    expect(() => isHeld('1', '1')).toThrow();
  });
});
