/** A p-value as papers print it: three decimals, but never 0 nor 1. */
export function pText(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return p > 0.999 ? 'p > 0.999' : `p = ${p.toFixed(3)}`;
}
