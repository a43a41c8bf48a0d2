import type { ClientBase } from 'pg';
import type { ReadModel, RowSet } from './read-model.js';
import { TableCopy } from './table-copy.js';

/** Rows of read models on their way to their tables, all by one connection, which must not be used meanwhile. */
export class Copies {
  private readonly tables = new Map<ReadModel, TableCopy>();
  private sending = Promise.resolve();

  constructor(private readonly client: ClientBase) {}

  /** Has rows of a read model go to a table; rows of others are passed over. */
  async open(model: ReadModel, table: string): Promise<void> {
    this.tables.set(model, await TableCopy.into(this.client, table, model));
  }

  /** Rows that do not stand yet. */
  add(sets: readonly RowSet[]): void {
    for (const { model, rows } of sets) {
      const table = this.tables.get(model);
      if (table) for (const row of rows) table.add(row);
    }
  }

  /** Bytes that wait to be sent. */
  get size(): number {
    let size = 0;
    for (const table of this.tables.values()) size += table.size;
    return size;
  }

  /** Begins to send what was added, once what was sent before is there. */
  async send(): Promise<void> {
    await this.sending;
    this.sending = this.sendAll();
    // It is awaited later: that it fails before is not unheard.
    this.sending.catch(() => {});
  }

  /** Sends the rest; all is there when it resolves. */
  async finish(): Promise<void> {
    await this.send();
    await this.sending;
  }

  private async sendAll(): Promise<void> {
    for (const table of this.tables.values()) await table.send(this.client);
  }
}
