import { Bits } from './bits.js';
import type { ParquetType } from './parquet-types.js';
import type { Value } from './table.js';
import { i32, struct, varint } from './thrift.js';

const PLAIN = 0;
const RLE = 3;

/**
 * The values of one column in one row group, which become one data page: a definition level for each row (is
 * there a value?), then the values there are, in PLAIN encoding, not compressed.
 * @see https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
export class ParquetChunk {
  readonly #type: ParquetType;
  readonly #present = new Bits();
  readonly #truths = new Bits();
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #end = 0;
  #rows = 0;

  constructor(type: ParquetType) {
    this.#type = type;
  }

  get byteLength(): number {
    return this.#end + this.#truths.byteLength;
  }

  push(value: Value): void {
    this.#rows += 1;
    this.#present.push(value !== null);
    if (value === null) return;
    const { plain } = this.#type;
    if (plain === undefined) {
      this.#truths.push(value as boolean);
      return;
    }
    this.#makeRoom(plain.room(value));
    this.#end = plain.write(this.#bytes, this.#end, value);
  }

  /** Gives the page out, its header first, and starts anew. */
  take(): Uint8Array[] {
    const levels = this.#takeLevels();
    const values = Buffer.concat([this.#bytes.subarray(0, this.#end), this.#truths.take()]);
    const size = i32(levels.length + values.length);
    const dataPage = struct({ 1: i32(this.#rows), 2: i32(PLAIN), 3: i32(RLE), 4: i32(RLE) });
    const header = struct({ 1: i32(0), 2: size, 3: size, 5: dataPage });
    this.#end = 0;
    this.#rows = 0;
    return [header.bytes, levels, values];
  }

  /** One run of the RLE and bit-packed hybrid, with its length before it. */
  #takeLevels(): Buffer {
    const bits = this.#present.take();
    const run = Buffer.concat([varint(bits.length * 2 + 1), bits]);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(run.length);
    return Buffer.concat([length, run]);
  }

  #makeRoom(room: number): void {
    if (this.#end + room <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + room));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
