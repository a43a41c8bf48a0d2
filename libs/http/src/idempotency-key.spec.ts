import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey } from './idempotency-key.js';

describe('parseIdempotencyKey', () => {
  it('reads a UUID of any version, whatever its case', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 4, 6, 7, 8] }), fc.boolean(), (uuid, upper) => {
        expect(parseIdempotencyKey(upper ? uuid.toUpperCase() : uuid)).toBe(uuid);
      }),
    );
  });

  it('is required', () => {
    expect(() => parseIdempotencyKey(undefined)).toThrow(
      expect.objectContaining({ code: 'idempotency-key-required', status: 400 }),
    );
  });

  it.each([
    '',
    'a',
    '0190163d-8694-739b-aea5-966c26f8ad9',
    '{0190163d-8694-739b-aea5-966c26f8ad90}',
    '0190163d8694739baea5966c26f8ad90',
    '0190163d-8694-739b-aea5-966c26f8ad90, 0190163d-8694-739b-aea5-966c26f8ad91',
    '0190163d-8694-739b-aea5-966c26f8ad90\n',
  ])('refuses %j', (header) => {
    expect(() => parseIdempotencyKey(header)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});
