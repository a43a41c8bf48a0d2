import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshStore } from '../../../test/database.js';
import { readHistories } from './histories.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

async function append(log: string, stream: string, count: number, after = -1) {
  const events = Array.from({ length: count }, () => ({ type: 'Happened', data: {} }));
  await fresh.store.append(log, { stream, expectedRevision: after, actor: { system: 'test' }, events });
}

async function histories(log: string, upTo: number): Promise<[string, number[]][]> {
  const found: [string, number[]][] = [];
  for await (const events of readHistories(fresh.pool, log, upTo))
    found.push([events[0]!.stream, events.map(({ revision }) => revision)]);
  return found;
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('the histories of a log', () => {
  it('are each whole, in the order of their names, however many events there are', async () => {
    await append('A', 'c', 1);
    await append('A', 'b', 2500);
    await append('A', 'a', 499);
    await append('A', 'c', 1000, 0);
    await append('B', 'a', 1);
    expect(await histories('A', 3999)).toEqual([
      ['a', upTo(499)],
      ['b', upTo(2500)],
      ['c', upTo(1001)],
    ]);
  });

  it('end at a position', async () => {
    await append('C', 'a', 2);
    await append('C', 'b', 2);
    await append('C', 'a', 2, 1);
    expect(await histories('C', 2)).toEqual([
      ['a', [0, 1]],
      ['b', [0]],
    ]);
    expect(await histories('C', -1)).toEqual([]);
  });

  it('give their connection back when they are not read to the end', async () => {
    await append('D', 'a', 1);
    await append('D', 'b', 1);
    for (let i = 0; i < 2 * fresh.pool.options.max; i++) {
      for await (const events of readHistories(fresh.pool, 'D', 1)) if (events.length > 0) break;
    }
    expect(await histories('D', 1)).toHaveLength(2);
  });
});
