import type { Client, ClientBase } from 'pg';
import { type Fold, type ReadModel, type RowSet, readLog, readStreams, upsertRows } from '#event-store';
import type { Aggregate } from './command-type.js';
import { advance } from './streams.js';

/** Streams whose names begin alike are of one kind. */
export interface Kind {
  readonly prefix: string;
  readonly aggregate: Aggregate<unknown>;
  readonly models: readonly ReadModel[];
}

/** Events that are folded together. */
const PAGE = 5000;
/** Streams that are. */
const BATCH = 25;

/**
 * Rebuilds inline read models from the log, beside the live ones: rows are made in tables of this session,
 * then, while appends wait, brought up to date and put in place of the live rows in one transaction.
 *
 * @param client a connection of the tables' owner
 * @returns how many events were folded
 */
export async function rebuildInline(client: Client, kinds: readonly Kind[]): Promise<number> {
  const models = kinds.flatMap((kind) => kind.models);
  for (const { table } of models) {
    await client.query(
      `CREATE TEMP TABLE "rebuilt_${table}" (LIKE "${table}" INCLUDING DEFAULTS INCLUDING INDEXES)`,
    );
  }
  const reached = await heads(client);
  let folded = 0;
  for (const { log, size } of reached) folded += await foldStreams(client, kinds, log, -1, size);

  await client.query('BEGIN');
  await client.query('LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE');
  for (const { log, size } of await heads(client)) {
    const before = reached.find((one) => one.log === log)?.size ?? 0;
    folded += await foldStreams(client, kinds, log, before - 1, size);
  }
  for (const { table } of models) {
    await client.query(`DELETE FROM "${table}"`);
    await client.query(`INSERT INTO "${table}" SELECT * FROM "rebuilt_${table}"`);
  }
  await client.query('COMMIT');
  return folded;
}

/** What a follower keeps, and how. */
export interface Follows {
  readonly tables: readonly string[];
  readonly fold: Fold;
}

/**
 * Rebuilds what followers keep, by their names, in one reading of the logs and one transaction: readers see the
 * old rows until it commits, and the followers themselves wait at their bookmarks.
 *
 * @returns how many events were folded
 */
export async function rebuildFollowing(
  client: Client,
  followers: Readonly<Record<string, Follows>>,
): Promise<number> {
  const names = Object.keys(followers);
  const all = Object.values(followers);
  let folded = 0;
  await client.query('BEGIN');
  await client.query('SELECT FROM bookmark WHERE follower = ANY($1) ORDER BY follower, log FOR UPDATE', [
    names,
  ]);
  for (const table of all.flatMap(({ tables }) => tables)) await client.query(`DELETE FROM "${table}"`);
  for (const { log } of await heads(client)) {
    let position = -1;
    let page = readLog(client, log, position, PAGE);
    for (;;) {
      const events = await page;
      position = events.at(-1)?.position ?? position;
      // Read while the events before are folded.
      page = events.length < PAGE ? Promise.resolve([]) : awaited(readLog(client, log, position, PAGE));
      // One after the other: what one has loaded of the streams is there for the next.
      if (events.length > 0) for (const { fold } of all) await fold(client, log, events);
      folded += events.length;
      if (events.length < PAGE) break;
    }
    await client.query(
      `INSERT INTO bookmark (follower, log, position) SELECT unnest($1::text[]), $2, $3
       ON CONFLICT (follower, log) DO UPDATE SET position = excluded.position`,
      [names, log, position],
    );
  }
  await client.query('COMMIT');
  return folded;
}

async function heads(client: ClientBase): Promise<{ log: string; size: number }[]> {
  const { rows } = await client.query<{ log: string; size: number }>(
    'SELECT log, size FROM log_head ORDER BY log',
  );
  return rows;
}

/** Makes the rows of every stream that has events after a position. */
async function foldStreams(
  client: Client,
  kinds: readonly Kind[],
  log: string,
  after: number,
  size: number,
): Promise<number> {
  const { rows } = await client.query<{ stream: string }>(
    'SELECT DISTINCT stream FROM event WHERE log = $1 AND position > $2 AND position < $3',
    [log, after, size],
  );
  const streams = rows.map(({ stream }) => stream).filter((stream) => kindOf(kinds, stream));
  const histories = (from: number) =>
    readStreams(client, log, new Map(streams.slice(from, from + BATCH).map((name) => [name, -1])), size - 1);
  let folded = 0;
  let writing = Promise.resolve();
  let reading = histories(0);
  for (let read = BATCH; read - BATCH < streams.length; read += BATCH) {
    const batch = await reading;
    // Database and fold work at the same time: the next batch is read, and the one before written.
    reading = awaited(histories(read));
    const sets: RowSet[] = [];
    for (const events of batch.values()) {
      const { aggregate } = kindOf(kinds, events[0]!.stream)!;
      const { initial, project } = aggregate;
      const { state } = advance({ state: initial, revision: -1, position: -1 }, aggregate, events);
      sets.push(...(project?.(initial, state, events) ?? []).map(beside));
      folded += events.length;
    }
    await writing;
    writing = awaited(upsertRows(client, sets));
  }
  await writing;
  return folded;
}

/** A promise that is awaited later: that it fails before is not unheard. */
function awaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const kindOf = (kinds: readonly Kind[], stream: string) =>
  kinds.find(({ prefix }) => stream.startsWith(prefix));

const sides = new Map<ReadModel, ReadModel>();

function beside({ model, rows }: RowSet): RowSet {
  const side = sides.get(model) ?? { ...model, table: `rebuilt_${model.table}` };
  sides.set(model, side);
  return { model: side, rows };
}
