import type { Client } from 'pg';
import { readStreams, upsertRows } from '#event-store';
import { type Head, heads } from './heads.js';
import { type Kind, kindOf, rowsOfStream, stateOf } from './kind.js';

/** Streams that are brought up to date at once. */
const BATCH = 25;

/** Where the rows of a live table are made anew. */
export const beside = (table: string) => `rebuilt_${table}`;

const tablesOf = (kinds: readonly Kind[]) => kinds.flatMap(({ models }) => models.map(({ table }) => table));

/** Until the transaction ends. Nothing is compressed: that costs more than the room that it saves meanwhile. */
export async function makeBeside(client: Client, kinds: readonly Kind[]): Promise<void> {
  for (const table of tablesOf(kinds))
    await client.query(
      `CREATE TEMP TABLE "${beside(table)}" (LIKE "${table}") WITH (toast_tuple_target = 8160) ON COMMIT DROP`,
    );
}

/**
 * Puts the rows made beside in place of the live ones, and brings them up to date: until the transaction ends,
 * nobody appends.
 *
 * @param reached how far the rows are
 * @returns how many events were folded again
 */
export async function replaceInline(
  client: Client,
  kinds: readonly Kind[],
  reached: readonly Head[],
): Promise<number> {
  await client.query('LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE');
  for (const table of tablesOf(kinds)) {
    await client.query(`DELETE FROM "${table}"`);
    await client.query(`INSERT INTO "${table}" SELECT * FROM "${beside(table)}"`);
  }
  let folded = 0;
  for (const { log } of await heads(client)) {
    const { size = 0 } = reached.find((one) => one.log === log) ?? {};
    folded += await bringUpToDate(client, kinds, log, size);
  }
  return folded;
}

/** Makes the rows of every stream that has events from a position on. */
async function bringUpToDate(
  client: Client,
  kinds: readonly Kind[],
  log: string,
  from: number,
): Promise<number> {
  const { rows } = await client.query<{ stream: string }>(
    'SELECT DISTINCT stream FROM event WHERE log = $1 AND position >= $2',
    [log, from],
  );
  const streams = rows.map(({ stream }) => stream).filter((stream) => kindOf(kinds, stream));
  let folded = 0;
  for (let next = 0; next < streams.length; next += BATCH) {
    const whole = new Map(streams.slice(next, next + BATCH).map((stream) => [stream, -1]));
    const histories = [...(await readStreams(client, log, whole))];
    const sets = histories.flatMap(([stream, events]) => {
      const kind = kindOf(kinds, stream)!;
      return rowsOfStream(kind, stateOf(kind, events), events);
    });
    await upsertRows(client, sets);
    folded += histories.reduce((sum, [, events]) => sum + events.length, 0);
  }
  return folded;
}
