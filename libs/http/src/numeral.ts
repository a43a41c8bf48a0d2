/**
 * Whether a double is exactly the number that a JSON numeral writes, in the sense that the shortest
 * decimal which stands for the double is that number. Linear in the length of the numeral.
 */
export function isHeldExactly(numeral: string, value: number): boolean {
  return Number.isFinite(value) && sameDecimal(decimal(numeral), decimal(String(value)));
}

/** The absolute value `0.DIGITS × 10^exponent`, without zeros at either end of the digits. */
interface Decimal {
  digits: string;
  exponent: number;
}

function decimal(numeral: string): Decimal {
  const [mantissa = '', power = '0'] = numeral.toLowerCase().replace(/^-/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  let first = 0;
  while (all[first] === '0') first++;
  let end = all.length;
  while (end > first && all[end - 1] === '0') end--;
  return { digits: all.slice(first, end), exponent: whole.length - first + Number(power) };
}

function sameDecimal(a: Decimal, b: Decimal): boolean {
  return a.digits === b.digits && (a.digits === '' || a.exponent === b.exponent);
}
