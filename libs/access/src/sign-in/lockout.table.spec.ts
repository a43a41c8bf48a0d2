import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { freshStore } from '../../../../test/database.js';
import { ServerSecret } from '../server-secret.service.js';
import { lockSeconds } from './lockout.js';
import { Lockouts } from './lockout.table.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

const secret = new ServerSecret(randomBytes(32));
let time: number;
let account: string;
beforeEach(() => {
  time = Date.parse('2026-03-01T12:00:00Z');
  account = `${randomUUID()}@centre.example`;
});
/** Of another node, or after a restart. */
const open = () => new Lockouts(fresh.pool, secret, () => new Date(time));

/** Failures in a row, or how long to wait. */
async function attempt(name = account): Promise<object> {
  try {
    return await open().begin(name);
  } catch (error) {
    if (error instanceof Problem && error.code === 'too-many-requests') {
      return { wait: error.details.extensions?.retryAfter };
    }
    throw error;
  }
}
async function fail(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await attempt();
}

describe('C-15 repeated failures', () => {
  it('lock an account for a minute after five, doubling to an hour', () => {
    expect(Array.from({ length: 13 }, (_, i) => lockSeconds(i + 1))).toEqual([
      0, 0, 0, 0, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600,
    ]);
  });

  it('lock on every node and beyond a restart, and each further one for longer', async () => {
    await fail(4);
    expect(await attempt()).toEqual({ failures: 5, locked: 60 });
    expect(await attempt()).toEqual({ wait: 60 });
    time += 59_001;
    expect(await attempt()).toEqual({ wait: 1 });
    time += 999;
    expect(await attempt()).toEqual({ failures: 6, locked: 120 });
    expect(await attempt(account.toUpperCase())).toEqual({ wait: 120 });
    for (let i = 0; i < 20; i++) {
      time += 3_600_000;
      await attempt();
    }
    expect(await attempt()).toEqual({ wait: 3600 });
  });

  it('are never more guesses for coming all at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => attempt()));
    expect(outcomes.filter((outcome) => 'failures' in outcome)).toHaveLength(5);
  });

  it('are forgotten after a success, or a day', async () => {
    await fail(4);
    await open().succeeded(account);
    expect(await attempt()).toEqual({ failures: 1, locked: 0 });
    await fail(2);
    time += 86_400_001;
    expect(await attempt()).toEqual({ failures: 1, locked: 0 });
  });

  it('are kept under no name: it may be a password in the wrong field', async () => {
    await attempt();
    const { rows } = await fresh.pool.query('SELECT f::text AS row FROM sign_in_failure f');
    expect(JSON.stringify(rows)).not.toContain(account);
  });
});
