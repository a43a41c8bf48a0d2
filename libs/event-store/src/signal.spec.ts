import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, freshStore } from '../../../test/database.js';
import { connectPipelined } from './connection.js';
import { LogSignal } from './signal.js';

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
});
afterAll(() => fresh.close());

describe('a signal whose connection is lost', () => {
  it('comes back, though the database is away for more than one try', async () => {
    let tries = 0;
    let backend = 0;
    let back = () => {};
    const listening = new Promise<void>((resolve) => {
      back = resolve;
    });
    const signal = new LogSignal(async () => {
      tries++;
      if (tries === 2 || tries === 3) throw new Error('the database is away');
      const client = await connectPipelined(fresh.url);
      backend = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
      if (tries === 4) back();
      return client;
    });
    await signal.open();
    await asOwner(fresh.url, `SELECT pg_terminate_backend(${backend})`);
    await listening;
    const heard = new Promise<string>((resolve) => signal.onGrown(resolve));
    // Notifies until it is heard: LISTEN follows the connection.
    let done = false;
    void heard.then(() => {
      done = true;
    });
    while (!done) await fresh.pool.query("NOTIFY daybook_log, 'A'");
    expect(await heard).toBe('A');
    await signal.close();
  });
});
