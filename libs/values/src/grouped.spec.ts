import { describe, expect, it } from 'vitest';
import { grouped } from './grouped.js';

describe('values by a key', () => {
  it('keep their order, as the keys do that of their first', () => {
    const groups = grouped(['b1', 'a1', 'b2'], (text) => text[0]);
    expect([...groups]).toEqual([
      ['b', ['b1', 'b2']],
      ['a', ['a1']],
    ]);
  });
});
