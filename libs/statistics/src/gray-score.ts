import { type Grouped, type Tally, tally } from './observation.js';
import { matrix, type Score, zeros } from './test-result.js';

/** A group at one time: its tally, and its survival and incidence just before. */
interface Group {
  readonly atRisk: number;
  readonly own: number;
  readonly other: number;
  readonly survival: number;
  readonly incidence: number;
}

/**
 * Adds what one stratum says. R_k, the estimated number whom the event could still befall, is the number at
 * risk times (1 − F_k)/S_k; the score of a group is the sum of its events less their share of all by R_k
 * (Gray 1988, §2). The covariance estimate is his too, with the variance of each Poisson increment replaced
 * by that of a hypergeometric one where events are tied, as R's `cmprsk` has it: the numbers agree.
 */
export function addGrayScore(
  { score, covariance }: Score,
  subjects: readonly Grouped[],
  names: readonly string[],
  cause: 1 | 2,
): void {
  const size = names.length;
  const rows = names.map((name) => tally(subjects.filter(({ group }) => group === name)));
  let groups: Group[] = names.map(() => ({ atRisk: 0, own: 0, other: 0, survival: 1, incidence: 0 }));
  /** The common incidence under the hypothesis. */
  let common = 0;
  const drift = matrix(size);
  const squares = zeros(size);
  const cross = matrix(size);

  for (const { time } of tally(subjects)) {
    groups = groups.map((group, k) => ({ ...group, ...countsAt(rows[k]!, time, cause) }));
    const present = [...groups.keys()].filter((k) => groups[k]!.atRisk > 0);
    const own = present.reduce((sum, k) => sum + groups[k]!.own, 0);
    const weight = groups.map(({ atRisk, survival }) => (atRisk > 0 ? atRisk / survival : 0));
    const subdistribution = groups.map(({ incidence }, k) => weight[k]! * (1 - incidence));
    const totalWeight = weight.reduce((a, b) => a + b, 0);
    const totalRisk = subdistribution.reduce((a, b) => a + b, 0);
    const contrast = matrix(size);
    for (const i of present) {
      score[i]! += groups[i]!.own - (own * subdistribution[i]!) / totalRisk;
      for (const j of present) {
        contrast[i]![j] = weight[i]! * ((i === j ? 1 : 0) - weight[j]! / totalWeight);
        // A group that is alone at risk has no contrast, also when the common incidence has come to 1.
        if (contrast[i]![j] !== 0) {
          drift[i]![j]! += (contrast[i]![j]! * own) / (totalWeight * (1 - common));
        }
      }
    }
    common += own / totalWeight;

    const after = groups.map(step);
    for (const k of present) {
      const { atRisk, other, survival } = groups[k]!;
      const ratio = after[k]!.survival > 0 ? (1 - common) / after[k]!.survival : 0;
      const add = (variance: number, coefficient: number, of: (i: number) => number) => {
        squares[k]! += coefficient ** 2 * variance;
        for (const i of names.keys()) {
          cross[i]![k]! += of(i) * coefficient * variance;
          for (const j of names.keys()) covariance[i]![j]! += of(i) * of(j) * variance;
        }
      };
      if (own > 0) {
        const ties = own > 1 ? 1 - (own - 1) / (totalWeight * survival - 1) : 1;
        const coefficient = after[k]!.survival > 0 ? 1 - ratio : 1;
        const variance = (ties * survival * own) / (totalWeight * atRisk);
        add(variance, coefficient, (i) => contrast[i]![k]! - coefficient * drift[i]![k]!);
      }
      if (other > 0 && after[k]!.survival > 0) {
        const ties = other > 1 ? 1 - (other - 1) / (atRisk - 1) : 1;
        const variance = ties * (survival / atRisk) ** 2 * other;
        add(variance, ratio, (i) => -ratio * drift[i]![k]!);
      }
    }
    groups = after;
  }

  for (const i of names.keys()) {
    for (const j of names.keys()) {
      for (const k of names.keys()) {
        covariance[i]![j]! +=
          drift[i]![k]! * drift[j]![k]! * squares[k]! +
          drift[i]![k]! * cross[j]![k]! +
          drift[j]![k]! * cross[i]![k]!;
      }
    }
  }
}

function countsAt(rows: readonly Tally[], time: number, cause: 1 | 2) {
  const next = rows.find((row) => row.time >= time);
  if (next?.time !== time) return { atRisk: next?.atRisk ?? 0, own: 0, other: 0 };
  const { atRisk, events, competing } = next;
  return cause === 1 ? { atRisk, own: events, other: competing } : { atRisk, own: competing, other: events };
}

function step(group: Group): Group {
  const { atRisk, own, other, survival, incidence } = group;
  if (atRisk === 0) return group;
  return {
    ...group,
    survival: (survival * (atRisk - own - other)) / atRisk,
    incidence: incidence + (survival * own) / atRisk,
  };
}
