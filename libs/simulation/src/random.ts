import { createHash } from 'node:crypto';

/**
 * Seeded pseudo-random numbers: the same seed gives the same sequence everywhere. The generator is sfc32 (C.
 * Doty-Humphrey, PractRand), its state taken from the seed's SHA-256, so that seeds that are alike give
 * sequences that are not. Not for secrets.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string) {
    const hash = createHash('sha256').update(seed).digest();
    this.a = hash.readInt32LE(0);
    this.b = hash.readInt32LE(4);
    this.c = hash.readInt32LE(8);
    this.counter = hash.readInt32LE(12);
  }

  /** From 0 up to, but not including, 1; 53 bits. */
  uniform(): number {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Whole numbers, both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.uniform() * (max - min + 1));
  }

  /** Between two numbers, rounded to so many decimal places. */
  between(min: number, max: number, places = 0): number {
    return rounded(min + this.uniform() * (max - min), places);
  }

  /** Box and Muller 1958. */
  normal(mean = 0, sd = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + sd * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Around a median, with the standard deviation of the logarithm. */
  logNormal(median: number, sd: number): number {
    return median * Math.exp(this.normal(0, sd));
  }

  exponential(rate: number): number {
    return -Math.log(1 - this.uniform()) / rate;
  }

  /** Scale 1. Marsaglia and Tsang 2000, with their boost for shapes below 1. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < x * x * 0.5 + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  choice<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)]!;
  }

  /** One of the keys, in proportion to their weights. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let rest = this.uniform() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      rest -= weight;
      if (rest < 0) return key;
    }
    return entries.at(-1)![0];
  }

  private bits(): number {
    const out = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + out) | 0;
    return out;
  }
}

export function rounded(value: number, places = 0): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}
