import type { ClientBase, Pool } from 'pg';
import { grouped } from '#values';
import type { Append } from './batch.js';
import type { RecordedEvent } from './entry.js';
import { type Appended, type AppendedTogether, GroupCommit, type LogWriter } from './group-commit.js';

/** Appends to and reads from the logs of one database. */
export class EventStore {
  private readonly commits = new Map<string, GroupCommit>();

  constructor(
    readonly pool: Pool,
    private readonly writer: LogWriter,
  ) {}

  /** Durable when it resolves. Rejects where the outcome is not known (a connection lost while committing). */
  append(log: string, append: Append): Promise<Appended> {
    return this.commit(log).append(append);
  }

  /** Several appends, all or none, in their order. Those of one stream follow on each other. */
  appendTogether(log: string, appends: readonly Append[]): Promise<AppendedTogether> {
    return this.commit(log).appendTogether(appends);
  }

  /** A stream's events after a revision, up to a position of the log. */
  readStream(
    log: string,
    stream: string,
    after = -1,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<RecordedEvent[]> {
    return readStream(this.pool, log, stream, after, upTo);
  }

  /** How many events the log has; 0 for a log that does not exist. */
  async size(log: string): Promise<number> {
    const { rows } = await this.pool.query<{ size: number }>({
      name: 'size',
      text: 'SELECT coalesce(max(position) + 1, 0) AS size FROM event WHERE log = $1',
      values: [log],
    });
    return rows[0]!.size;
  }

  /** The last position recorded at or before an instant; -1 before the first. */
  async positionAt(log: string, instant: string): Promise<number> {
    const { rows } = await this.pool.query<{ position: number }>('SELECT position_at($1, $2) AS position', [
      log,
      instant,
    ]);
    return rows[0]?.position ?? -1;
  }

  /** When a position was recorded: RFC 3339, UTC; the beginning of time before the first. */
  async recordedAt(log: string, position: number): Promise<string> {
    const { rows } = await this.pool.query<{ at: Date }>(
      'SELECT recorded_at AS at FROM event WHERE log = $1 AND position = $2',
      [log, position],
    );
    return (rows[0]?.at ?? new Date(0)).toISOString();
  }

  /** The events of the command that carried an idempotency key; none when the key is new. */
  async readCommand(log: string, key: string): Promise<RecordedEvent[]> {
    const { rows } = await this.pool.query<{ stream: string; revision: number }>(
      'SELECT stream, revision FROM event WHERE log = $1 AND key = $2',
      [log, key],
    );
    const first = rows[0];
    if (!first) return [];
    const following = await this.readStream(log, first.stream, first.revision - 1);
    // The key as recorded: a UUID is found however it is written.
    const end = following.findIndex((event) => event.command?.key !== following[0]?.command?.key);
    return end < 0 ? following : following.slice(0, end);
  }

  /** The streams whose names begin with `prefix` and that existed at a position. */
  async streams(log: string, prefix: string, upTo = Number.MAX_SAFE_INTEGER): Promise<string[]> {
    const { rows } = await this.pool.query<{ stream: string }>(
      'SELECT stream FROM event WHERE log = $1 AND starts_with(stream, $2) AND revision = 0 AND position <= $3 ORDER BY stream',
      [log, prefix, upTo],
    );
    return rows.map((row) => row.stream);
  }

  /** The canonical texts of positions `from` (inclusive) to `to` (exclusive), a page at a time. */
  async *entries(log: string, from: number, to: number): AsyncGenerator<string> {
    for (let next = from; next < to; ) {
      const { rows } = await this.pool.query<{ entry: string }>(
        'SELECT entry FROM event WHERE log = $1 AND position >= $2 AND position < $3 ORDER BY position LIMIT 1000',
        [log, next, to],
      );
      if (rows.length === 0) return;
      for (const row of rows) yield row.entry;
      next += rows.length;
    }
  }

  private commit(log: string): GroupCommit {
    const commit = this.commits.get(log) ?? new GroupCommit(log, this.writer);
    this.commits.set(log, commit);
    return commit;
  }

  /** Waits for what is under way and closes the writing connections. */
  async close(): Promise<void> {
    await Promise.all([...this.commits.values()].map((commit) => commit.close()));
  }
}

export async function readStream(
  client: ClientBase | Pool,
  log: string,
  stream: string,
  after: number,
  upTo: number,
): Promise<RecordedEvent[]> {
  const { rows } = await client.query<{ entry: string }>({
    name: 'stream',
    text: 'SELECT entry FROM event WHERE log = $1 AND stream = $2 AND revision > $3 AND position <= $4 ORDER BY revision',
    values: [log, stream, after, upTo],
  });
  return rows.map((row) => JSON.parse(row.entry));
}

/** Some streams, each from after a revision of its own on; of those that have nothing there, nothing. */
export async function readStreams(
  client: ClientBase | Pool,
  log: string,
  streams: ReadonlyMap<string, number>,
  upTo: number = Number.MAX_SAFE_INTEGER,
): Promise<Map<string, RecordedEvent[]>> {
  const { rows } = await client.query<{ entry: string }>({
    name: 'streams',
    text: `SELECT entry FROM unnest($2::text[], $3::int[]) AS s(name, after)
             JOIN event ON log = $1 AND stream = name AND revision > after AND position <= $4
           ORDER BY stream, revision`,
    values: [log, [...streams.keys()], [...streams.values()], upTo],
  });
  return grouped(
    rows.map(({ entry }): RecordedEvent => JSON.parse(entry)),
    ({ stream }) => stream,
  );
}

/** Up to `limit` events of a log after a position, in order. */
export async function readLog(
  client: ClientBase | Pool,
  log: string,
  after: number,
  limit: number,
): Promise<RecordedEvent[]> {
  const { rows } = await client.query<{ entry: string }>({
    name: 'log',
    text: 'SELECT entry FROM event WHERE log = $1 AND position > $2 ORDER BY position LIMIT $3',
    values: [log, after, limit],
  });
  return rows.map((row) => JSON.parse(row.entry));
}
