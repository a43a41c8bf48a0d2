import { describe, expect, it } from 'vitest';
import { date, dateTime, decimal, integer, language, positive, uri } from './lexical.js';

describe('the spelling of values', () => {
  it.each([
    [dateTime, '2024-02-29T23:59:59.5+14:00', '2023-02-29T00:00:00'],
    [dateTime, '2026-01-31T08:00:00', '2026-01-31'],
    [dateTime, ' 2026-01-31T08:00:00Z\n', '2026-01-31T08:00Z'],
    [date, '2026-01-31', '2026-01'],
    [decimal, '-.5', '1e5'],
    [language, 'de-CH', 'de_CH'],
    [uri, 'http://a/%20?b#c', 'http://a/ b'],
    [uri, 'urn:x', 'urn:x#a#b'],
  ])('is checked (%#)', (spelling, good, bad) => {
    expect(spelling.parse(good)).toBe(good.trim());
    expect(spelling.parse(bad)).toBeUndefined();
  });

  it('of integers is exact', () => {
    expect(integer.parse('-7')).toBe(-7);
    expect(positive.parse('0')).toBeUndefined();
    expect(integer.parse('9007199254740993')).toBeUndefined();
    expect(integer.print(1.5, () => {})).toBeUndefined();
  });
});
