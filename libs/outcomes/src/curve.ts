import {
  aalenJohansen,
  type Curve,
  followUp,
  type Grouped,
  grayTest,
  type IncidenceVariance,
  type IntervalScale,
  kaplanMeier,
  logRank,
  medianOf,
  type Quantile,
  type Reading,
  readCurve,
  type Step,
  type TestResult,
} from '#statistics';

export type CurveKind = 'survival' | 'incidence';

/** What of an outcome a curve is made of. */
export interface Member {
  readonly arm: string | null;
  readonly days: number;
  readonly event: 0 | 1 | 2;
}

export interface CurveOptions {
  readonly endpoint: string;
  /** Codes of the arms that are compared; undefined: all subjects make one group. */
  readonly arms: readonly string[] | undefined;
  /** In days. */
  readonly at: readonly number[];
  readonly interval: IntervalScale;
  readonly variance: IncidenceVariance;
}

export interface CurveGroup {
  /** Null of the group of all subjects. */
  readonly arm: string | null;
  readonly n: number;
  readonly events: number;
  readonly competing: number;
  /** Days; of survival only. */
  readonly median?: Omit<Quantile, 'probability'>;
  /** Days, by the reverse Kaplan–Meier estimate. */
  readonly medianFollowUp: Omit<Quantile, 'probability'>;
  readonly steps: readonly Step[];
  readonly at: readonly Reading[];
}

export interface CurveAnswer {
  readonly endpoint: string;
  readonly by: 'arm' | null;
  readonly unit: 'days';
  readonly confidence: 0.95;
  readonly interval: IntervalScale;
  readonly variance: 'Greenwood' | IncidenceVariance;
  /** Subjects of no arm, who are in no group. */
  readonly withoutArm: number;
  readonly groups: readonly CurveGroup[];
  readonly test: TestResult | null;
}

/**
 * The curves of an endpoint. Survival is free of the event and of what competes with it; incidence is that
 * of the event beside what competes with it.
 */
export function curvesOf(kind: CurveKind, members: readonly Member[], options: CurveOptions): CurveAnswer {
  const { endpoint, arms, at, interval, variance } = options;
  const groups = (arms ?? [null]).map((arm) => {
    const own = arms ? members.filter((member) => member.arm === arm) : members;
    return groupOf(kind, arm, own.map(observed), options);
  });
  return {
    endpoint,
    by: arms ? 'arm' : null,
    unit: 'days',
    confidence: 0.95,
    interval,
    variance: kind === 'survival' ? 'Greenwood' : variance,
    withoutArm: arms ? members.filter(({ arm }) => arm === null).length : 0,
    groups: groups.map((group) => ({
      ...group,
      at: at.map((time) => readCurve(curveOf(kind, group), time)),
    })),
    test: arms ? compare(kind, members) : null,
  };
}

/** The curve of a group again, as figures draw it. */
export function curveOf(kind: CurveKind, { n, events, competing, steps }: Omit<CurveGroup, 'at'>): Curve {
  return { kind, n, events, competing, steps };
}

const observed = ({ days, event }: Member) => ({ time: days, event });

function groupOf(
  kind: CurveKind,
  arm: string | null,
  observations: readonly ReturnType<typeof observed>[],
  { interval: scale, variance }: CurveOptions,
): Omit<CurveGroup, 'at'> {
  const survival = kaplanMeier(observations, { scale });
  const { n, events, competing, steps } =
    kind === 'survival' ? survival : aalenJohansen(observations, { scale, variance });
  return {
    arm,
    n,
    events,
    competing,
    ...(kind === 'survival' && { median: timesOf(medianOf(survival)) }),
    medianFollowUp: timesOf(medianOf(followUp(observations, { scale }))),
    steps,
  };
}

const timesOf = ({ time, lower, upper }: Quantile) => ({ time, lower, upper });

function compare(kind: CurveKind, members: readonly Member[]): TestResult {
  const grouped = members.flatMap((member): Grouped[] =>
    member.arm === null ? [] : [{ ...observed(member), group: member.arm }],
  );
  const { name, chiSquare, degreesOfFreedom, p } = kind === 'survival' ? logRank(grouped) : grayTest(grouped);
  return { name, chiSquare, degreesOfFreedom, p };
}
