/** Truth values packed to bits, the lowest first; kept to be filled again. */
export class Bits {
  #bytes = Buffer.alloc(1024);
  #count = 0;

  get byteLength(): number {
    return Math.ceil(this.#count / 8);
  }

  push(bit: boolean): void {
    const at = this.#count >> 3;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at)]);
    if (bit) this.#bytes[at]! |= 1 << (this.#count & 7);
    this.#count += 1;
  }

  /** Gives the bytes out, the last filled up with zeros, and starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.byteLength));
    this.#bytes.fill(0);
    this.#count = 0;
    return taken;
  }
}
