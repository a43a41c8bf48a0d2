import { epochDay, epochMillisecond } from './calendar.js';
import type { ColumnType, Value } from './table.js';
import { i8, struct, type Thrift, yes } from './thrift.js';

/**
 * How a type of column is stored.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export interface ParquetType {
  /** Code of the physical type. */
  physical: number;
  /** Code of the older annotation, for readers that do not know the logical type. */
  converted?: number;
  logical?: Thrift;
  /** The encoding of values that take whole bytes; booleans take a bit each. */
  plain?: {
    /** The most bytes that a value takes. */
    room(value: Value): number;
    /** Writes a value, and returns where it ends. */
    write(bytes: Buffer, at: number, value: Value): number;
  };
}

/** The most bytes of UTF-8 that one UTF-16 unit takes. */
const UTF8_PER_UNIT = 3;
const none = struct({});

export const parquetTypes: Readonly<Record<ColumnType, ParquetType>> = {
  string: {
    physical: 6,
    converted: 0,
    logical: struct({ 1: none }),
    plain: {
      room: (value) => 4 + (value as string).length * UTF8_PER_UNIT,
      write(bytes, at, value) {
        const length = bytes.write(value as string, at + 4);
        return bytes.writeUInt32LE(length, at) + length;
      },
    },
  },
  integer: {
    physical: 2,
    converted: 18,
    logical: struct({ 10: struct({ 1: i8(64), 2: yes }) }),
    plain: {
      room: () => 8,
      write: (bytes, at, value) => writeInt64(bytes, at, value as number),
    },
  },
  boolean: { physical: 0 },
  decimal: {
    physical: 5,
    plain: {
      room: () => 8,
      // A sum with 0 makes -0 the 0 it is in every other format.
      write: (bytes, at, value) => bytes.writeDoubleLE((value as number) + 0, at),
    },
  },
  date: {
    physical: 1,
    converted: 6,
    logical: struct({ 6: none }),
    plain: {
      room: () => 4,
      write: (bytes, at, value) => bytes.writeInt32LE(epochDay(value as string)!, at),
    },
  },
  datetime: {
    physical: 2,
    converted: 9,
    logical: struct({ 8: struct({ 1: yes, 2: struct({ 1: none }) }) }),
    plain: {
      room: () => 8,
      write: (bytes, at, value) => writeInt64(bytes, at, epochMillisecond(value as string)!),
    },
  },
};

function writeInt64(bytes: Buffer, at: number, value: number): number {
  const high = Math.floor(value / 0x1_0000_0000);
  bytes.writeUInt32LE(value - high * 0x1_0000_0000, at);
  return bytes.writeInt32LE(high, at + 4);
}
