import type { ParquetType } from './parquet-types.js';
import { i32, i64, list, STRUCT, struct, type Thrift, text } from './thrift.js';

const FORMAT_VERSION = 1;
const OPTIONAL = 1;
const UNCOMPRESSED = 0;
const ENCODINGS = list(5, [i32(0), i32(3)]);
/** Never a version of ours: an upgrade must not change the bytes. */
const CREATED_BY = 'daybook';

export interface ParquetColumn {
  name: string;
  type: ParquetType;
}

/** Where a row group's pages are; sizes count in bytes. */
export interface RowGroup {
  rows: number;
  chunks: readonly { at: number; size: number }[];
}

/**
 * The file's metadata, with their length and the magic number that ends the file.
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function parquetFooter(
  columns: readonly ParquetColumn[],
  groups: readonly RowGroup[],
  records: number,
): Buffer {
  const root = struct({ 4: text('schema'), 5: i32(columns.length) });
  const { bytes } = struct({
    1: i32(FORMAT_VERSION),
    2: list(STRUCT, [root, ...columns.map(schemaElement)]),
    3: i64(records),
    4: list(
      STRUCT,
      groups.map((group) => rowGroup(columns, group)),
    ),
    6: text(CREATED_BY),
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([bytes, length, Buffer.from('PAR1')]);
}

function schemaElement({ name, type }: ParquetColumn): Thrift {
  return struct({
    1: i32(type.physical),
    3: i32(OPTIONAL),
    4: text(name),
    6: type.converted === undefined ? undefined : i32(type.converted),
    10: type.logical,
  });
}

function rowGroup(columns: readonly ParquetColumn[], { rows, chunks }: RowGroup): Thrift {
  const total = i64(chunks.reduce((sum, chunk) => sum + chunk.size, 0));
  return struct({
    1: list(
      STRUCT,
      chunks.map((chunk, index) => columnChunk(columns[index]!, chunk, rows)),
    ),
    2: total,
    3: i64(rows),
    5: i64(chunks[0]!.at),
    6: total,
  });
}

function columnChunk(
  { name, type }: ParquetColumn,
  chunk: { at: number; size: number },
  rows: number,
): Thrift {
  const metadata = struct({
    1: i32(type.physical),
    2: ENCODINGS,
    3: list(8, [text(name)]),
    4: i32(UNCOMPRESSED),
    5: i64(rows),
    6: i64(chunk.size),
    7: i64(chunk.size),
    9: i64(chunk.at),
  });
  return struct({ 2: i64(0), 3: metadata });
}
