import type { ClientBase, Pool } from 'pg';
import type { RecordedEvent } from './entry.js';
import { withConnection } from './lend.js';
import type { LogPages } from './log-pages.js';
import type { LogSignal } from './signal.js';

/** Writes what follows from events, in order, inside the transaction that moves the bookmark. */
export type Fold = (client: ClientBase, log: string, events: readonly RecordedEvent[]) => Promise<void>;

/** Where what is followed comes from; one for all followers of an installation. */
export interface Followed {
  readonly pool: Pool;
  readonly signal: LogSignal;
  readonly pages: LogPages;
}

const LOOK_EVERY_MS = 1000;
/**
 * What comes within this time is folded together, unless somebody waits for it: a page costs nearly as much for
 * one event as for many.
 */
const GATHER_MS = 100;

/**
 * Follows every log by position, exactly once: the rows it writes and its bookmark commit together. Of
 * several nodes one does the work at a time. An event that cannot be folded stops this follower before its
 * page of that log, visibly (`failure`), and is tried again; nothing is skipped, and no other log waits.
 */
export class Follower {
  failure: string | undefined;
  private stopped = false;
  private working: Promise<void> | undefined;
  private again = false;
  private timer: NodeJS.Timeout | undefined;
  /** Ends the gathering, while there is one. */
  private hurry = () => {};
  private unsubscribe = () => {};

  constructor(
    readonly name: string,
    private readonly followed: Followed,
    private readonly fold: Fold,
    private readonly onFailure: (follower: string, error: unknown) => void,
  ) {}

  start(): void {
    this.unsubscribe = this.followed.signal.onGrown(() => this.wake());
    this.wake();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe();
    clearTimeout(this.timer);
    this.hurry();
    await this.working;
  }

  /**
   * Waits until the rows show `position` of `log`; false when they do not within about `tries` times 20 ms.
   */
  async reached(log: string, position: number, tries = 100): Promise<boolean> {
    for (let i = 0; i < tries; i++) {
      if ((await this.position(log)) >= position) return true;
      this.wake();
      this.hurry();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return false;
  }

  /** The last position whose consequences are in the rows; -1 for none. */
  async position(log: string): Promise<number> {
    const { rows } = await this.followed.pool.query<{ position: number }>({
      name: 'bookmark',
      text: 'SELECT position FROM bookmark WHERE follower = $1 AND log = $2',
      values: [this.name, log],
    });
    return rows[0]?.position ?? -1;
  }

  private wake(): void {
    this.again = true;
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    while (this.again && !this.stopped) {
      await this.gather();
      this.again = false;
      let failure: string | undefined;
      const failed = (error: unknown) => {
        failure = String(error);
        this.onFailure(this.name, error);
      };
      for (const log of (await this.logsAhead().catch(failed)) ?? []) await this.foldLog(log).catch(failed);
      this.failure = failure;
    }
    this.working = undefined;
    if (!this.stopped) this.timer = setTimeout(() => this.wake(), LOOK_EVERY_MS).unref();
  }

  private gather(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async logsAhead(): Promise<string[]> {
    const { rows } = await this.followed.pool.query<{ log: string }>({
      name: 'ahead',
      text: `SELECT h.log FROM log_head h LEFT JOIN bookmark b ON b.log = h.log AND b.follower = $1
             WHERE h.size > coalesce(b.position, -1) + 1 ORDER BY h.log`,
      values: [this.name],
    });
    return rows.map((row) => row.log);
  }

  private async foldLog(log: string): Promise<void> {
    while (!this.stopped && (await this.foldPage(log)));
  }

  /** Folds the next page in one transaction; true when there may be more. */
  private foldPage(log: string): Promise<boolean> {
    return withConnection(this.followed.pool, async (client) => {
      // Rows and bookmark are there together or not at all, and follow from the log: nobody waits for the disk.
      await client.query('BEGIN; SET LOCAL synchronous_commit = off');
      const bookmark = await this.take(client, log);
      const page = bookmark && (await this.followed.pages.after(client, log, bookmark.position));
      if (page && page.events.length > 0) {
        await this.fold(client, log, page.events);
        await client.query({
          name: 'move bookmark',
          text: 'UPDATE bookmark SET position = $3 WHERE follower = $1 AND log = $2',
          values: [this.name, log, page.events.at(-1)!.position],
        });
      }
      await client.query('COMMIT');
      if (page?.isKept) this.again = true;
      return page?.isFull ?? false;
    });
  }

  /** Locks the bookmark until the transaction ends; undefined where another node has it. */
  private async take(client: ClientBase, log: string): Promise<{ position: number } | undefined> {
    const values = [this.name, log];
    const { rows } = await client.query<{ position: number }>({
      name: 'take bookmark',
      text: 'SELECT position FROM bookmark WHERE follower = $1 AND log = $2 FOR UPDATE SKIP LOCKED',
      values,
    });
    if (rows[0]) return rows[0];
    const made = await client.query<{ position: number }>(
      'INSERT INTO bookmark (follower, log) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING position',
      values,
    );
    return made.rows[0];
  }
}
