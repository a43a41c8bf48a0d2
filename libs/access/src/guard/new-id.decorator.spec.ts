import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newId } from './new-id.decorator.js';

describe('the id of a new thing', () => {
  it('follows from the key: a retry names the same thing, another key another', () => {
    const key = randomUUID();
    expect(newId(key)).toBe(newId(key));
    expect(newId(key)).not.toBe(newId(randomUUID()));
  });

  it('is a UUID of version 8 (RFC 9562 §5.8)', () => {
    for (let i = 0; i < 50; i++) {
      expect(newId(randomUUID())).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});
