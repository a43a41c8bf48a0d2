/**
 * The probability that a chi-square variable of so many degrees of freedom exceeds `x`, to about 1e-14 of
 * itself: the regularised incomplete gamma function Q(df/2, x/2), by the series of DLMF 8.7.1 or by the
 * even part of the continued fraction of DLMF 8.9.2.
 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1 || !(x >= 0)) {
    throw new RangeError(`no chi-square tail at ${x} with ${degreesOfFreedom} degrees of freedom`);
  }
  const a = degreesOfFreedom / 2;
  const z = x / 2;
  if (z === 0) return 1;
  const scale = density(a, z);
  return z < a + 1 ? 1 - scale * series(a, z) : scale * fraction(a, z);
}

/** z^a e^−z / Γ(a) for a whole or half a, as a product that neither overflows nor loses digits. */
function density(a: number, z: number): number {
  const first = a % 1 === 0 ? 1 : 0.5;
  let product = first === 1 ? z : Math.sqrt(z / Math.PI);
  // A share of e^−z goes with each factor.
  const factors = Math.round(a - first);
  const share = Math.exp(-z / (factors + 1));
  product *= share;
  for (let k = 0; k < factors; k++) product *= (z / (first + k)) * share;
  return product;
}

/** Σ z^n / (a (a+1) … (a+n)) */
function series(a: number, z: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** 1/(z+1−a − 1(1−a)/(z+3−a − 2(2−a)/(z+5−a − …))), evaluated by Lentz's method (Thompson and Barnett 1986). */
function fraction(a: number, z: number): number {
  const tiny = 1e-300;
  let b = z + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1, step = 0; Math.abs(step - 1) > Number.EPSILON; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b || tiny);
    c = b + numerator / c || tiny;
    step = d * c;
    value *= step;
  }
  return value;
}
