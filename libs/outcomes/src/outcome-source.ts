import type { DateSource, EventSource, Milestones } from '#study';
import { addDays, isCompleteDate, latest, parsePartialDate } from '#values';
import type { Fact, Facts, Origin } from './outcome-course.js';

/** A date to the day, and where it comes from. */
export interface Dated {
  readonly date: string;
  /** What had to be imputed: the day, or month and day. */
  readonly imputed: 'D' | 'M' | null;
  readonly origin: Origin;
}

/** The dates that a source finds, as they were entered. */
export function factsOf({ date, ifMissing, where = {} }: DateSource, facts: Facts): Fact[] {
  const own = facts.get(date) ?? new Map<string, Fact>();
  const others = [...((ifMissing && facts.get(ifMissing)) || [])].filter(([place]) => !own.has(place));
  return [...own, ...others]
    .filter(([place, fact]) =>
      Object.entries(where).every(([item, codes]) => {
        const values = facts.get(item);
        const value = (values?.get(place) ?? values?.get(`${fact.visit}/${fact.form}`))?.value;
        return value !== undefined && [value].flat().some((code) => codes.includes(code));
      }),
    )
    .map(([, fact]) => fact);
}

/** Those of the dates that are complete: day 0 and censoring are never imputed. */
export function completeDates(source: DateSource, facts: Facts): Dated[] {
  return factsOf(source, facts)
    .map((fact) => datedAs(fact, String(fact.value)))
    .filter(({ date }) => isCompleteDate(date));
}

/** The dates of an event, none before the start. Of a death only where its cause is among the source's. */
export function eventDates(
  source: EventSource,
  facts: Facts,
  milestones: Milestones,
  start: string,
): Dated[] {
  const isDeath = source.date === milestones.death;
  if (source.causes && !isDueTo(source.causes, facts, milestones)) return [];
  const found = factsOf(source, facts).filter(({ value }) => latest(String(value)) >= start);
  const floor = isDeath ? addDays(lastAlive(facts, milestones, start), 1) : start;
  return (isDeath ? found.slice(0, 1) : found).map((fact) => impute(fact, floor));
}

/** By the weightiest cause that is recorded. A death of which none is counts as the event until one is. */
function isDueTo(causes: readonly string[], facts: Facts, { causeOfDeath }: Milestones): boolean {
  const cause = causeOfDeath.flatMap((item) => [...(facts.get(item)?.values() ?? [])])[0]?.value;
  return cause === undefined || causes.includes(String(cause));
}

function lastAlive(facts: Facts, { lastAlive }: Milestones, start: string): string {
  const contacts = lastAlive.flatMap((item) => completeDates({ date: item }, facts)).map(({ date }) => date);
  return [start, ...contacts].reduce((a, b) => (a > b ? a : b));
}

/** A missing day is the 15th, a missing month 1 July, but an imputed date is never before `floor`. */
function impute(fact: Fact, floor: string): Dated {
  const date = String(fact.value);
  const { month, day } = parsePartialDate(date)!;
  if (day) return datedAs(fact, date);
  const imputed = month ? 'D' : 'M';
  const middle = month ? `${date}-15` : `${date}-07-01`;
  return { ...datedAs(fact, middle > floor ? middle : floor), imputed };
}

function datedAs({ value: _, ...origin }: Fact, date: string): Dated {
  return { date, imputed: null, origin };
}
