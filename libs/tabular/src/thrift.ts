/**
 * What of Thrift's compact protocol the metadata of Parquet need; numbers are never negative there.
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */

/** A value and the code of its type. */
export interface Thrift {
  type: number;
  bytes: Buffer;
}

export function i8(value: number): Thrift {
  return { type: 3, bytes: Buffer.of(value) };
}

export function i32(value: number): Thrift {
  return { type: 5, bytes: varint(value * 2) };
}

export function i64(value: number): Thrift {
  return { type: 6, bytes: varint(value * 2) };
}

export function text(value: string): Thrift {
  const bytes = Buffer.from(value);
  return { type: 8, bytes: Buffer.concat([varint(bytes.length), bytes]) };
}

/** A field that is true; its type says so. */
export const yes: Thrift = { type: 1, bytes: Buffer.alloc(0) };

export const STRUCT = 12;

/** Elements all of one type. */
export function list(type: number, elements: readonly Thrift[]): Thrift {
  const size = elements.length;
  const head =
    size < 15 ? Buffer.of((size << 4) | type) : Buffer.concat([Buffer.of(0xf0 | type), varint(size)]);
  return { type: 9, bytes: Buffer.concat([head, ...elements.map((element) => element.bytes)]) };
}

/** Fields by their ids, at most 15 apart; those undefined are left out. */
export function struct(fields: Readonly<Record<number, Thrift | undefined>>): Thrift {
  const parts: Buffer[] = [];
  let previous = 0;
  for (const [key, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    parts.push(Buffer.of(((Number(key) - previous) << 4) | field.type), field.bytes);
    previous = Number(key);
  }
  return { type: STRUCT, bytes: Buffer.concat([...parts, Buffer.of(0)]) };
}

/** Seven bits a byte, the lowest first. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.of(...bytes, rest);
}
