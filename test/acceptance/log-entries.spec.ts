import { afterAll, describe, expect, it } from 'vitest';
import { STUDY } from './casebook.js';
import { startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

describe('entries of the log', () => {
  it('are none past its end, so that a reader who has all of them asks again without a fault', async () => {
    const inspector = trial.as('inspector');
    const size = (await trial.logSizes()).SINET!;
    for (const from of [size, size + 1000]) {
      const { status, text } = await inspector.get(`${STUDY}/log/entries?from=${from}`);
      expect([status, text]).toEqual([200, '']);
    }
  });
});
