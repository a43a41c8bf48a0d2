import { describe, expect, it } from 'vitest';
import { isMissingCode, missingCodes } from './missing.js';

describe('missing codes', () => {
  it('are the four that a form may give', () => {
    expect(missingCodes).toEqual(['not-done', 'unknown', 'not-applicable', 'refused']);
    expect(missingCodes.every(isMissingCode)).toBe(true);
  });

  it.each(['', 'ND', 'Unknown', 'not done', null, undefined, 0, ['unknown']])('%j is none', (value) => {
    expect(isMissingCode(value)).toBe(false);
  });
});
