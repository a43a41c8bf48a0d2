import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { inject } from 'vitest';
import { connectPipelined, EventStore, LogSignal, migrate, salts, serviceConnection } from '#event-store';
import { migrations } from '../migrations/index.js';

/** A database of its own on the run's PostgreSQL, with every migration applied. */
export async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('databaseUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate(url.href, migrations);
  return { url: url.href, drop: () => asOwner(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Runs one statement as the database's owner. */
export async function asOwner(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** An event store connected as the service connects: what one node of an installation has. */
export function openStore(url: string) {
  const pool = new Pool({ ...serviceConnection(url), max: 10 });
  // The pool calls itself ended before the server has read that it is: dropping the database then tells them so.
  pool.on('error', () => {});
  const store = new EventStore(pool, {
    connect: () => connectPipelined(url),
    now: () => new Date(),
    salt: salts(randomBytes),
  });
  const close = async () => {
    await store.close();
    await pool.end();
  };
  return { pool, store, close };
}

/** An event store on a fresh database. */
export async function freshStore() {
  const { url, drop } = await freshDatabase();
  const { pool, store, close: closeStore } = openStore(url);
  const signal = new LogSignal(() => connectPipelined(url));
  await signal.open();
  const close = async () => {
    await closeStore();
    await signal.close();
    await drop();
  };
  return { url, pool, store, signal, close };
}
