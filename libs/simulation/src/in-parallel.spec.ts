import { describe, expect, it } from 'vitest';
import { inParallel } from './in-parallel.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('work in parallel', () => {
  it('does every item once, in their order, never more than the width at a time', async () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    await inParallel(items, 3, async (item) => {
      begun.push(item);
      most = Math.max(most, ++underWay);
      await turn();
      underWay--;
    });
    expect(begun).toEqual(items);
    expect(most).toBe(3);
  });

  it('takes no further item after a failure, finishes what is under way, and throws the failure', async () => {
    const begun: number[] = [];
    const finished: number[] = [];
    const work = inParallel([0, 1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      await turn();
      if (item === 1) throw new Error('refused');
      await turn();
      finished.push(item);
    });
    await expect(work).rejects.toThrow('refused');
    expect(begun).toEqual([0, 1]);
    expect(finished).toEqual([0]);
  });
});
