import type { Client } from 'pg';
import { APPEND, type Append, type Head, placeBatch, REFUSED } from './batch.js';
import type { RecordedEvent } from './entry.js';
import { upsertRows } from './read-model.js';

/** `refused`: the stream is at another revision, or the command's key is in the log already. */
export type Appended = { readonly events: readonly RecordedEvent[] } | 'refused';

interface Waiting {
  append: Append;
  settle: (result: Appended) => void;
  fail: (error: unknown) => void;
}

export interface LogWriter {
  connect(): Promise<Client>;
  now(): Date;
  /** 16 bytes of randomness, base64. */
  salt(): string;
}

const MOST_IN_ONE_COMMIT = 256;
const UNIQUE_VIOLATION = '23505';

/**
 * Writes one log's appends, those that arrive while a commit is under way together in the next one: one
 * statement, one fsync for all of them. Each is accepted or refused on its own.
 *
 * Where the log stands is remembered from the last commit, so that a batch is placed and hashed before
 * anything is locked. If another node wrote meanwhile, or an append is to be refused, the statement writes
 * nothing, and the batch is placed again with the head locked.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private client: Client | undefined;
  private head: Head = { size: 0, recordedAt: 0 };

  constructor(
    private readonly log: string,
    private readonly writer: LogWriter,
  ) {}

  append(append: Append): Promise<Appended> {
    return new Promise((settle, fail) => {
      this.waiting.push({ append, settle, fail });
      this.running ??= this.run();
    });
  }

  async close(): Promise<void> {
    await this.running;
    await this.client?.end();
    this.client = undefined;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // One turn of the event loop lets all whom the last commit answered come back with their next append.
      await new Promise(setImmediate);
      const batch = this.takeBatch();
      try {
        await this.commit(batch);
      } catch (error) {
        await this.separate(batch, error);
      }
    }
    this.running = undefined;
  }

  /** Appends to the same stream or with the same key wait for one another: each sees the other's result. */
  private takeBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    const taken = new Set<string>();
    for (const one of this.waiting) {
      const { stream, command } = one.append;
      const clash = taken.has(stream) || (command !== undefined && taken.has(command.key));
      if (clash || batch.length === MOST_IN_ONE_COMMIT) {
        later.push(one);
        continue;
      }
      taken.add(stream);
      if (command) taken.add(command.key);
      batch.push(one);
    }
    this.waiting = later;
    return batch;
  }

  /** One append that the database cannot take must not fail its neighbours. */
  private async separate(batch: Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || !isFaultOfContent(error)) {
      for (const one of batch) one.fail(error);
      return;
    }
    for (const one of batch) await this.commit([one]).catch((own) => one.fail(own));
  }

  private async commit(batch: Waiting[]): Promise<void> {
    this.client ??= await this.connect();
    const client = this.client;
    try {
      if (!(await this.write(client, batch, this.head))) await this.commitLocked(client, batch);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => this.drop(client));
      throw error;
    }
  }

  /** Finds out, with the log's head locked, where the log stands and who is refused; writes the others. */
  private async commitLocked(client: Client, batch: readonly Waiting[]): Promise<void> {
    await client.query('BEGIN');
    const head = await lockHead(client, this.log);
    const refused = await this.refusedOf(client, batch);
    const accepted = batch.filter((_, i) => !refused.has(i));
    if (accepted.length === 0) await client.query('ROLLBACK');
    else if (!(await this.write(client, accepted, head, true))) {
      throw new Error(`the head of log ${this.log} does not fit its events`);
    }
    for (const i of refused) batch[i]!.settle('refused');
  }

  /**
   * The batch and the rows that follow from it, in one transaction; false when the log is not at `head` or
   * an append is to be refused: nothing is written then. BEGIN and COMMIT travel with their neighbours: the
   * connection pipelines.
   */
  private async write(
    client: Client,
    batch: readonly Waiting[],
    head: Head,
    begun = false,
  ): Promise<boolean> {
    const appends = batch.map(({ append }) => append);
    const placed = placeBatch(this.log, appends, head, this.writer.now(), this.writer.salt);
    const rowsFollow = begun || appends.some((append) => append.project);
    const [, count] = await Promise.all([
      rowsFollow && !begun && client.query('BEGIN'),
      client
        .query({ name: 'append', text: APPEND, values: [...placed.values] })
        .then((result) => result.rowCount, noneIfTaken),
    ]);
    if (count === 0) {
      if (rowsFollow) await client.query('ROLLBACK');
      return false;
    }
    if (rowsFollow) {
      const sets = appends.flatMap((append, i) => append.project?.(placed.events[i]!) ?? []);
      const [, end] = await Promise.all([upsertRows(client, sets), client.query('COMMIT')]);
      if (end.command !== 'COMMIT') throw new Error('the append was rolled back');
    }
    this.head = placed.after;
    for (const [i, one] of batch.entries()) one.settle({ events: placed.events[i]! });
    return true;
  }

  private async refusedOf(client: Client, batch: readonly Waiting[]): Promise<Set<number>> {
    const { rows } = await client.query<{ nth: number }>(REFUSED, [
      this.log,
      batch.map(({ append }) => append.stream),
      batch.map(({ append }) => append.expectedRevision),
      batch.map(({ append }) => append.command?.key ?? null),
    ]);
    return new Set(rows.map((row) => row.nth - 1));
  }

  private async connect(): Promise<Client> {
    const client = await this.writer.connect();
    client.on('error', () => this.drop(client));
    return client;
  }

  private drop(client: Client): void {
    if (this.client === client) this.client = undefined;
    client.end().catch(() => {});
  }
}

async function lockHead(client: Client, log: string): Promise<Head> {
  await client.query('INSERT INTO log_head (log) VALUES ($1) ON CONFLICT DO NOTHING', [log]);
  const { rows } = await client.query<{ size: number; at: number }>(
    'SELECT size, (extract(epoch FROM recorded_at) * 1000)::bigint AS at FROM log_head WHERE log = $1 FOR UPDATE',
    [log],
  );
  return { size: rows[0]!.size, recordedAt: rows[0]!.at };
}

/** A unique index found the stream further or the key used: the statement wrote nothing. */
function noneIfTaken(error: { code?: string }): 0 {
  if (error.code === UNIQUE_VIOLATION) return 0;
  throw error;
}

/** SQLSTATE classes of a value that the database cannot take, as against a connection or server that fails. */
function isFaultOfContent(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(2[0-9]|42|54)/.test(code);
}
