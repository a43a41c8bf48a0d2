import type { ClientBase } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshStore } from '../../../test/database.js';
import { LogPages } from './log-pages.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

async function append(log: string, count: number) {
  const stream = `s-${await fresh.store.size(log)}`;
  await fresh.store.append(log, {
    stream,
    expectedRevision: -1,
    actor: { system: 'test' },
    events: Array.from({ length: count }, () => ({ type: 'Happened', data: {} })),
  });
}

/** A real connection that counts what is asked of it, and may break off. */
async function counted(
  work: (client: ClientBase, asked: () => number, breakOff: () => void) => Promise<void>,
) {
  const client = await fresh.pool.connect();
  let asked = 0;
  let broken = false;
  const counting = new Proxy(client, {
    get: (target, name) =>
      name === 'query'
        ? (...query: Parameters<ClientBase['query']>) => {
            asked += 1;
            return broken ? Promise.reject(new Error('connection lost')) : target.query(...query);
          }
        : Reflect.get(target, name),
  });
  await work(
    counting,
    () => asked,
    () => {
      broken = true;
    },
  ).finally(() => client.release());
}

const positions = ({ events }: { events: readonly { position: number }[] }) => events.map((e) => e.position);

describe('the pages of a log', () => {
  it('are read once for all who follow it', () =>
    counted(async (client, asked) => {
      await append('A', 3);
      const pages = new LogPages();
      const [one, two] = await Promise.all([pages.after(client, 'A', -1), pages.after(client, 'A', -1)]);
      const three = await pages.after(client, 'A', -1);
      for (const page of [one, two, three]) expect(positions(page)).toEqual([0, 1, 2]);
      expect(asked()).toBe(1);
    }));

  it('that were kept may end before the log does, and say so', () =>
    counted(async (client) => {
      await append('B', 2);
      const pages = new LogPages();
      expect((await pages.after(client, 'B', -1)).isKept).toBe(false);
      await append('B', 2);
      const kept = await pages.after(client, 'B', -1);
      expect(positions(kept)).toEqual([0, 1]);
      expect(kept.isKept).toBe(true);
      expect(positions(await pages.after(client, 'B', 1))).toEqual([2, 3]);
    }));

  it('are looked for anew where there was nothing yet', () =>
    counted(async (client) => {
      const pages = new LogPages();
      expect(await pages.after(client, 'C', -1)).toEqual({ events: [], isFull: false, isKept: false });
      await append('C', 1);
      expect(positions(await pages.after(client, 'C', -1))).toEqual([0]);
    }));

  it('are of one log', () =>
    counted(async (client) => {
      await append('D', 1);
      await append('E', 2);
      const pages = new LogPages();
      expect(positions(await pages.after(client, 'D', -1))).toEqual([0]);
      expect(positions(await pages.after(client, 'E', -1))).toEqual([0, 1]);
    }));

  it('are read by the next where the first lost its connection', () =>
    counted((lost, _, breakOff) =>
      counted(async (client) => {
        await append('F', 2);
        const pages = new LogPages();
        breakOff();
        const [first, second] = await Promise.allSettled([
          pages.after(lost, 'F', -1),
          pages.after(client, 'F', -1),
        ]);
        expect(first.status).toBe('rejected');
        expect(second).toMatchObject({ status: 'fulfilled', value: { isKept: false } });
      }),
    ));
});
