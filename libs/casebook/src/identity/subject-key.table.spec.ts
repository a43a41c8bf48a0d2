import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshStore } from '../../../../test/database.js';
import { SubjectKeys } from './subject-key.table.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

const keyEncryptionKey = randomBytes(32);
const node = (kek = keyEncryptionKey) => new SubjectKeys(fresh.pool, kek, randomBytes);
const rowOf = async (subject: string) => {
  const { rows } = await fresh.pool.query('SELECT key FROM subject_key WHERE subject = $1', [subject]);
  return rows;
};

describe('the key of a subject', () => {
  it('is made once, and is the same on every node', async () => {
    const [one, other] = await Promise.all([node().of('S', 'A-1'), node().of('S', 'A-1')]);
    expect(one).toHaveLength(32);
    expect(other).toEqual(one);
    expect((await rowOf('A-1'))[0].key.includes(one)).toBe(false);
  });

  it('is gone once destroyed, and none is made in its place', async () => {
    const keys = node();
    await keys.of('S', 'A-2');
    await keys.destroy('S', 'A-2');
    for (const one of [keys, node()]) expect(await one.of('S', 'A-2')).toBeUndefined();
    expect(await rowOf('A-2')).toEqual([{ key: null }]);
  });

  it('is never made for a subject who was erased before one was needed', async () => {
    await node().destroy('S', 'A-3');
    await node().destroy('S', 'A-3');
    expect(await node().of('S', 'A-3')).toBeUndefined();
  });
});

describe('a fingerprint', () => {
  it('is the same on every node, and another in another study or under another key', () => {
    const print = node().fingerprint('S', 'ANNA 1961');
    expect(node().fingerprint('S', 'ANNA 1961')).toBe(print);
    const others = [
      node().fingerprint('S', 'ANNA 1962'),
      node().fingerprint('T', 'ANNA 1961'),
      node(randomBytes(32)).fingerprint('S', 'ANNA 1961'),
    ];
    expect(new Set([print, ...others]).size).toBe(4);
  });
});
