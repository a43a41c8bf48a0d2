import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeIbmDouble, writeMissing } from './ibm-double.js';

function written(value: number): string {
  const bytes = Buffer.alloc(8, 0xff);
  return writeIbmDouble(bytes, 0, value) ? bytes.toString('hex') : 'refused';
}

/** By the definition, in arithmetic that is exact. */
function read(hex: string): number {
  const bits = BigInt(`0x${hex}`);
  const power = Number((bits >> 56n) & 0x7fn) - 64;
  const fraction = Number(bits & 0xff_ffff_ffff_ffffn);
  return (bits >> 63n ? -fraction : fraction) * 16 ** (power - 14);
}

describe('an IBM double', () => {
  it.each([
    [1, '4110000000000000'],
    [-1, 'c110000000000000'],
    [0, '0000000000000000'],
    [-0, '0000000000000000'],
    [100, '4264000000000000'],
    [-118.625, 'c276a00000000000'],
    [0.1, '401999999999999a'],
    [2 ** 53 - 1, '4e1fffffffffffff'],
    [16 ** 63 * (1 - 2 ** -53), '7ffffffffffffff8'],
    [16 ** -65, '0010000000000000'],
  ])('of %d is %s', (value, hex) => {
    expect(written(value)).toBe(hex);
  });

  it.each([16 ** 63, -1e308, Number.MAX_VALUE, 5e-324, -5e-324, 16 ** -65 * (1 - 2 ** -53)])(
    'is not of %d',
    (value) => {
      expect(written(value)).toBe('refused');
    },
  );

  it('holds every double in its range exactly, its first digit never 0', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -7.2e75, max: 7.2e75 }), (value) => {
        fc.pre(Math.abs(value) >= 5.4e-79);
        const hex = written(value);
        expect(read(hex)).toBe(value);
        expect(hex[2]).not.toBe('0');
      }),
    );
  });

  it('that is missing begins with a full stop', () => {
    const bytes = Buffer.alloc(8, 0xff);
    writeMissing(bytes, 0);
    expect(bytes.toString('hex')).toBe('2e00000000000000');
  });
});
