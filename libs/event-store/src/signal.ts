import { EventEmitter } from 'node:events';
import type { Client } from 'pg';

const RETRY_MS = 500;

/**
 * Tells that a log has grown, by PostgreSQL's NOTIFY. A hint only: a notification may be lost with its
 * connection, so whoever waits for one also looks by itself from time to time.
 */
export class LogSignal {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly connect: () => Promise<Client>) {}

  async open(): Promise<void> {
    const client = await this.connect();
    client.on('notification', ({ payload }) => this.emitter.emit('grown', payload));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    await client.query('LISTEN daybook_log');
    if (this.closed) await client.end();
    else this.client = client;
  }

  /** Calls back with the log's name until the returned function is called. */
  onGrown(listener: (log: string) => void): () => void {
    this.emitter.on('grown', listener);
    return () => this.emitter.off('grown', listener);
  }

  /** Resolves when `log` grows, at the latest after `milliseconds`. */
  grown(log: string, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        stop();
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      const stop = this.onGrown((which) => which === log && done());
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end();
  }

  private lost(client: Client): void {
    if (this.closed || this.client !== client) return;
    this.client = undefined;
    void client.end();
    this.openLater();
  }

  private openLater(): void {
    if (!this.closed) this.retry = setTimeout(() => this.open().catch(() => this.openLater()), RETRY_MS);
  }
}
