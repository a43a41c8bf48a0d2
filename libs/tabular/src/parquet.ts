import { checked } from './checked.js';
import { ParquetChunk } from './parquet-chunk.js';
import { parquetFooter, type RowGroup } from './parquet-footer.js';
import { parquetTypes } from './parquet-types.js';
import type { Counted, Rows, Table } from './table.js';

/** A row group ends at whichever comes first. It is what is held in memory. */
const GROUP_ROWS = 65_536;
const GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Apache Parquet: optional columns in PLAIN encoding, one page a column and row group, neither compressed nor
 * with statistics. Written by hand, because compressors and libraries change their bytes with their versions.
 * Dates are DATE, datetimes TIMESTAMP in UTC milliseconds, integers INT64, decimals DOUBLE.
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* parquet(table: Table, rows: Rows, counted: Counted): AsyncIterable<Uint8Array> {
  const batches = checked(table, rows, counted);
  const columns = table.columns.map(({ name, type }) => ({ name, type: parquetTypes[type] }));
  const chunks = columns.map(({ type }) => new ParquetChunk(type));
  const groups: RowGroup[] = [];
  const magic = Buffer.from('PAR1');
  let at = magic.length;
  let count = 0;
  yield magic;

  function* endGroup(): Iterable<Uint8Array> {
    const places: { at: number; size: number }[] = [];
    for (const chunk of chunks) {
      const pieces = chunk.take();
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
      places.push({ at, size });
      at += size;
      yield* pieces;
    }
    groups.push({ rows: count, chunks: places });
    count = 0;
  }

  for await (const batch of batches) {
    for (const row of batch) {
      let bytes = 0;
      for (let index = 0; index < chunks.length; index += 1) {
        const chunk = chunks[index]!;
        chunk.push(row[index]!);
        bytes += chunk.byteLength;
      }
      count += 1;
      if (count === GROUP_ROWS || bytes >= GROUP_BYTES) yield* endGroup();
    }
  }
  if (count > 0) yield* endGroup();
  yield parquetFooter(columns, groups, counted.records);
}
