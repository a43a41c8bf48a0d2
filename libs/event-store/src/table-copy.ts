import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import { CopyBytes } from './copy-bytes.js';
import { type PutValue, putterOf } from './copy-value.js';
import type { ReadModel } from './read-model.js';

/** "PGCOPY\n\xff\r\n\0", no flags, no extension; and what stands in place of a next row's length. */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
const NULL = -1;

/** Rows on their way to a table, by COPY in its binary format. */
export class TableCopy {
  private readonly bytes = new CopyBytes();

  private constructor(
    private readonly table: string,
    private readonly columns: readonly { readonly name: string; readonly put: PutValue }[],
  ) {}

  /** @throws Error for a column that the table does not have, TypeError for one of a type that no read model has */
  static async into(client: ClientBase, table: string, { columns }: ReadModel): Promise<TableCopy> {
    const { rows } = await client.query<{ name: string; type: string }>(
      'SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0',
      [`"${table}"`],
    );
    const types = new Map(rows.map(({ name, type }) => [name, type]));
    const own = columns.map((name) => {
      const type = types.get(name);
      if (type === undefined) throw new Error(`table ${table} has no column ${name}`);
      return { name, put: putterOf(type) };
    });
    return new TableCopy(table, own);
  }

  add(row: object): void {
    this.bytes.int16(this.columns.length);
    for (const { name, put } of this.columns) {
      const value = (row as Record<string, unknown>)[name];
      if (value === null || value === undefined) this.bytes.int32(NULL);
      else put(this.bytes, value as never);
    }
  }

  /** Bytes that wait to be sent. */
  get size(): number {
    return this.bytes.length;
  }

  /** Writes what was added; nothing else may be sent on the connection meanwhile. */
  async send(client: ClientBase): Promise<void> {
    if (this.bytes.length === 0) return;
    const names = this.columns.map(({ name }) => `"${name}"`).join(', ');
    const copy = from(`COPY "${this.table}" (${names}) FROM STDIN (FORMAT binary)`);
    void client.query(copy);
    await pipeline([HEADER, this.bytes.take(), TRAILER], copy);
  }
}
