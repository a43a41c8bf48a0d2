import type { Tally } from './observation.js';

/**
 * Which variance a cumulative incidence carries. `delta`: the multi-state Greenwood formula (Andersen,
 * Borgan, Gill and Keiding 1993, IV.4.1.3), which is the delta method of Marubini and Valsecchi (1995),
 * and Greenwood's where nothing competes. `infinitesimal-jackknife`: the sum of the squared influences of
 * the subjects, which the `survfit` of R's package survival reports for several kinds of event.
 */
export type IncidenceVariance = 'delta' | 'infinitesimal-jackknife';

/** What one subject, or one increment, moves the survival and the incidence by. */
interface Influence {
  readonly survival: number;
  readonly incidence: number;
}

/** Sums of squares and products of influences: survival, both, incidence. */
type Moments = readonly [ss: number, si: number, ii: number];

/** The variance of the incidence of a cause after each of the tallies. */
export function incidenceVariances(
  variance: IncidenceVariance,
  tallies: readonly Tally[],
  cause: 1 | 2,
): number[] {
  let survival = 1;
  let moments: Moments = [0, 0, 0];
  /** The influence of each subject who is still at risk. */
  let staying: Influence = { survival: 0, incidence: 0 };
  return tallies.map(({ atRisk, events, competing, censored }) => {
    const [own, other] = cause === 1 ? [events, competing] : [competing, events];
    const left = atRisk - own - other;
    const [all, of] = [(own + other) / atRisk, own / atRisk];
    const one = survival / atRisk;
    // Each subject's part in the increments less the mean part, so that the parts sum to nothing.
    const rest = { survival: one * all, incidence: -one * of };
    const ofOther = { survival: rest.survival - one, incidence: rest.incidence };
    const ofOwn = { survival: rest.survival - one, incidence: rest.incidence + one };
    survival *= left / atRisk;

    const [ss, si, ii] = moments;
    moments = [(1 - all) ** 2 * ss, (1 - all) * (si + of * ss), ii + 2 * of * si + of ** 2 * ss];
    if (variance === 'delta') {
      moments = add(add(add(moments, own, ofOwn), other, ofOther), left, rest);
      return rounded(moments[2]);
    }
    const carried = {
      survival: (1 - all) * staying.survival,
      incidence: staying.incidence + of * staying.survival,
    };
    moments = add(add(moments, own, sum(carried, ofOwn)), other, sum(carried, ofOther));
    staying = sum(carried, rest);
    moments = add(moments, censored, staying);
    return rounded(moments[2] + (left - censored) * staying.incidence ** 2);
  });
}

/** What remains of a variance of 0 by rounding is far below the least there is, 1/n² of n subjects. */
const rounded = (variance: number) => (variance < 1e-15 ? 0 : variance);

const sum = (a: Influence, b: Influence): Influence => ({
  survival: a.survival + b.survival,
  incidence: a.incidence + b.incidence,
});

/** With so many more of one influence. */
function add([ss, si, ii]: Moments, count: number, { survival, incidence }: Influence): Moments {
  return [ss + count * survival ** 2, si + count * survival * incidence, ii + count * incidence ** 2];
}
