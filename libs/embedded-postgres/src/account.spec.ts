import { chownSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accountForNew, accountOf, isRoot } from './account.js';

const directory = mkdtempSync(join(tmpdir(), 'daybook-account-'));
afterAll(() => rmdirSync(directory));

describe('the account of a cluster', () => {
  it('is its owner’s for root, who is told what to do where that is root as well; ours for all others', () => {
    if (!isRoot()) return expect(accountOf(directory)).toBeUndefined();
    expect(() => accountOf(directory)).toThrow(`chown -R nobody ${directory}`);
    const nobody = accountForNew()!;
    chownSync(directory, nobody.uid, nobody.gid);
    expect(accountOf(directory)).toEqual(nobody);
  });
});
