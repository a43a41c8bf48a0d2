import type { OutcomeRow } from './outcome.projection.js';

const DAYS_A_MONTH = 30.4375;
/** ADaM has 0 for an event; of what is over 0, 2 is our convention for a competing event. */
const CNSR = { 0: 1, 1: 0, 2: 2 } as const;

/** Of a table; where the dates stand is in its last three. */
export const outcomeColumns = [
  ...['subjectKey', 'arm', 'endpoint', 'site', 'start', 'end', 'days', 'event', 'description'],
  ...['aval', 'cnsr', 'adtf', 'srcDom', 'srcVar', 'srcSeq'],
];

/** A row as it is told, with the variables of ADaM's ADTTE that follow from it. */
export function showOutcome(row: OutcomeRow, seesArms: boolean) {
  const { subject, endpoint, site, arm, start, end, days, event, description } = row;
  const { imputed, startSource, endSource } = row;
  return {
    subjectKey: subject,
    arm: seesArms ? arm : null,
    endpoint,
    site,
    start,
    end,
    days,
    event,
    description,
    aval: (days + 1) / DAYS_A_MONTH,
    cnsr: CNSR[event],
    adtf: imputed,
    srcDom: endSource?.form.split('~')[0] ?? null,
    srcVar: endSource?.item ?? null,
    srcSeq: endSource?.position ?? null,
    startSource,
    endSource,
  };
}
