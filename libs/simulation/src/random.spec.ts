import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const DRAWS = 100_000;

/** Mean and variance of many draws. */
function moments(draw: (random: Random) => number) {
  const random = new Random('moments');
  const values = Array.from({ length: DRAWS }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1) };
}

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const sequence = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(sequence('1')).toEqual(sequence('1'));
    expect(sequence('1')).not.toEqual(sequence('2'));
  });

  it.each([
    { name: 'uniform', draw: (random: Random) => random.uniform(), mean: 1 / 2, variance: 1 / 12 },
    { name: 'integer', draw: (random: Random) => random.integer(1, 6), mean: 3.5, variance: 35 / 12 },
    { name: 'normal', draw: (random: Random) => random.normal(3, 2), mean: 3, variance: 4 },
    { name: 'exponential', draw: (random: Random) => random.exponential(0.5), mean: 2, variance: 4 },
    { name: 'gamma below 1', draw: (random: Random) => random.gamma(0.8), mean: 0.8, variance: 0.8 },
    { name: 'gamma above 1', draw: (random: Random) => random.gamma(4), mean: 4, variance: 4 },
  ])('have the moments of their distribution: $name', ({ draw, mean, variance }) => {
    const found = moments(draw);
    // Four standard errors of the mean; the variance of the exponential has the widest error, sqrt(8/n).
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / DRAWS));
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(4 * Math.sqrt(10 / DRAWS));
  });

  it('keep to whole numbers and both ends', () => {
    const random = new Random('ends');
    const seen = new Set(Array.from({ length: 1000 }, () => random.integer(-1, 2)));
    expect([...seen].sort()).toEqual([-1, 0, 1, 2]);
  });

  it('choose by weight', () => {
    const random = new Random('weights');
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < 10_000; i++) counts[random.weighted({ often: 90, seldom: 10, never: 0 })]++;
    expect(counts.never).toBe(0);
    expect(Math.abs(counts.often / 10_000 - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / 10_000));
  });
});
