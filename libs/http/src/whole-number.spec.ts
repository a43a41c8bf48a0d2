import { describe, expect, it } from 'vitest';
import { parseCount, parseLimit, parseMinPosition } from './whole-number.js';

const invalid = (name: string) =>
  expect.objectContaining({ code: 'invalid-request', detail: expect.stringContaining(name) });

describe('parseLimit', () => {
  it('is 50 unless told otherwise, from 1 to 1000', () => {
    expect([parseLimit(undefined), parseLimit('1'), parseLimit('1000')]).toEqual([50, 1, 1000]);
  });

  it.each(['', '0', '1001', '-1', '+5', '05', '1.0', '1e2', '0x10', ' 5', '٥', 'ten'])(
    'refuses %j',
    (text) => {
      expect(() => parseLimit(text)).toThrow(invalid('limit'));
    },
  );
});

describe('parseCount', () => {
  it('reads safe integers from 0', () => {
    expect([parseCount('after', undefined), parseCount('after', '0')]).toEqual([undefined, 0]);
    expect(parseCount('after', String(Number.MAX_SAFE_INTEGER))).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => parseCount('after', '9007199254740992')).toThrow(invalid('after'));
  });
});

describe('parseMinPosition', () => {
  it('reads a position', () => {
    expect([parseMinPosition(undefined), parseMinPosition('0'), parseMinPosition('42')]).toEqual([
      undefined,
      0,
      42,
    ]);
  });

  it.each(['', '-1', '1, 2', '9007199254740993', '99999999999999999999', 'NaN'])('refuses %j', (text) => {
    expect(() => parseMinPosition(text)).toThrow(invalid('Daybook-Min-Position'));
  });
});
