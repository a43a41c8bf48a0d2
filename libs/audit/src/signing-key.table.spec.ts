import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyRoot, formatVerifierKey, noteKey, openCheckpoint, parseVerifierKey } from '#merkle';
import { asOwner, freshStore } from '../../../test/database.js';
import { SigningKeys } from './signing-key.table.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

const keyEncryptionKey = randomBytes(32);
const node = (key = keyEncryptionKey) => new SigningKeys(fresh.pool, key, randomBytes);

describe('signing keys', () => {
  it('are one for all nodes, also when all of them need it first', async () => {
    const seeds = await Promise.all(Array.from({ length: 8 }, () => node().current()));
    expect(new Set(seeds.map((seed) => seed.toString('hex'))).size).toBe(1);
    expect(await node().all()).toHaveLength(1);
  });

  it('sign a log’s checkpoints in its own name, the same head with the same bytes', async () => {
    const note = await node().sign('SINET', 0, emptyRoot);
    expect(await node().sign('SINET', 0, emptyRoot)).toBe(note);
    const checkpoint = openCheckpoint(note, [parseVerifierKey(await node().verifierKey('SINET'))]);
    expect(checkpoint).toMatchObject({ size: 0, origin: await node().origin('SINET') });
    expect(checkpoint.origin).toMatch(/^daybook\/[0-9a-f-]{36}\/SINET$/);
    const other = parseVerifierKey(await node().verifierKey('OTHER'));
    expect(() => openCheckpoint(note, [other])).toThrow('no known key');
  });

  it('do not stand readably in the database, and open with the right key only', async () => {
    const seed = await node().current();
    const { rows } = await fresh.pool.query('SELECT seed FROM signing_key');
    expect(rows[0].seed.includes(seed)).toBe(false);
    const wrong = node(randomBytes(32));
    for (const ask of [wrong.current(), wrong.all(), wrong.sign('SINET', 0, emptyRoot)]) {
      await expect(ask).rejects.toThrow(
        "the key-encryption key does not open this installation's signing key",
      );
    }
  });

  it('are added and never taken away, the current one first', async () => {
    const [before] = await node().all();
    for (const act of ['DELETE FROM signing_key', 'UPDATE signing_key SET valid_to = now()']) {
      await expect(fresh.pool.query(act)).rejects.toThrow(/permission denied/);
    }
    await asOwner(fresh.url, 'UPDATE signing_key SET valid_to = now()');
    const [current, earlier, ...none] = await node().all();
    expect(current).toMatchObject({ to: null });
    expect(earlier).toMatchObject({ public: before?.public, from: before?.from });
    expect(earlier?.to).toMatch(/^\d{4}-.*Z$/);
    expect(none).toEqual([]);
    const key = noteKey(await node().origin('SINET'), current!.public);
    expect(await node().verifierKey('SINET')).toBe(formatVerifierKey(key));
  });
});
