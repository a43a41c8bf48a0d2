const double = new DataView(new ArrayBuffer(8));

/**
 * Writes a number as the IBM double of SAS: a sign, a power of 16 in excess of 64, and 56 bits of fraction. The
 * 53 bits of an IEEE double all fit. False, with nothing written, where the magnitude is beyond what the power
 * reaches: from about 5.4e-79 to 7.2e75.
 */
export function writeIbmDouble(bytes: Buffer, at: number, value: number): boolean {
  if (value === 0) {
    bytes.fill(0, at, at + 8);
    return true;
  }
  double.setFloat64(0, value);
  const high = double.getUint32(0);
  const low = double.getUint32(4);
  // value = mantissa * 2 ** power = fraction * 16 ** (characteristic - 64) / 2 ** 56, fraction = mantissa << shift
  const power = ((high >>> 20) & 0x7ff) - 1075;
  const shift = power & 3;
  const characteristic = (power - shift + 56) / 4 + 64;
  if (characteristic < 0 || characteristic > 127) return false;
  const mantissa = (high & 0xf_ffff) | 0x10_0000;
  const sign = (high & 0x8000_0000) >>> 24;
  const first = shift === 0 ? mantissa : (mantissa << shift) | (low >>> (32 - shift));
  bytes.writeUInt32BE((((sign | characteristic) << 24) | first) >>> 0, at);
  bytes.writeUInt32BE((low << shift) >>> 0, at + 4);
  return true;
}

/** Writes what SAS shows as `.`, a missing number. */
export function writeMissing(bytes: Buffer, at: number): void {
  bytes.fill(0, at, at + 8);
  bytes[at] = 0x2e;
}
