import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fold, ownerConnection, type ReadModel } from '#event-store';
import { asOwner, freshStore } from '../../../test/database.js';
import type { Aggregate } from './command-type.js';
import { rebuildFollowing, rebuildInline } from './rebuild.js';

const model: ReadModel = { table: 'shown', columns: ['log', 'position'], key: ['log'] };
const rowsOf = (log: string, position: number) => [{ model, rows: [{ log, position }] }];
const aggregate: Aggregate<unknown> = {
  initial: undefined,
  evolve: (state) => state,
  project: (_before, _after, events) => rowsOf(events.at(-1)!.log, events.at(-1)!.position),
};

let fresh: Awaited<ReturnType<typeof freshStore>>;
let owner: Client;
beforeEach(async () => {
  fresh = await freshStore();
  await asOwner(
    fresh.url,
    'CREATE TABLE shown (log text PRIMARY KEY, position bigint); GRANT SELECT, INSERT, UPDATE ON shown TO daybook_service',
  );
});
afterEach(async () => {
  await owner.end();
  await fresh.close();
});

const append = (log: string, stream = 'tally', count = 1) =>
  fresh.store.append(log, {
    stream,
    expectedRevision: -1,
    actor: { system: 'test' },
    events: Array.from({ length: count }, () => ({ type: 'Happened', data: {} })),
    project: (events) => rowsOf(log, events.at(-1)!.position),
  });

/** Lets others begin to work right before the rebuild clears the live rows: until they are done, or wait for it. */
async function ownerThatLets(others: () => Promise<unknown>): Promise<Client> {
  const client = new Client(ownerConnection(fresh.url));
  await client.connect();
  const query = client.query.bind(client) as (text: string, ...rest: unknown[]) => Promise<unknown>;
  client.query = (async (text: string, ...rest: unknown[]) => {
    if (text === 'DELETE FROM "shown"') {
      let done = false;
      void others().then(() => {
        done = true;
      });
      while (!done && !(await anyoneWaits()));
    }
    return query(text, ...rest);
  }) as never;
  return client;
}

async function anyoneWaits(): Promise<boolean> {
  const { rows } = await fresh.pool.query(
    "SELECT FROM pg_locks WHERE NOT granted AND relation = 'event'::regclass",
  );
  return rows.length > 0;
}

async function shown(): Promise<string[]> {
  return (await fresh.pool.query('SELECT log FROM shown ORDER BY log')).rows.map(({ log }) => log);
}

describe('a rebuild', () => {
  it('of inline rows loses none of a log that begins meanwhile', async () => {
    await append('A');
    let begun: Promise<unknown> = Promise.resolve();
    owner = await ownerThatLets(() => {
      begun = append('B');
      return begun;
    });
    await rebuildInline(owner, [{ prefix: 'tally', aggregate, models: [model] }]);
    await begun;
    expect(await shown()).toEqual(['A', 'B']);
  });

  it('of inline rows makes those of every stream, from all of its events', async () => {
    const perStream: Aggregate<unknown> = {
      initial: 0,
      evolve: (state) => (state as number) + 1,
      project: (_before, after, events) => rowsOf(events[0]!.stream, after as number),
    };
    const counts = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`tally/${i}`, (i % 3) + 1]));
    await Promise.all(Object.entries(counts).map(([stream, count]) => append('A', stream, count)));
    await append('A', 'other');
    owner = new Client(ownerConnection(fresh.url));
    await owner.connect();
    const folded = await rebuildInline(owner, [{ prefix: 'tally/', aggregate: perStream, models: [model] }]);
    const { rows } = await fresh.pool.query("SELECT log, position FROM shown WHERE log LIKE 'tally/%'");
    expect(Object.fromEntries(rows.map(({ log, position }) => [log, position]))).toEqual(counts);
    expect(folded).toBe(120);
  });

  it('of followers gives each of them every event once, in order', async () => {
    await append('A', 'tally', 11_000);
    await append('B');
    owner = new Client(ownerConnection(fresh.url));
    await owner.connect();
    const noting = () => {
      const seen: Record<string, number[]> = { A: [], B: [] };
      const fold: Fold = async (_, log, events) => {
        seen[log]!.push(...events.map(({ position }) => position));
      };
      return { seen, fold, tables: [] };
    };
    const [one, other] = [noting(), noting()];
    expect(await rebuildFollowing(owner, { one, other })).toBe(11_001);
    for (const { seen } of [one, other])
      expect(seen).toEqual({ A: Array.from({ length: 11_000 }, (_, i) => i), B: [0] });
    const { rows } = await fresh.pool.query(
      "SELECT follower, log, position FROM bookmark WHERE follower IN ('one', 'other') ORDER BY follower, log",
    );
    expect(rows).toEqual(
      ['one', 'other'].flatMap((follower) => [
        { follower, log: 'A', position: 10_999 },
        { follower, log: 'B', position: 0 },
      ]),
    );
  });
});
