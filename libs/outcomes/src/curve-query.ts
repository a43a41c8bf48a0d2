import { invalidParameter } from '#http';
import type { IncidenceVariance, IntervalScale } from '#statistics';
import { isCompleteDate } from '#values';

/** The parameters as they came. */
export interface AskedCurve {
  readonly endpoint?: string;
  readonly by?: string;
  readonly at?: string;
  readonly interval?: string;
  readonly variance?: string;
  readonly cutOff?: string;
}

export interface CurveQuery {
  readonly endpoint: string;
  readonly byArm: boolean;
  /** In days; undefined: yearly. */
  readonly at: readonly number[] | undefined;
  readonly interval: IntervalScale;
  readonly variance: IncidenceVariance;
  readonly cutOff: string | undefined;
}

export const intervals: readonly IntervalScale[] = ['log-log', 'log', 'plain'];
export const variances: readonly IncidenceVariance[] = ['delta', 'infinitesimal-jackknife'];
const MOST_TIMES = 100;

/** @throws Problem invalid-request */
export function parseCurveQuery({ endpoint, by, at, interval, variance, cutOff }: AskedCurve): CurveQuery {
  if (!endpoint) throw invalidParameter('endpoint', 'the OID of an endpoint');
  if (by !== undefined && by !== 'arm') throw invalidParameter('by', 'arm, or not given');
  if (cutOff !== undefined && !isCompleteDate(cutOff)) {
    throw invalidParameter('cutOff', 'an existing date, YYYY-MM-DD');
  }
  return {
    endpoint,
    byArm: by === 'arm',
    at: at === undefined ? undefined : parseTimes(at),
    interval: oneOf('interval', intervals, interval),
    variance: oneOf('variance', variances, variance),
    cutOff,
  };
}

function parseTimes(text: string): number[] {
  const parts = text.split(',');
  if (parts.length > MOST_TIMES || !parts.every((part) => /^\d{1,5}$/.test(part))) {
    throw invalidParameter(
      'at',
      `at most ${MOST_TIMES} numbers of days from 0 to 99999, with commas between`,
    );
  }
  return parts.map(Number);
}

/** The value, or the first of those there are. */
function oneOf<T extends string>(name: string, values: readonly T[], value: string | undefined): T {
  const found = value === undefined ? values[0] : values.find((one) => one === value);
  if (found === undefined) throw invalidParameter(name, values.join(' or '));
  return found;
}
