import { setImmediate } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import { Copies, type ReadModel, readHistories, upsertRows } from '#event-store';
import type { Follows } from './anew.js';
import { type Head, heads } from './heads.js';
import { type Kind, kindOf, rowsOfStream, stateOf } from './kind.js';
import { beside, makeBeside, replaceInline } from './rebuild-inline.js';

/** Bytes of rows that are written together. */
const WORTH_SENDING = 4_000_000;

/**
 * Rebuilds read models from the logs, in one reading and one transaction. Inline rows are made in tables of this
 * session; then, while appends wait, they take the place of the live ones and are brought up to date. What followers
 * keep is replaced at once: they wait at their bookmarks. Readers see the old rows until all is done.
 *
 * @param client a connection of the tables' owner, not in use otherwise
 * @param pool where the logs are read meanwhile
 * @returns how many events were folded
 */
export async function rebuild(
  client: Client,
  pool: Pool,
  kinds: readonly Kind[],
  followers: Readonly<Record<string, Follows>>,
): Promise<{ inline: number; following: number }> {
  const followed = Object.values(followers).flatMap(({ models }) => models);
  await client.query('BEGIN');
  const reached = await holdFollowers(client, Object.keys(followers), followed);
  await makeBeside(client, kinds);
  const copies = new Copies(client);
  for (const model of followed) await copies.open(model, model.table);
  for (const model of kinds.flatMap(({ models }) => models)) await copies.open(model, beside(model.table));
  const folded = { inline: 0, following: 0 };
  let streams = 0;
  for (const { log, size } of reached) {
    const remakings = await Promise.all(Object.values(followers).map(({ anew }) => anew(log)));
    for await (const events of readHistories(pool, log, size - 1)) {
      const { stream } = events[0]!;
      const kind = kindOf(kinds, stream);
      const state = kind && stateOf(kind, events);
      if (kind) copies.add(rowsOfStream(kind, state, events));
      for (const remaking of remakings) copies.add(await remaking.rowsOf({ stream, events, state }));
      if (kind) folded.inline += events.length;
      folded.following += events.length;
      if (copies.size > WORTH_SENDING) await copies.send();
      // What is sent and what is read go on.
      if (++streams % 16 === 0) await setImmediate();
    }
    await copies.finish();
    await upsertRows(
      client,
      remakings.flatMap((remaking) => remaking.rest?.() ?? []),
    );
    await moveBookmarks(client, Object.keys(followers), log, size - 1);
  }
  folded.inline += await replaceInline(client, kinds, reached);
  await client.query('COMMIT');
  return folded;
}

/**
 * Has followers wait before their next events until the transaction ends, and clears what they keep.
 *
 * @returns the logs: one that begins meanwhile is either among them, or left to its followers
 */
async function holdFollowers(
  client: Client,
  names: readonly string[],
  models: readonly ReadModel[],
): Promise<readonly Head[]> {
  for (let known = -1; ; ) {
    await client.query(
      `INSERT INTO bookmark (follower, log) SELECT follower, log FROM unnest($1::text[]) AS follower, log_head
       ON CONFLICT DO NOTHING`,
      [names],
    );
    await client.query('SELECT FROM bookmark WHERE follower = ANY($1) ORDER BY follower, log FOR UPDATE', [
      names,
    ]);
    for (const { table } of models) await client.query(`DELETE FROM "${table}"`);
    const logs = await heads(client);
    if (logs.length === known) return logs;
    known = logs.length;
  }
}

async function moveBookmarks(client: Client, names: readonly string[], log: string, position: number) {
  await client.query('UPDATE bookmark SET position = $3 WHERE follower = ANY($1) AND log = $2', [
    names,
    log,
    position,
  ]);
}
