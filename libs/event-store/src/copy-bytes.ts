const FIRST = 64 * 1024;
const SHORT = 40;
const WORD = 2 ** 32;

/** Bytes of PostgreSQL's binary formats, put one after the other: integers in network order. */
export class CopyBytes {
  private bytes = Buffer.allocUnsafe(FIRST);
  private end = 0;

  get length(): number {
    return this.end;
  }

  byte(value: number): void {
    this.makeRoom(1);
    this.bytes[this.end++] = value;
  }

  int16(value: number): void {
    this.byte(value >> 8);
    this.byte(value);
  }

  int32(value: number): void {
    this.makeRoom(4);
    this.end = this.bytes.writeInt32BE(value, this.end);
  }

  /** A whole number that JavaScript holds exactly. */
  int64(value: number): void {
    this.int32(Math.floor(value / WORD));
    this.int32(value | 0);
  }

  /** In UTF-8, after its length. */
  text(value: string): void {
    this.makeRoom(4 + 3 * value.length);
    const start = this.end + 4;
    const length = this.ascii(value, start) ?? this.bytes.write(value, start);
    this.bytes.writeInt32BE(length, this.end);
    this.end = start + length;
  }

  /** In UTF-8, without its length. */
  raw(value: string): void {
    this.makeRoom(3 * value.length);
    this.end += this.bytes.write(value, this.end);
  }

  /** What `put` puts, after its length. */
  within(put: () => void): void {
    const start = this.end;
    this.int32(0);
    put();
    this.bytes.writeInt32BE(this.end - start - 4, start);
  }

  /** All of them; the next ones begin anew. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.end);
    this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.end = 0;
    return taken;
  }

  /** A short text is written faster from here than by the buffer; undefined where that is for the buffer to do. */
  private ascii(value: string, start: number): number | undefined {
    if (value.length > SHORT) return undefined;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return undefined;
      this.bytes[start + i] = code;
    }
    return value.length;
  }

  private makeRoom(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.end + more));
    this.bytes.copy(wider, 0, 0, this.end);
    this.bytes = wider;
  }
}
