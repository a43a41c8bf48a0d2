import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, freshStore } from '../../../test/database.js';
import type { RecordedEvent } from './entry.js';
import { Follower } from './follower.js';
import { LogPages } from './log-pages.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
  await asOwner(
    fresh.url,
    'CREATE TABLE seen (follower text, log text, position bigint); GRANT SELECT, INSERT ON seen TO daybook_service',
  );
});
afterAll(() => fresh.close());

const faults: unknown[] = [];

/** A follower that writes down what it was given, and stumbles where told to. */
function follower(name: string, stumble: (event: RecordedEvent) => boolean = () => false) {
  return new Follower(
    name,
    { ...fresh, pages: new LogPages() },
    async (client, log, events) => {
      for (const event of events) {
        await client.query('INSERT INTO seen VALUES ($1, $2, $3)', [name, log, event.position]);
        if (stumble(event)) throw new Error(`cannot fold ${event.position}`);
      }
    },
    (_, error) => faults.push(error),
  );
}

async function append(log: string, count: number) {
  for (let i = 0; i < count; i++) {
    await fresh.store.append(log, {
      stream: `s${i % 3}-${Math.floor(i / 3)}-${await fresh.store.size(log)}`,
      expectedRevision: -1,
      actor: { system: 'test' },
      events: [{ type: 'Happened', data: {} }],
    });
  }
}

async function seen(name: string, log: string): Promise<number[]> {
  const { rows } = await fresh.pool.query(
    'SELECT position FROM seen WHERE follower = $1 AND log = $2 ORDER BY position',
    [name, log],
  );
  return rows.map((row) => row.position);
}

describe('a follower', () => {
  it('sees every event of every log exactly once, those before it started too', async () => {
    await append('A', 5);
    const one = follower('every');
    one.start();
    await append('A', 5);
    await append('B', 3);
    expect(await one.reached('A', 9)).toBe(true);
    expect(await one.reached('B', 2)).toBe(true);
    await one.stop();
    expect(await seen('every', 'A')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await seen('every', 'B')).toEqual([0, 1, 2]);
  });

  it('shares the work with others of its name without doubling it', async () => {
    const nodes = [follower('shared'), follower('shared'), follower('shared')];
    for (const node of nodes) node.start();
    await append('C', 30);
    expect(await nodes[0]!.reached('C', 29)).toBe(true);
    await Promise.all(nodes.map((node) => node.stop()));
    expect(await seen('shared', 'C')).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('stands still, visibly, at an event that it cannot fold, and goes on when it can', async () => {
    let poisoned = true;
    await append('D', 4);
    const one = follower('poisoned', (event) => poisoned && event.log === 'D' && event.position === 2);
    one.start();
    expect(await one.reached('D', 3, 10)).toBe(false);
    expect(one.failure).toContain('cannot fold 2');
    expect(faults.length).toBeGreaterThan(0);
    expect(await seen('poisoned', 'D')).toEqual([]);
    await append('E', 1);
    expect(await one.reached('E', 0)).toBe(true);
    poisoned = false;
    expect(await one.reached('D', 3)).toBe(true);
    await one.stop();
    expect(one.failure).toBeUndefined();
    expect(await seen('poisoned', 'D')).toEqual([0, 1, 2, 3]);
  });

  it('outlives the loss of its connection in the middle of a page', async () => {
    await append('F', 2);
    let cut = false;
    const one = new Follower(
      'cut',
      { ...fresh, pages: new LogPages() },
      async (client, log, events) => {
        if (log !== 'F') return;
        for (const { position } of events)
          await client.query("INSERT INTO seen VALUES ('cut', $1, $2)", [log, position]);
        if (cut) return;
        cut = true;
        const ended = new Promise((resolve) => client.once('end', resolve));
        const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
        await asOwner(fresh.url, `SELECT pg_terminate_backend(${rows[0].pid})`);
        await ended;
      },
      (_, error) => faults.push(error),
    );
    one.start();
    expect(await one.reached('F', 1)).toBe(true);
    await one.stop();
    expect(await seen('cut', 'F')).toEqual([0, 1]);
  });
});
