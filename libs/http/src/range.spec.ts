import { describe, expect, it } from 'vitest';
import { parseRange } from './range.js';

describe('a byte range', () => {
  it.each([
    ['bytes=0-9', { from: 0, to: 10 }],
    ['bytes=90-', { from: 90, to: 100 }],
    ['bytes=-10', { from: 90, to: 100 }],
    ['bytes=-1000', { from: 0, to: 100 }],
    ['bytes=99-500', { from: 99, to: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
  ])('%s is satisfied as far as the bytes go', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });

  it.each([
    undefined,
    '',
    'bytes=-',
    'bytes=9-3',
    'bytes=0-1,5-6',
    'items=0-1',
    'bytes=a-b',
    `bytes=${'9'.repeat(40)}-`,
  ])('%s asks for everything', (header) => {
    expect(parseRange(header, 100)).toBeUndefined();
  });
});
