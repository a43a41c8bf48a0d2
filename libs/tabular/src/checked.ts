import { epochDay, epochMillisecond } from './calendar.js';
import type { ColumnType, Counted, Origin, Rows, Table, Value } from './table.js';

const holds: Readonly<Record<ColumnType, (value: Value) => boolean>> = {
  string: (value) => typeof value === 'string' && isText(value),
  integer: Number.isSafeInteger,
  decimal: Number.isFinite,
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && epochDay(value) !== undefined,
  datetime: (value) => typeof value === 'string' && epochMillisecond(value) !== undefined,
};

/**
 * The rows as they come, each held against the table, so that every format refuses the same ones. A refusal
 * names the place and never the value, which may be a subject's.
 */
export function checked(table: Table, rows: Rows, { records }: Partial<Counted>): Rows {
  checkTable(table);
  return checkedRows(table, rows, records);
}

/** The moment that the origin names. */
export function createdAt({ createdAt }: Origin): string {
  if (epochMillisecond(createdAt) === undefined) throw new RangeError(`${createdAt} is no datetime`);
  return createdAt;
}

function checkTable(table: Table): void {
  const names = table.columns.map((column) => column.name);
  if (names.length === 0) throw new RangeError(`${table.name} has no columns`);
  if (new Set(names).size < names.length) throw new RangeError(`${table.name} has two columns of one name`);
  const texts = [table.name, ...names, ...table.columns.map((column) => column.label), table.label];
  if (!texts.every(isText)) throw new RangeError(`${table.name} has a name or label that is not text`);
  if (table.columns.some(({ length = 1 }) => !Number.isSafeInteger(length) || length < 1))
    throw new RangeError(`${table.name} has a length that is no count of bytes`);
  if (table.name === '' || names.includes('')) throw new RangeError(`${table.name} has an empty name`);
}

async function* checkedRows(table: Table, rows: Rows, records: number | undefined): Rows {
  const checks = table.columns.map((column) => holds[column.type]);
  // A row mostly repeats where the one before it belongs.
  const last: Value[] = table.columns.map(() => null);
  let count = 0;
  for await (const batch of rows) {
    for (const row of batch) {
      count += 1;
      if (row.length !== checks.length)
        throw new RangeError(`${table.name}, row ${count} has ${row.length} values`);
      for (let index = 0; index < checks.length; index += 1) {
        const value = row[index]!;
        if (value === null || value === last[index]) continue;
        if (!checks[index]!(value)) throw refusal(table, count, index);
        last[index] = value;
      }
    }
    yield batch;
  }
  if (records !== undefined && count !== records)
    throw new RangeError(`${table.name} has ${count} rows, not ${records}`);
}

/** The error for a value that a column does not hold. */
export function refusal(table: Table, row: number, index: number, why?: string): RangeError {
  const { name, type } = table.columns[index]!;
  return new RangeError(`${table.name}, row ${row}, ${name}: ${why ?? `no ${type}`}`);
}

/** UTF-8 has no lone surrogates, and PostgreSQL and C no NUL. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
