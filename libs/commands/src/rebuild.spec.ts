import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownerConnection, type ReadModel } from '#event-store';
import { asOwner, freshStore } from '../../../test/database.js';
import type { Follows } from './anew.js';
import type { Aggregate } from './command-type.js';
import type { Kind } from './kind.js';
import { rebuild } from './rebuild.js';

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
    await rebuildAll([{ prefix: 'tally', aggregate, models: [model] }]);
    await begun;
    expect(await shown()).toEqual(['A', 'B']);
  });

  it('of inline rows makes those of every stream, from all of its events', async () => {
    const counts = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`tally/${i}`, (i % 3) + 1]));
    await Promise.all(Object.entries(counts).map(([stream, count]) => append('A', stream, count)));
    await append('A', 'other');
    owner = new Client(ownerConnection(fresh.url));
    await owner.connect();
    const { inline } = await rebuildAll([{ prefix: 'tally/', aggregate: perStream, models: [model] }]);
    const { rows } = await fresh.pool.query("SELECT log, position FROM shown WHERE log LIKE 'tally/%'");
    expect(Object.fromEntries(rows.map(({ log, position }) => [log, position]))).toEqual(counts);
    expect(inline).toBe(120);
  });

  it('of followers gives each of them every stream once, whole, with what it comes to', async () => {
    await append('A', 'tally/1', 2500);
    await append('A', 'tally/2', 1);
    await append('A', 'other', 5000);
    await append('B', 'tally/1', 1);
    owner = new Client(ownerConnection(fresh.url));
    await owner.connect();
    const [one, other] = [noting(), noting()];
    const counting: Kind = { prefix: 'tally', aggregate: perStream, models: [] };
    const { following } = await rebuildAll([counting], { one: one.follows, other: other.follows });
    expect(following).toBe(7502);
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
    for (const { seen } of [one, other])
      expect(seen).toEqual({
        A: {
          other: { revisions: upTo(5000), state: undefined },
          'tally/1': { revisions: upTo(2500), state: 2500 },
          'tally/2': { revisions: upTo(1), state: 1 },
        },
        B: { 'tally/1': { revisions: upTo(1), state: 1 } },
      });
    const { rows } = await fresh.pool.query(
      "SELECT follower, log, position FROM bookmark WHERE follower IN ('one', 'other') ORDER BY follower, log",
    );
    expect(rows).toEqual(
      ['one', 'other'].flatMap((follower) => [
        { follower, log: 'A', position: 7500 },
        { follower, log: 'B', position: 0 },
      ]),
    );
  });

  it('of followers replaces what they kept, with what follows from each stream and from all together', async () => {
    await append('A', 'tally/1', 3);
    await append('B', 'tally/1', 4);
    await asOwner(fresh.url, "INSERT INTO shown VALUES ('damage', 1)");
    owner = new Client(ownerConnection(fresh.url));
    await owner.connect();
    const summing: Follows = {
      models: [model],
      fold: async () => {},
      anew: async (log) => ({
        rowsOf: async ({ events }) => rowsOf(`${log}/${events[0]!.stream}`, events.length),
        rest: () => rowsOf(`all of ${log}`, 0),
      }),
    };
    await rebuildAll([], { summing });
    const { rows } = await fresh.pool.query('SELECT log, position FROM shown ORDER BY log');
    expect(rows.map(({ log, position }) => [log, position])).toEqual([
      ['A/tally/1', 3],
      ['B/tally/1', 4],
      ['all of A', 0],
      ['all of B', 0],
    ]);
  });
});

const perStream: Aggregate<unknown> = {
  initial: 0,
  evolve: (state) => (state as number) + 1,
  project: (_before, after, events) => rowsOf(events[0]!.stream, after as number),
};

const rebuildAll = (kinds: readonly Kind[], followers: Readonly<Record<string, Follows>> = {}) =>
  rebuild(owner, fresh.pool, kinds, followers);

/** A follower that keeps nothing, and writes down what it is given anew. */
function noting() {
  const seen: Record<string, Record<string, { revisions: number[]; state: unknown }>> = {};
  const follows: Follows = {
    models: [],
    fold: async () => {},
    anew: async (log) => ({
      rowsOf: async ({ stream, events, state }) => {
        seen[log] ??= {};
        expect(seen[log]).not.toHaveProperty(stream);
        seen[log][stream] = { revisions: events.map(({ revision }) => revision), state };
        return [];
      },
    }),
  };
  return { seen, follows };
}
