import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownerConnection, type ReadModel } from '#event-store';
import { asOwner, freshStore } from '../../../test/database.js';
import type { Aggregate } from './command-type.js';
import { rebuildInline } from './rebuild.js';

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

const append = (log: string) =>
  fresh.store.append(log, {
    stream: 'tally',
    expectedRevision: -1,
    actor: { system: 'test' },
    events: [{ type: 'Happened', data: {} }],
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
    "SELECT FROM pg_locks WHERE NOT granted AND relation = 'log_head'::regclass",
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
});
