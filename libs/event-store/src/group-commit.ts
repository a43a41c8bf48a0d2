import { LRUCache } from 'lru-cache';
import { type Append, type Head, type PlacedBatch, placeBatch } from './batch.js';
import type { RecordedEvent } from './entry.js';
import { lockHead, refusedOf } from './locked-log.js';
import type { PipelinedClient } from './pipelined-client.js';
import { MISPLACED, write } from './write-batch.js';
import { WritingConnection } from './writing-connection.js';

/** `refused`: a stream is at another revision, or the command's key is in the log already. */
export type Appended = { readonly events: readonly RecordedEvent[] } | 'refused';
/** Of several appends that are written together or not at all: the events of each. */
export type AppendedTogether = { readonly events: readonly (readonly RecordedEvent[])[] } | 'refused';

export interface LogWriter {
  connect(): Promise<PipelinedClient>;
  now(): Date;
  /** 16 bytes of randomness, base64. */
  salt(): string;
}

interface Waiting {
  /** Written together or not at all. */
  appends: readonly Append[];
  /** Streams and keys that it takes for itself. */
  names: readonly string[];
  settle: (result: AppendedTogether) => void;
  fail: (error: unknown) => void;
}

const MOST_IN_ONE_COMMIT = 256;
/** One is made durable by the database while the next one is placed and hashed here. */
const MOST_UNDER_WAY = 2;
/** A commit costs the database about as much as this many events: fewer wait for the one under way. */
const WORTH_A_COMMIT = 8;
/** Streams of which it is remembered how far they got. */
const MOST_REMEMBERED = 10_000;

/**
 * Writes one log's appends, those that arrive while a commit is under way together in the next one: one
 * statement, one fsync for all of them. Each is accepted or refused on its own.
 *
 * Where the log will stand is known from the last batch sent, so a batch is placed and hashed before
 * anything is locked, and goes to the database in one trip, behind the one before: the database finds the next
 * one there when it is done. If another node wrote meanwhile, or an append is to be refused, nothing is written of
 * that batch or of what was sent behind it, and both are placed again with the log locked.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  /** Streams and keys of the commits under way. */
  private readonly busy = new Set<string>();
  /** The commits under way, in the order in which they were sent. */
  private readonly underWay: Waiting[][] = [];
  private toRepeat: Waiting[][] = [];
  private isRepeating = false;
  private head: Head = { size: 0, recordedAt: 0 };
  /** How many events the log has as far as was acknowledged: it never has fewer again. */
  private acknowledged = 0;
  /** The last revisions that were acknowledged: nobody need look for them again. */
  private readonly reached = new LRUCache<string, number>({ max: MOST_REMEMBERED });
  private readonly connection: WritingConnection;
  private scheduled = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly log: string,
    private readonly writer: LogWriter,
  ) {
    this.connection = new WritingConnection(() => writer.connect());
  }

  async append(append: Append): Promise<Appended> {
    const appended = await this.appendTogether([append]);
    return appended === 'refused' ? appended : { events: appended.events[0]! };
  }

  /** At least one; those of one stream follow on each other. */
  appendTogether(appends: readonly Append[]): Promise<AppendedTogether> {
    return new Promise((settle, fail) => {
      this.waiting.push({ appends, names: namesOf(appends), settle, fail });
      this.schedule();
    });
  }

  /** Waits for what was asked to be appended, then lets go of the connection. */
  async close(): Promise<void> {
    if (!this.isIdle() || this.scheduled) await new Promise<void>((resolve) => this.idle.push(resolve));
    await this.connection.close();
  }

  private isIdle(): boolean {
    return this.waiting.length === 0 && this.underWay.length === 0 && !this.isRepeating;
  }

  /**
   * One turn of the event loop lets all whom the last commit answered come back with their next append; nobody
   * waits for others where nothing is under way.
   */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const begin = () => {
      this.scheduled = false;
      this.begin();
    };
    if (this.underWay.length === 0) queueMicrotask(begin);
    else setImmediate(begin);
  }

  private begin(): void {
    while (this.toRepeat.length === 0 && !this.isRepeating) {
      const batch = this.takeBatch(this.mostToSend());
      if (batch.length === 0) break;
      this.underWay.push(batch);
      void this.commit(batch);
    }
    if (this.isIdle()) for (const resolve of this.idle.splice(0)) resolve();
  }

  /**
   * Many go in two halves, so that the database works on one while the other is placed, or comes back. A second
   * commit is no smaller than the first: or the halves would grow apart, to one and all the others.
   */
  private mostToSend(): number {
    const waiting = Math.min(this.waiting.length, MOST_IN_ONE_COMMIT);
    const [first] = this.underWay;
    if (!first) return waiting < 2 * WORTH_A_COMMIT ? waiting : Math.floor(waiting / 2);
    const isWorthIt = waiting >= Math.max(first.length, WORTH_A_COMMIT);
    return isWorthIt && this.underWay.length < MOST_UNDER_WAY ? waiting : 0;
  }

  /**
   * Appends to the same stream or with the same key wait for one another: each sees the other's result. So does
   * one that relies on a stream, for what is being written there.
   */
  private takeBatch(most: number): Waiting[] {
    if (most === 0) return [];
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    for (const one of this.waiting) {
      if (batch.length === most || this.mustWait(one)) later.push(one);
      else {
        batch.push(one);
        for (const name of one.names) this.busy.add(name);
      }
    }
    this.waiting = later;
    return batch;
  }

  private mustWait({ names, appends }: Waiting): boolean {
    return (
      names.some((name) => this.busy.has(name)) ||
      appends.some(({ reliesOn = [] }) => reliesOn.some(({ stream }) => this.busy.has(stream)))
    );
  }

  private letGo(batch: readonly Waiting[]): void {
    for (const { names } of batch) for (const name of names) this.busy.delete(name);
  }

  /**
   * Sends a batch as if nothing else could come before it; puts it aside to be repeated when something did. Nothing
   * of it is in the way any more when those who wait for it are answered: they may come back at once.
   */
  private async commit(batch: Waiting[]): Promise<void> {
    const sent = await this.send(batch).catch((error: unknown) => ({ error }));
    this.underWay.splice(this.underWay.indexOf(batch), 1);
    if ('error' in sent && isRefusal(sent.error)) this.toRepeat.push(batch);
    else {
      this.letGo(batch);
      if ('error' in sent) fail(batch, sent.error);
      else this.acknowledge(batch, sent);
    }
    if (this.underWay.length === 0 && this.toRepeat.length > 0) void this.repeat();
    else this.schedule();
  }

  private async send(batch: readonly Waiting[]): Promise<PlacedBatch> {
    const client = await this.connection.open();
    const placed = this.place(batch, this.head);
    this.head = placed.after;
    await write(client, placed);
    return placed;
  }

  /** What could not be written at once, with the log locked, one batch after the other. */
  private async repeat(): Promise<void> {
    this.isRepeating = true;
    for (const batch of this.toRepeat) {
      await this.commitLocked(batch).catch((error) => this.separate(batch, error));
      this.letGo(batch);
    }
    this.toRepeat = [];
    this.isRepeating = false;
    this.schedule();
  }

  /** One append that cannot be written must not fail its neighbours. */
  private async separate(batch: Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1 || !isFaultOfContent(error)) fail(batch, error);
    else for (const one of batch) await this.commitLocked([one]).catch((own) => fail([one], own));
  }

  /** Finds out, with the log locked, where the log stands and who is refused; writes the others. */
  private async commitLocked(batch: Waiting[]): Promise<void> {
    const client = await this.connection.open();
    try {
      await client.query('BEGIN');
      const head = await lockHead(client, this.log);
      if (head.size < this.acknowledged) throw new Error(`log ${this.log} lost events that were in it`);
      this.head = head;
      const refused = await refusedOf(client, this.log, batch);
      const accepted = batch.filter((one) => !refused.has(one));
      if (accepted.length === 0) await client.query('ROLLBACK');
      else {
        const placed = this.place(accepted, this.head);
        await write(client, placed, true);
        this.head = placed.after;
        this.acknowledge(accepted, placed);
      }
      for (const one of refused) one.settle('refused');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  private acknowledge(batch: readonly Waiting[], placed: PlacedBatch): void {
    this.acknowledged = placed.after.size;
    for (const { revision, stream } of placed.events.flat()) this.reached.set(stream, revision);
    settle(batch, placed);
  }

  private place(batch: readonly Waiting[], head: Head): PlacedBatch {
    const appends = batch.flatMap((one) => one.appends);
    try {
      return placeBatch(this.log, appends, head, this.writer.now(), this.writer.salt, (stream) =>
        this.reached.get(stream),
      );
    } catch (error) {
      throw new Unfit(error);
    }
  }
}

/** Nothing was sent: an append of the batch has no place in the log, or could not be projected. */
class Unfit {
  constructor(readonly cause: unknown) {}
}

function settle(batch: readonly Waiting[], placed: PlacedBatch): void {
  let at = 0;
  for (const { appends, settle } of batch) {
    settle({ events: placed.events.slice(at, at + appends.length) });
    at += appends.length;
  }
}

function fail(batch: readonly Waiting[], error: unknown): void {
  for (const one of batch) one.fail(error instanceof Unfit ? error.cause : error);
}

function namesOf(appends: readonly Append[]): string[] {
  return appends.flatMap(({ stream, command }) => (command ? [stream, command.key] : [stream]));
}

/** The log is not where the batch was placed, a stream is not where it was expected, or a key was used. */
const UNIQUE_VIOLATION = '23505';

function isRefusal(error: unknown): boolean {
  const code = codeOf(error);
  return code === MISPLACED || code === UNIQUE_VIOLATION || isFaultOfContent(error);
}

/** Unfit, or of the SQLSTATE classes of a value that the database cannot take: no connection or server failed. */
function isFaultOfContent(error: unknown): boolean {
  return error instanceof Unfit || /^(2[0-9]|42|54)/.test(codeOf(error));
}

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? '');
