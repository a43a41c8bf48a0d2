import { type Grouped, split, tally } from './observation.js';
import { emptyScore, type Score, scoreTest, type TestResult, zeros } from './test-result.js';

export interface LogRankResult extends TestResult {
  readonly groups: readonly {
    readonly group: string;
    readonly n: number;
    readonly observed: number;
    /** If all groups had the same hazard. */
    readonly expected: number;
  }[];
}

/**
 * The log-rank test (Mantel 1966; Peto and Peto 1972) with the hypergeometric covariance, summed over
 * strata. Any event counts, the one or the competing one, as in `kaplanMeier`. Groups in which no event
 * was to be expected take no part in the comparison, as in R's `survdiff`.
 */
export function logRank(subjects: readonly Grouped[]): LogRankResult {
  const names = [...split(subjects, ({ group }) => group).keys()];
  const total = { ...emptyScore(names.length), expected: zeros(names.length) };
  for (const stratum of split(subjects, ({ stratum = '' }) => stratum).values()) {
    addStratum(total, stratum, names);
  }
  const compared = [...names.keys()].filter((index) => total.expected[index]! > 0);
  const result = scoreTest('log-rank', {
    score: compared.map((i) => total.score[i]!),
    covariance: compared.map((i) => compared.map((j) => total.covariance[i]![j]!)),
  });
  const groups = names.map((group, index) => {
    const own = subjects.filter((subject) => subject.group === group);
    const observed = own.filter(({ event }) => event !== 0).length;
    return { group, n: own.length, observed, expected: total.expected[index]! };
  });
  return { ...result, groups };
}

function addStratum(
  { score, covariance, expected }: Score & { readonly expected: number[] },
  subjects: readonly Grouped[],
  names: readonly string[],
): void {
  const own = names.map((name) => tally(subjects.filter(({ group }) => group === name)));
  for (const { time, atRisk: n, events, competing } of tally(subjects)) {
    const ended = events + competing;
    const share = own.map((rows) => (rows.find((row) => row.time >= time)?.atRisk ?? 0) / n);
    const spread = n > 1 ? (ended * (n - ended)) / (n - 1) : 0;
    for (const [i, rows] of own.entries()) {
      const row = rows.find((one) => one.time === time);
      expected[i]! += ended * share[i]!;
      score[i]! += (row ? row.events + row.competing : 0) - ended * share[i]!;
      for (const j of names.keys()) {
        covariance[i]![j]! += spread * share[i]! * ((i === j ? 1 : 0) - share[j]!);
      }
    }
  }
}
