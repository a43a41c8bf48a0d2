import type { Pool, PoolClient } from 'pg';

/** Lends a connection for some work, and drops it where the work fails: whatever it had begun is undone. */
export async function withConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection lost between two statements fails the next one; unheard, it would end the process.
  client.on('error', unheard);
  let failed = true;
  try {
    const result = await work(client);
    failed = false;
    return result;
  } finally {
    client.off('error', unheard);
    client.release(failed);
  }
}

const unheard = () => {};
