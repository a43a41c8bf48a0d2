/** What a column holds. Decimals are IEEE doubles; dates and datetimes come as ISO 8601 text. */
export type ColumnType = 'string' | 'integer' | 'decimal' | 'boolean' | 'date' | 'datetime';

export interface CodeList {
  oid: string;
  codes: readonly { code: string; label: string }[];
}

export interface Column {
  name: string;
  label: string;
  type: ColumnType;
  /** Defaults to `IT.TABLE.COLUMN`. */
  oid?: string;
  unit?: string;
  codeList?: CodeList;
  /** Of a string column, the most bytes of UTF-8 a value takes. XPT refuses longer values. */
  length?: number;
}

export interface Table {
  name: string;
  label: string;
  columns: readonly Column[];
  /** Defaults to `IG.TABLE`. */
  oid?: string;
}

/**
 * A date is `YYYY-MM-DD`, a datetime `YYYY-MM-DDThh:mm:ssZ` or `…ss.sssZ`, always UTC, of the years 0001 to
 * 9999; a partial date belongs in a string column. Integers are safe (below 2^53), numbers finite, strings
 * well-formed Unicode without NUL.
 */
export type Value = string | number | boolean | null;

/** Values in the order of the table's columns. */
export type Row = readonly Value[];

/** Rows in batches of any size; where they are cut never shows in a file. */
export type Rows = AsyncIterable<readonly Row[]>;

export interface Counted {
  /** How many rows there are. Some formats say so before the rows; all refuse another number, and CSV and NDJSON do without. */
  records: number;
}

/** What a file says about itself. All of it is given, so that the same state makes the same bytes on any day. */
export interface Origin extends Counted {
  /** When the state was frozen, as a datetime of a column; not when the file is written. */
  createdAt: string;
  originator?: string;
  sourceSystem?: { name: string; version: string };
  fileOid?: string;
  studyOid?: string;
  metaDataVersionOid?: string;
}

/** Writes a file as it reads the rows. Throws a RangeError where the table, the origin or a value is refused. */
export type Write = (table: Table, rows: Rows, origin: Origin) => AsyncIterable<Uint8Array>;
