import type { ClientBase, QueryConfig } from 'pg';
import { getMetadataArgsStorage } from 'typeorm';

/** A table of rows derived from the log, as its entity class declares it. */
export interface ReadModel {
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** Rows of one read model, by column name. */
export interface RowSet {
  readonly model: ReadModel;
  readonly rows: readonly object[];
}

/** Reads the table, its columns and its key off an entity whose columns bear their properties' names. */
export function readModel(entity: new () => object): ReadModel {
  const { tables, columns } = getMetadataArgsStorage();
  const table = tables.find((one) => one.target === entity)?.name;
  const own = columns.filter((column) => column.target === entity);
  if (!table || own.length === 0) throw new Error(`${entity.name} is not an entity with a table name`);
  const name = (column: (typeof own)[number]) => column.options.name ?? column.propertyName;
  return { table, columns: own.map(name), key: own.filter((column) => column.options.primary).map(name) };
}

/** Inserts or replaces rows. */
export async function upsertRows(client: ClientBase, sets: readonly RowSet[]): Promise<void> {
  await Promise.all(upserts(sets).map((statement) => client.query(statement)));
}

/**
 * What inserts or replaces rows, one statement a read model. Of rows with one key the last counts.
 *
 * @throws TypeError for a row that is not JSON
 */
export function upserts(sets: readonly RowSet[]): QueryConfig[] {
  const byModel = new Map<ReadModel, Map<string, object>>();
  for (const { model, rows } of sets) {
    if (rows.length === 0) continue;
    const latest = byModel.get(model) ?? new Map<string, object>();
    byModel.set(model, latest);
    for (const row of rows) latest.set(keyOf(model, row), row);
  }
  return [...byModel].map(([model, rows]) => ({
    name: `upsert ${model.table}`,
    text: upsert(model),
    values: [JSON.stringify([...rows.values()])],
  }));
}

function keyOf(model: ReadModel, row: object): string {
  return JSON.stringify(model.key.map((column) => (row as Record<string, unknown>)[column]));
}

const statements = new WeakMap<ReadModel, string>();

function upsert(model: ReadModel): string {
  const known = statements.get(model);
  if (known) return known;
  const quote = (name: string) => `"${name}"`;
  const columns = model.columns.map(quote).join(', ');
  const changes = model.columns
    .filter((column) => !model.key.includes(column))
    .map((column) => `"${column}" = excluded."${column}"`);
  const text =
    `INSERT INTO "${model.table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${model.table}", $1) ` +
    `ON CONFLICT (${model.key.map(quote).join(', ')}) DO ${changes.length ? `UPDATE SET ${changes.join(', ')}` : 'NOTHING'}`;
  statements.set(model, text);
  return text;
}
