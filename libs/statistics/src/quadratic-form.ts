/**
 * v'·M⁻¹·v of a symmetric matrix by its Cholesky factor (Golub and Van Loan 2013, §4.2); null when a
 * pivot is not more than `rounding`, so that the matrix may be singular.
 */
export function quadraticForm(
  v: readonly number[],
  m: readonly (readonly number[])[],
  rounding: number,
): number | null {
  const factor: number[][] = [];
  const solved: number[] = [];
  for (const [i, row] of m.entries()) {
    const own: number[] = [];
    for (let j = 0; j < i; j++) own.push((row[j]! - dot(own, factor[j]!, j)) / factor[j]![j]!);
    const pivot = row[i]! - dot(own, own, i);
    if (!(pivot > rounding)) return null;
    own.push(Math.sqrt(pivot));
    factor.push(own);
    solved.push((v[i]! - dot(own, solved, i)) / own[i]!);
  }
  return dot(solved, solved, solved.length);
}

function dot(a: readonly number[], b: readonly number[], length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += a[k]! * b[k]!;
  return sum;
}
