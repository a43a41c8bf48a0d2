import type { PipelinedClient } from './pipelined-client.js';

/** A connection that is opened when it is needed, and anew after it was lost. */
export class WritingConnection {
  isBusy = false;
  private client: Promise<PipelinedClient> | undefined;

  constructor(private readonly connect: () => Promise<PipelinedClient>) {}

  open(): Promise<PipelinedClient> {
    if (this.client) return this.client;
    const opened = this.connect();
    this.client = opened;
    const forget = () => {
      if (this.client === opened) this.client = undefined;
    };
    opened.then((client) => {
      client.on('error', () => {
        forget();
        void client.end();
      });
    }, forget);
    return opened;
  }

  async close(): Promise<void> {
    await (await this.client)?.end();
    this.client = undefined;
  }
}
