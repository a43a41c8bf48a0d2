import type { Pool } from 'pg';
import { type EventStore, momentOf, type RecordedEvent } from '#event-store';
import type { Moment } from '#http';
import { INSTALLATION_LOG } from './user.commands.js';
import { evolveUser, nobody, type User, type UserEvent } from './user.js';

export type AccountEvent = UserEvent & RecordedEvent;

/** Every event of accounts up to a position, in the log’s order. */
export async function readAccountEvents(pool: Pool, upTo: number): Promise<AccountEvent[]> {
  const { rows } = await pool.query<{ entry: string }>(
    `SELECT e.entry FROM app_user u JOIN event e ON e.log = $1 AND e.stream = 'user/' || u.id
     WHERE e.position <= $2 ORDER BY e.position`,
    [INSTALLATION_LOG, upTo],
  );
  return rows.map(({ entry }) => JSON.parse(entry));
}

/** The accounts that some events leave, by id. */
export function foldAccounts(events: readonly AccountEvent[]): Map<string, User> {
  const accounts = new Map<string, User>();
  for (const event of events) {
    const { user } = event.data;
    accounts.set(user, evolveUser(accounts.get(user) ?? nobody, event));
  }
  return accounts;
}

/** All accounts, as they are or as they were; there are never so many that they would not fit in memory. */
export async function accountsAt(
  pool: Pool,
  store: EventStore,
  asOf: Moment | undefined,
): Promise<{ accounts: User[]; position: number; past: boolean }> {
  const { position, past } = await momentOf(store, INSTALLATION_LOG, { asOf });
  const accounts = past
    ? [...foldAccounts(await readAccountEvents(pool, position)).values()]
    : (await pool.query<User>('SELECT * FROM app_user')).rows;
  return { accounts, position, past };
}
