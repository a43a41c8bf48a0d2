import { describe, expect, it } from 'vitest';
import { Recurring } from './recurring.js';

/** Resolves when it was called so often. */
function counting(times: number): { call(): number; reached: Promise<void> } {
  let count = 0;
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const call = () => {
    if (++count === times) reach();
    return count;
  };
  return { call, reached };
}

describe('recurring work', () => {
  it('is done again and again, whatever it throws, and each fault is told', async () => {
    const { call, reached } = counting(3);
    const faults: unknown[] = [];
    const work = async () => {
      throw new Error(String(call()));
    };
    const recurring = new Recurring(1, work, (error) => faults.push(String(error)));
    recurring.start();
    await reached;
    await recurring.stop();
    expect(faults.slice(0, 2)).toEqual(['Error: 1', 'Error: 2']);
  });

  it('is over when stopping is, tells nothing after that, and does not begin anew', async () => {
    const told: string[] = [];
    let finish = () => {};
    const recurring = new Recurring(
      0,
      async (isStopped) => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        told.push(`stopped: ${isStopped()}`);
        throw new Error('cut short');
      },
      () => told.push('fault'),
    );
    recurring.start();
    const stopped = recurring.stop().then(() => told.push('over'));
    finish();
    await stopped;
    expect(told).toEqual(['stopped: true', 'over']);
  });
});
