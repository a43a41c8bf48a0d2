import type { CompiledStudy, Endpoint, EventSource, Milestones } from '#study';
import { addDays, addYears, daysBetween } from '#values';
import type { Course, Facts, Origin } from './outcome-course.js';
import { completeDates, type Dated, eventDates } from './outcome-source.js';

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
  /** What of `end` was imputed: the day, or month and day. ADaM's ADTF. */
  readonly imputed: 'D' | 'M' | null;
  readonly startSource: Origin;
  /** Null where the end is no date of the record: a horizon or a cut-off. */
  readonly endSource: Origin | null;
}

/** The outcomes of one subject by the study's endpoints; none of an endpoint whose start is not recorded. */
export function outcomesOf({ subject, facts }: Course, { definition }: CompiledStudy): Outcome[] {
  return definition.endpoints
    .filter(({ arms }) => !arms || (subject.arm && arms.includes(subject.arm.code)))
    .flatMap((endpoint) => outcomeOf(endpoint, facts, definition.milestones) ?? []);
}

function outcomeOf(endpoint: Endpoint, facts: Facts, milestones: Milestones): Outcome | undefined {
  const start = earliest(completeDates(endpoint.start, facts));
  if (!start) return undefined;
  const end = endOf(endpoint, facts, milestones, start);
  const outcome: Outcome = {
    endpoint: endpoint.oid,
    start: start.date,
    end: end.date,
    days: daysBetween(start.date, end.date),
    event: end.event,
    description: end.description,
    imputed: end.imputed,
    startSource: start.origin,
    endSource: end.origin,
  };
  const { years, days } = endpoint.horizon ?? {};
  const horizon = years ? addYears(start.date, years) : days ? addDays(start.date, days) : undefined;
  const counted = horizon ? stopAt(outcome, horizon, 'End of the follow-up that counts') : outcome;
  return endpoint.cutOff === undefined ? counted : atCutOff(counted, endpoint.cutOff);
}

interface End extends Dated {
  readonly event: Outcome['event'];
  readonly description: string;
}

function endOf(endpoint: Endpoint, facts: Facts, milestones: Milestones, start: Dated): End {
  const happenings = (event: 1 | 2, sources: readonly EventSource[] = []): End[] =>
    sources.flatMap((source) =>
      eventDates(source, facts, milestones, start.date).map((dated) => ({
        ...dated,
        event,
        description: source.description,
      })),
    );
  const happened = earliest([...happenings(1, endpoint.events), ...happenings(2, endpoint.competing)]);
  return happened ?? lastSeen(endpoint, facts, start);
}

/** On the start at the earliest. */
function lastSeen({ censoring }: Endpoint, facts: Facts, start: Dated): End {
  return censoring
    .flatMap((source) =>
      completeDates(source, facts).map(
        (dated): End => ({ ...dated, event: 0, description: source.description }),
      ),
    )
    .reduce((last, one) => (one.date > last.date ? one : last), {
      ...start,
      event: 0,
      description: 'No follow-up after the start',
    });
}

function earliest<One extends Dated>(dates: readonly One[]): One | undefined {
  return dates.reduce<One | undefined>(
    (first, one) => (first && first.date <= one.date ? first : one),
    undefined,
  );
}

/**
 * The outcome with the knowledge of a day: what happened later is censored there. Undefined for a subject
 * whose time had not begun.
 */
export function atCutOff<One extends Outcome>(outcome: One, cutOff: string): One | undefined {
  return outcome.start > cutOff ? undefined : stopAt(outcome, cutOff, 'Data cut-off');
}

function stopAt<One extends Outcome>(outcome: One, date: string, description: string): One {
  if (outcome.end <= date) return outcome;
  const days = daysBetween(outcome.start, date);
  return { ...outcome, end: date, days, event: 0, description, imputed: null, endSource: null };
}
