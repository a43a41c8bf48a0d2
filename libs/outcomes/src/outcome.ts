import type { Casebook } from '#casebook';
import type { CompiledStudy, Endpoint } from '#study';
import { addDays, addYears, daysBetween, isCompleteDate } from '#values';

/** Time to an endpoint for one subject, as an analysis takes it. */
export interface Outcome {
  readonly endpoint: string;
  /** Dates YYYY-MM-DD; `days` from start to end. */
  readonly start: string;
  readonly end: string;
  readonly days: number;
  /** 0 censored, 1 the event, 2 a competing event. */
  readonly event: 0 | 1 | 2;
  readonly description: string;
}

/** The outcomes of one subject by the study's endpoints; none before time zero is recorded. */
export function outcomesOf(casebook: Casebook, study: CompiledStudy): Outcome[] {
  const { milestones, endpoints } = study.definition;
  const start = milestones.inclusion && valuesOf(casebook, milestones.inclusion)[0];
  if (start === undefined) return [];
  const contacts = milestones.lastAlive.flatMap((item) => valuesOf(casebook, item)).filter(isCompleteDate);
  const lastAlive = [start, ...contacts].reduce((a, b) => (a > b ? a : b));
  const death = casebook.died === undefined ? undefined : imputeDeath(casebook.died, lastAlive);
  const cause = milestones.causeOfDeath.flatMap((item) => valuesOf(casebook, item))[0];
  return endpoints.map((endpoint) => outcome(endpoint, start, lastAlive, death, cause));
}

function outcome(
  endpoint: Endpoint,
  start: string,
  lastAlive: string,
  death: string | undefined,
  cause: string | undefined,
): Outcome {
  const horizon = endpoint.horizonYears === undefined ? undefined : addYears(start, endpoint.horizonYears);
  const row = (end: string, event: Outcome['event'], description: string): Outcome => ({
    endpoint: endpoint.oid,
    start,
    end,
    days: daysBetween(start, end),
    event,
    description,
  });
  if (death !== undefined && (horizon === undefined || death <= horizon)) {
    // A death of which no cause is recorded counts as the event until one is.
    const isEvent = !endpoint.causes || cause === undefined || endpoint.causes.includes(cause);
    return isEvent ? row(death, 1, endpoint.label) : row(death, 2, 'Death from another cause');
  }
  const reached = horizon !== undefined && (death !== undefined || lastAlive >= horizon);
  return reached
    ? row(horizon, 0, 'End of the follow-up that counts')
    : row(lastAlive, 0, 'Last known alive');
}

/**
 * An incomplete date of death: a missing day is the 15th, a missing month 1 July, but never on or before
 * the day on which the subject was last known alive.
 */
function imputeDeath(date: string, lastAlive: string): string {
  if (date.length === 10) return date;
  const imputed = date.length === 4 ? `${date}-07-01` : `${date}-15`;
  const after = addDays(lastAlive, 1);
  return imputed > after ? imputed : after;
}

/** Texts held by an item, in whichever forms it stands, in order of first entry. */
function valuesOf(casebook: Casebook, item: string): string[] {
  return Object.values(casebook.forms).flatMap((form) => {
    const held = form.items[item]?.held;
    return held && 'value' in held && typeof held.value === 'string' ? [held.value] : [];
  });
}
