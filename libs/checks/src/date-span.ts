import { addDays, addYears, daysBetween, earliest, isPartialDate, latest } from '#values';

/**
 * The days that a partial date can mean, first to last. Questions about spans have three answers: what
 * is so for every day of each, what is so for none, and undefined.
 */
export interface Span {
  readonly earliest: string;
  readonly latest: string;
}

const COMPLETE = 10;

/** Undefined for what is no date. */
export function spanOf(date: string): Span | undefined {
  if (!isPartialDate(date)) return undefined;
  return date.length === COMPLETE
    ? { earliest: date, latest: date }
    : { earliest: earliest(date), latest: latest(date) };
}

/** The partial date that means just these days; undefined where none does. */
export function partialDateOf(span: Span): string | undefined {
  if (span.earliest === span.latest) return span.earliest;
  const [month, year] = [span.earliest.slice(0, 7), span.earliest.slice(0, 4)];
  return [month, year].find((date) => earliest(date) === span.earliest && latest(date) === span.latest);
}

export function isBefore(a: Span, b: Span): boolean | undefined {
  if (a.latest < b.earliest) return true;
  return a.earliest >= b.latest ? false : undefined;
}

export function isSameOrBefore(a: Span, b: Span): boolean | undefined {
  if (a.latest <= b.earliest) return true;
  return a.earliest > b.latest ? false : undefined;
}

export function sameDay(a: Span, b: Span): boolean | undefined {
  if (a.latest < b.earliest || b.latest < a.earliest) return false;
  return isOneDay(a) && isOneDay(b) ? true : undefined;
}

/** Whether `date` lies `least` to `most` whole days after `start`, both included. */
export function within(date: Span, start: Span, least: number, most: number): boolean | undefined {
  const fewest = daysBetween(start.latest, date.earliest);
  const longest = daysBetween(start.earliest, date.latest);
  if (fewest >= least && longest <= most) return true;
  return longest < least || fewest > most ? false : undefined;
}

/** Whole days from one date to the other, negative when `to` comes first. */
export function wholeDays(from: Span, to: Span): number | undefined {
  return isOneDay(from) && isOneDay(to) ? daysBetween(from.earliest, to.earliest) : undefined;
}

/** Completed years from one date to the other: an age. */
export function wholeYears(from: Span, to: Span): number | undefined {
  const fewest = completedYears(from.latest, to.earliest);
  return fewest === completedYears(from.earliest, to.latest) ? fewest : undefined;
}

function completedYears(from: string, to: string): number {
  const years = yearOf(to) - yearOf(from);
  return addYears(from, years) > to ? years - 1 : years;
}

export function shiftDays(span: Span, days: number): Span | undefined {
  return shift(span, days, addDays);
}

export function shiftYears(span: Span, years: number): Span | undefined {
  return shift(span, years, addYears);
}

/** Undefined where the result would leave the calendar of partial dates. */
function shift(span: Span, by: number, add: (date: string, by: number) => string): Span | undefined {
  if (Math.abs(by) > 100_000) return undefined;
  const shifted = { earliest: add(span.earliest, by), latest: add(span.latest, by) };
  return isPartialDate(shifted.earliest) && isPartialDate(shifted.latest) ? shifted : undefined;
}

export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

function isOneDay(span: Span): boolean {
  return span.earliest === span.latest;
}
