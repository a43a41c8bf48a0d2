import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash, MemoryTree, rootHash } from '#merkle';
import { asOwner, freshStore } from '../../../test/database.js';
import type { Append } from './batch.js';
import { canonical } from './canonical.js';
import type { Appended } from './group-commit.js';
import { LogTree } from './tree.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

const actor = { user: 'u1', role: 'coordinator' };
const append = (
  stream: string,
  expectedRevision: number,
  data: unknown = {},
  key: string = randomUUID(),
): Append => ({
  stream,
  expectedRevision,
  actor,
  command: { key, type: 'Test', fingerprint: 'f' },
  events: [{ type: 'Happened', data }],
});

function accepted(result: Appended) {
  if (result === 'refused') throw new Error('the append was refused');
  return result.events;
}

describe('append', () => {
  it('gives positions and revisions from 0 and returns what a reader will read', async () => {
    const first = accepted(
      await fresh.store.append('A', append('s1', -1, { text: 'ä "quoted" \u0000 \u2028' })),
    );
    const second = accepted(await fresh.store.append('A', append('s2', -1)));
    expect(first[0]).toMatchObject({
      log: 'A',
      stream: 's1',
      position: 0,
      revision: 0,
      type: 'Happened',
      actor,
    });
    expect(second[0]).toMatchObject({ position: 1, revision: 0 });
    expect(await fresh.store.readStream('A', 's1')).toEqual(first);
    expect(await fresh.store.size('A')).toBe(2);
  });

  it('stores exactly the canonical bytes that the leaf hash covers', async () => {
    await fresh.store.append(
      'B',
      append('s', -1, { b: 1e21, a: ['€', 0.1, null], nested: { z: true, A: false } }),
    );
    const { rows } = await fresh.pool.query("SELECT entry, leaf_hash FROM event WHERE log = 'B'");
    expect(rows[0].entry).toBe(canonical(JSON.parse(rows[0].entry)));
    expect(rows[0].leaf_hash).toEqual(Buffer.from(leafHash(rows[0].entry)));
  });

  it('refuses another revision than the one expected, and a key that is in the log', async () => {
    const key = randomUUID();
    accepted(await fresh.store.append('C', append('s', -1, {}, key)));
    expect(await fresh.store.append('C', append('s', -1))).toBe('refused');
    expect(await fresh.store.append('C', append('s', 1))).toBe('refused');
    expect(await fresh.store.append('C', append('other', -1, {}, key))).toBe('refused');
    expect(await fresh.store.size('C')).toBe(1);
  });

  it('finds all events of a command by its key, and no others', async () => {
    const key = randomUUID();
    const two = {
      ...append('s', -1, {}, key),
      events: [
        { type: 'One', data: {} },
        { type: 'Two', data: {} },
      ],
    };
    const events = accepted(await fresh.store.append('D', two));
    await fresh.store.append('D', append('s', 1));
    expect(await fresh.store.readCommand('D', key)).toEqual(events);
    expect(await fresh.store.readCommand('D', key.toUpperCase())).toEqual(events);
    expect(await fresh.store.readCommand('D', randomUUID())).toEqual([]);
  });

  it('keeps positions gapless and in order under 32 concurrent writers', async () => {
    const writer = async (w: number) => {
      for (let revision = -1; revision < 19; revision++)
        accepted(await fresh.store.append('E', append(`s${w}`, revision)));
    };
    await Promise.all(Array.from({ length: 32 }, (_, w) => writer(w)));
    const { rows } = await fresh.pool.query(
      "SELECT position, recorded_at FROM event WHERE log = 'E' ORDER BY position",
    );
    expect(rows.map((row) => row.position)).toEqual(Array.from({ length: 640 }, (_, i) => i));
    const times = rows.map((row) => Number(row.recorded_at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('lets exactly one of many writers to one revision win', async () => {
    const results = await Promise.all(
      Array.from({ length: 32 }, () => fresh.store.append('F', append('s', -1))),
    );
    expect(results.filter((result) => result !== 'refused')).toHaveLength(1);
  });
});

describe('the log', () => {
  it('C-04: refuses update, delete and truncate, even to the owner', async () => {
    await fresh.store.append('H', append('s', -1));
    for (const act of ["UPDATE event SET type = 'x'", 'DELETE FROM event', 'TRUNCATE event']) {
      await expect(asOwner(fresh.url, act)).rejects.toThrow(/append-only/);
      await expect(fresh.pool.query(act)).rejects.toThrow(/permission denied/);
    }
  });

  it('has a tree whose root is that of its leaves, at any size, however it was filled', async () => {
    const events = Array.from({ length: 200 }, (_, i) => ({ type: 'Happened', data: i }));
    for (let revision = -1; revision < 800; revision += 200) {
      await fresh.store.append('I', { ...append('s', revision), events });
    }
    const { rows } = await fresh.pool.query("SELECT leaf_hash FROM event WHERE log = 'I' ORDER BY position");
    const memory = new MemoryTree(rows.map((row) => row.leaf_hash));
    const tree = new LogTree(fresh.pool, 'I');
    for (const size of [1, 255, 256, 257, 600, 1000]) {
      await tree.fill(size);
      expect(Buffer.from(await rootHash(tree, size))).toEqual(Buffer.from(await memory.root(size)));
    }
  });

  it('names the position of a moment: the last event recorded by then', async () => {
    const events = await Promise.all(
      [0, 1, 2].map((i) => fresh.store.append('J', append(`s${i}`, -1)).then(accepted)),
    );
    const recorded = events.flat().sort((a, b) => a.position - b.position);
    for (const { recordedAt } of recorded) {
      const last = recorded.filter((event) => event.recordedAt <= recordedAt).length - 1;
      expect(await fresh.store.positionAt('J', recordedAt)).toBe(last);
    }
    expect(await fresh.store.positionAt('J', '2000-01-01T00:00:00.000Z')).toBe(-1);
    expect(await fresh.store.positionAt('J', '2999-01-01T00:00:00.000Z')).toBe(recorded.length - 1);
  });
});

describe('canonical', () => {
  it('is a text that JSON reads back, the same whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonical(value as never);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('sorts keys by UTF-16 code units, as RFC 8785 §3.2.3 has it', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const text = canonical(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text))).toEqual([
      '1',
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
  });

  it('refuses what has no canonical form', () => {
    expect(() => canonical('\ud800')).toThrow(TypeError);
    expect(() => canonical({ '\udc00': 1 })).toThrow(TypeError);
    expect(() => canonical(Number.NaN)).toThrow(TypeError);
  });
});
