import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { freshStore, openStore } from '../../../test/database.js';
import type { CommandType } from './command-type.js';
import { Runner } from './runner.js';
import { Streams } from './streams.js';

/** A tally that grows by what it is told, up to ten. */
interface Add {
  readonly tally: string;
  readonly amount: number;
}
type Who = { id: string };

const add: CommandType<Add, number, undefined, Who> = {
  type: 'Add',
  aggregate: { initial: 0, evolve: (sum, event) => sum + (event.data as { amount: number }).amount },
  stream: ({ tally }) => tally,
  authorise: ({ caller }) => {
    if (caller.id === 'stranger') throw new Problem('not-found', 'There is no such thing here.');
    return { user: caller.id, role: 'tester' };
  },
  facts: () => undefined,
  prepare: (command) => {
    if (command.amount < 0) throw new Problem('invalid-value', 'Not less than nothing.');
    return command;
  },
  decide: ({ amount }, sum) => {
    if (sum + amount > 10) throw new Problem('conflict', `There is room for ${10 - sum}.`);
    return amount === 0 ? [] : [{ type: 'Added', data: { amount } }];
  },
};

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await fresh.close();
});

const opened: ReturnType<typeof openStore>[] = [];

/** A node of its own: other connections, another cache, another idea of where the log stands. */
function node() {
  const own = openStore(fresh.url);
  opened.push(own);
  return new Runner<Who>(own.store, new Streams(own.store), () => new Date());
}
const call = (key: string = randomUUID(), id = 'anna') => ({ log: 'T', caller: { id }, key });
const refusal = (code: string) => expect.objectContaining({ code });

describe('a retry', () => {
  it('gets the first receipt again and adds nothing, on this node and on another', async () => {
    const runner = node();
    const key = randomUUID();
    const first = await runner.run(add, { tally: 'retry', amount: 3 }, call(key));
    for (const other of [runner, node()]) {
      const again = await other.run(add, { tally: 'retry', amount: 3 }, call(key));
      expect(again).toEqual({ ...first, replayed: true });
    }
    expect(await fresh.store.readStream('T', 'retry')).toHaveLength(1);
  });

  it('gets it even where the command would be refused by now', async () => {
    const runner = node();
    const key = randomUUID();
    const first = await runner.run(add, { tally: 'full', amount: 6 }, call(key));
    expect(await runner.run(add, { tally: 'full', amount: 6 }, call(key))).toEqual({
      ...first,
      replayed: true,
    });
  });

  it('is refused when it is another request, valid or not, or another caller’s', async () => {
    const runner = node();
    const key = randomUUID();
    await runner.run(add, { tally: 'reuse', amount: 1 }, call(key));
    for (const [amount, id] of [
      [2, 'anna'],
      [0, 'anna'],
      [-1, 'anna'],
      [99, 'anna'],
      [1, 'otto'],
    ] as const) {
      await expect(runner.run(add, { tally: 'reuse', amount }, call(key, id))).rejects.toEqual(
        refusal('idempotency-key-reused'),
      );
    }
    await expect(runner.run(add, { tally: 'reuse', amount: 1 }, call(key, 'stranger'))).rejects.toEqual(
      refusal('not-found'),
    );
    expect(await fresh.store.readStream('T', 'reuse')).toHaveLength(1);
  });

  it('never doubles, however many retries run at once on however many nodes', async () => {
    const key = randomUUID();
    const nodes = [node(), node(), node()];
    const receipts = await Promise.all(
      Array.from({ length: 24 }, (_, i) => nodes[i % 3]!.run(add, { tally: 'storm', amount: 2 }, call(key))),
    );
    expect(await fresh.store.readStream('T', 'storm')).toHaveLength(1);
    expect(new Set(receipts.map((receipt) => receipt.position)).size).toBe(1);
    expect(receipts.filter((receipt) => !receipt.replayed)).toHaveLength(1);
  });
});

describe('a decision', () => {
  it('is taken anew when another node has written meanwhile', async () => {
    const [here, there] = [node(), node()];
    await here.run(add, { tally: 'nodes', amount: 1 }, call());
    await there.run(add, { tally: 'nodes', amount: 5 }, call());
    await here.run(add, { tally: 'nodes', amount: 4 }, call());
    const events = await fresh.store.readStream('T', 'nodes');
    expect(events.map((event) => event.data)).toEqual([{ amount: 1 }, { amount: 5 }, { amount: 4 }]);
  });

  it('that refuses rests on the current state, not on a cached one', async () => {
    const [here, there] = [node(), node()];
    await here.run(add, { tally: 'stale', amount: 8 }, call());
    await there.run(add, { tally: 'stale', amount: 2 }, call());
    await expect(here.run(add, { tally: 'stale', amount: 1 }, call())).rejects.toThrow(
      'There is room for 0.',
    );
  });

  it('holds its bound under concurrent writers on several nodes: none too many, none lost', async () => {
    const nodes = [node(), node(), node()];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, i) => nodes[i % 3]!.run(add, { tally: 'bound', amount: 1 }, call())),
    );
    const accepted = outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
    const events = await fresh.store.readStream('T', 'bound');
    expect(accepted).toBe(10);
    expect(events.map((event) => event.revision)).toEqual(Array.from({ length: 10 }, (_, i) => i));
  });

  it('that changes nothing leaves no event', async () => {
    const receipt = await node().run(add, { tally: 'nothing', amount: 0 }, call());
    expect(receipt).toMatchObject({ events: [], replayed: false });
    expect(await fresh.store.readStream('T', 'nothing')).toEqual([]);
  });
});

describe('a rehearsal', () => {
  it('says what would be stored on the current state, and stores nothing', async () => {
    const [here, there] = [node(), node()];
    await here.run(add, { tally: 'stage', amount: 1 }, call());
    await there.run(add, { tally: 'stage', amount: 2 }, call());
    const rehearsed = await here.rehearse(add, { tally: 'stage', amount: 3 }, call());
    expect(rehearsed).toEqual({ events: [{ type: 'Added', data: { amount: 3 } }], state: 3 });
    expect(await fresh.store.readStream('T', 'stage')).toHaveLength(2);
  });

  it('leaves its key for the act itself', async () => {
    const [runner, key] = [node(), randomUUID()];
    const command = { tally: 'premiere', amount: 3 };
    await runner.rehearse(add, command, call(key));
    expect(await runner.run(add, command, call(key))).toMatchObject({ replayed: false });
  });

  it('is refused as the act would be', async () => {
    const rehearse = (amount: number, id?: string) =>
      node().rehearse(add, { tally: 'refused', amount }, call(randomUUID(), id));
    await expect(rehearse(11)).rejects.toEqual(refusal('conflict'));
    await expect(rehearse(-1)).rejects.toEqual(refusal('invalid-value'));
    await expect(rehearse(1, 'stranger')).rejects.toEqual(refusal('not-found'));
  });
});
