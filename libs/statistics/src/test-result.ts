import { chiSquareTail } from './chi-square.js';
import { quadraticForm } from './quadratic-form.js';

/** A test that several groups have the same curve. */
export interface TestResult {
  readonly name: 'log-rank' | 'Gray';
  /** Null where the data cannot tell: one group only, or no event while two were at risk. */
  readonly chiSquare: number | null;
  readonly degreesOfFreedom: number;
  readonly p: number | null;
}

/** What a test sums up over strata: by group, and by pair of groups. */
export interface Score {
  readonly score: number[];
  readonly covariance: number[][];
}

export function emptyScore(groups: number): Score {
  return { score: zeros(groups), covariance: matrix(groups) };
}

export const zeros = (size: number): number[] => new Array<number>(size).fill(0);
export const matrix = (size: number): number[][] => Array.from({ length: size }, () => zeros(size));

/**
 * Score'·covariance⁻¹·score, referred to chi-square. The scores of all groups sum to nothing, so that the
 * last one tells nothing new and is left out.
 */
export function scoreTest(name: TestResult['name'], { score, covariance }: Score): TestResult {
  const degreesOfFreedom = Math.max(0, score.length - 1);
  const largest = Math.max(0, ...covariance.map((row, i) => row[i]!));
  const chiSquare =
    degreesOfFreedom === 0
      ? null
      : quadraticForm(
          score.slice(0, -1),
          covariance.slice(0, -1).map((row) => row.slice(0, -1)),
          Math.max(1e-12, 1e-10 * largest),
        );
  const p = chiSquare === null ? null : chiSquareTail(chiSquare, degreesOfFreedom);
  return { name, chiSquare, degreesOfFreedom, p };
}
