import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { freshStore, openStore } from '../../../test/database.js';
import type { CommandType } from './command-type.js';
import { Runner } from './runner.js';
import { Streams } from './streams.js';
import { RefusedStep, type Step } from './together.js';

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

describe('commands that are run together', () => {
  const step = (tally: string, amount: number, key: string = randomUUID()) => ({
    type: add as Step<Who>['type'],
    command: () => ({ tally, amount }),
    call: call(key),
  });
  const sums = async (...tallies: string[]) => {
    const streams = await Promise.all(tallies.map((tally) => fresh.store.readStream('T', tally)));
    return streams.map((events) => events.map(({ data }) => (data as { amount: number }).amount));
  };

  it('are all stored, each decided on what those before it made', async () => {
    const receipts = await node().runTogether('T', [step('a1', 4), step('a2', 1), step('a1', 6)], 'f');
    expect(await sums('a1', 'a2')).toEqual([[4, 6], [1]]);
    const positions = receipts.map(({ position }) => position);
    expect(positions).toEqual([positions[0], positions[0]! + 1, positions[0]! + 2]);
  });

  it('are none of them stored where one is refused, and it is told which', async () => {
    const steps = [step('b1', 4), step('b2', 1), step('b1', 7)];
    const refused = await node()
      .runTogether('T', steps, 'f')
      .catch((error) => error);
    expect(refused).toBeInstanceOf(RefusedStep);
    expect(refused).toMatchObject({ step: 2, problem: { code: 'conflict' } });
    expect(await sums('b1', 'b2')).toEqual([[], []]);
  });

  it('get their first receipts again when they are retried, and are another request under another fingerprint', async () => {
    const steps = [step('c1', 4), step('c1', 0), step('c2', 9)];
    const runner = node();
    const first = await runner.runTogether('T', steps, 'f');
    for (const other of [runner, node()]) {
      const again = await other.runTogether('T', steps, 'f');
      expect(again.map(({ events }) => events)).toEqual(first.map(({ events }) => events));
      expect(again.every(({ replayed }) => replayed)).toBe(true);
    }
    await expect(runner.runTogether('T', steps, 'g')).rejects.toEqual(refusal('idempotency-key-reused'));
    expect(await sums('c1', 'c2')).toEqual([[4], [9]]);
  });

  it('see what another node wrote meanwhile', async () => {
    const [one, other] = [node(), node()];
    await one.run(add, { tally: 'd1', amount: 1 }, call());
    await other.run(add, { tally: 'd1', amount: 8 }, call());
    await expect(one.runTogether('T', [step('d2', 1), step('d1', 5)], 'f')).rejects.toMatchObject({
      step: 1,
    });
    await one.runTogether('T', [step('d2', 1), step('d1', 1)], 'f');
    expect(await sums('d1', 'd2')).toEqual([[1, 8, 1], [1]]);
  });

  it('of several callers at once are each whole', async () => {
    const runners = [node(), node()];
    const batches = Array.from({ length: 12 }, (_, i) =>
      runners[i % 2]!.runTogether('T', [step('e1', 1), step(`e-${i}`, 2), step('e1', 0)], `f${i}`).then(
        () => i,
        () => undefined,
      ),
    );
    const stored = (await Promise.all(batches)).filter((i) => i !== undefined);
    const [e1] = await sums('e1');
    expect(e1).toHaveLength(stored.length);
    expect(stored.length).toBe(10);
    expect(await sums(...stored.map((i) => `e-${i}`))).toEqual(stored.map(() => [2]));
  });
});

describe('commands that are run at once', () => {
  const steps = (...parts: readonly (readonly [tally: string, amount: number, key?: string | undefined])[]) =>
    parts.map(
      ([tally, amount, key]): Step<Who> => ({
        type: add as Step<Who>['type'],
        command: () => ({ tally, amount }),
        call: call(key),
      }),
    );
  const length = async (tally: string) => (await fresh.store.readStream('T', tally)).length;

  it('are stored as if each were run, and replayed so', async () => {
    const runner = node();
    const key = randomUUID();
    const receipts = await runner.runAtOnce('T', steps(['m1', 2, key], ['m2', 3], ['m1', 4]));
    expect(receipts?.map(({ events }) => events.map(({ data }) => data))).toEqual([
      [{ amount: 2 }],
      [{ amount: 3 }],
      [{ amount: 4 }],
    ]);
    const again = await node().run(add, { tally: 'm1', amount: 2 }, call(key));
    expect(again).toEqual({ ...receipts![0], replayed: true });
    await expect(node().run(add, { tally: 'm1', amount: 3 }, call(key))).rejects.toEqual(
      refusal('idempotency-key-reused'),
    );
  });

  it.each<[string, () => Promise<readonly [string, number, string?]>]>([
    ['is refused', async () => ['n1', 9]],
    ['changes nothing', async () => ['n2', 0]],
    [
      'was run before',
      async () => {
        const key = randomUUID();
        await node().run(add, { tally: 'n3', amount: 1 }, call(key));
        return ['n3', 1, key];
      },
    ],
  ])('are not stored at all when one of them %s', async (_, one) => {
    const [tally, amount, key] = await one();
    const before = await length(tally);
    const all = steps([`${tally}-other`, 1], [tally, 2], [tally, amount, key], [`${tally}-other`, 2]);
    expect(await node().runAtOnce('T', all)).toBeUndefined();
    expect(await length(tally)).toBe(before);
    expect(await length(`${tally}-other`)).toBe(0);
  });
});

describe('a decision that rests on another stream', () => {
  /** Adds only while the other tally is what it was seen to be. */
  const addBeside: CommandType<Add & { beside: string }, number, { revision: number; beside: string }, Who> =
    {
      ...add,
      type: 'AddBeside',
      facts: async (context, { beside }) => {
        if (!context.anew && seen.has(beside)) return { revision: seen.get(beside)!, beside };
        const revision = (await fresh.store.readStream('T', beside)).length - 1;
        seen.set(beside, revision);
        return { revision, beside };
      },
      reliesOn: ({ beside, revision }) => [{ stream: beside, revision }],
      prepare: (command) => command,
      decide: ({ amount }, _, { revision }) => {
        if (revision > 0) throw new Problem('conflict', 'The other one moved.');
        return [{ type: 'Added', data: { amount } }];
      },
    };
  const seen = new Map<string, number>();

  it('is taken again when that stream has gone further, whichever node wrote there', async () => {
    const [one, other] = [node(), node()];
    const command = { tally: 'g1', amount: 1, beside: 'g2' };
    await other.run(add, { tally: 'g2', amount: 1 }, call());
    await one.run(addBeside, command, call());
    await other.run(add, { tally: 'g2', amount: 1 }, call());
    await expect(one.run(addBeside, command, call())).rejects.toEqual(refusal('conflict'));
    expect(await fresh.store.readStream('T', 'g1')).toHaveLength(1);
  });

  it('is placed after what is being written there at the same time, or before it', async () => {
    const runner = node();
    const command = { tally: 'h1', amount: 1, beside: 'h2' };
    await runner.run(add, { tally: 'h2', amount: 1 }, call());
    await runner.run(addBeside, command, call());
    const [moved] = await Promise.allSettled([
      runner.run(add, { tally: 'h2', amount: 1 }, call()),
      ...Array.from({ length: 5 }, (_, i) => runner.run(addBeside, { ...command, tally: `h1-${i}` }, call())),
    ]);
    expect(moved.status).toBe('fulfilled');
    const at = (await fresh.store.readStream('T', 'h2')).at(-1)!.position;
    for (let i = 0; i < 5; i++)
      for (const { position } of await fresh.store.readStream('T', `h1-${i}`))
        expect(position).toBeLessThan(at);
  });
});
