import { civilDate, dayNumber, daysInMonth } from './calendar.js';

/** A calendar date as far as it is known: day only with month. */
export interface PartialDate {
  year: number;
  month?: number;
  day?: number;
}

const REDUCED = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

/**
 * Reads an ISO 8601 date at any precision (`2024`, `2024-03`, `2024-03-05`) of the real calendar,
 * years 1900–2100; undefined when it is none.
 */
export function parsePartialDate(text: string): PartialDate | undefined {
  const parts = REDUCED.exec(text);
  if (!parts) return undefined;
  const year = Number(parts[1]);
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  if (parts[2] === undefined) return { year };
  const month = Number(parts[2]);
  if (month < 1 || month > 12) return undefined;
  if (parts[3] === undefined) return { year, month };
  const day = Number(parts[3]);
  return day >= 1 && day <= daysInMonth(year, month) ? { year, month, day } : undefined;
}

export function isPartialDate(value: unknown): value is string {
  return typeof value === 'string' && parsePartialDate(value) !== undefined;
}

/** Whether it is a date to the day, `YYYY-MM-DD`. */
export function isCompleteDate(value: unknown): value is string {
  return typeof value === 'string' && parsePartialDate(value)?.day !== undefined;
}

/** The first day that a partial date can mean. Throws a RangeError when it is no date. */
export function earliest(date: string): string {
  const { year, month = 1, day } = parse(date);
  return day === undefined ? format(year, month, 1) : date;
}

/** The last day that a partial date can mean. Throws a RangeError when it is no date. */
export function latest(date: string): string {
  const { year, month = 12, day = daysInMonth(year, month) } = parse(date);
  return format(year, month, day);
}

/** Whole days from one complete date to another; negative when `to` comes first. */
export function daysBetween(from: string, to: string): number {
  return toDayNumber(to) - toDayNumber(from);
}

/** The complete date so many whole days later (or, negative, earlier). */
export function addDays(date: string, days: number): string {
  const { year, month, day } = civilDate(toDayNumber(date) + days);
  return format(year, month, day);
}

/** The same day so many calendar years later; 29 February becomes the 28th where there is none. */
export function addYears(date: string, years: number): string {
  const { year, month, day } = parseComplete(date);
  return format(year + years, month, Math.min(day, daysInMonth(year + years, month)));
}

function toDayNumber(date: string): number {
  const { year, month, day } = parseComplete(date);
  return dayNumber(year, month, day);
}

function parseComplete(date: string): Required<PartialDate> {
  const { year, month, day } = parse(date);
  if (month === undefined || day === undefined) throw new RangeError(`${date} is not complete`);
  return { year, month, day };
}

function parse(date: string): PartialDate {
  const parsed = parsePartialDate(date);
  if (!parsed) throw new RangeError(`${date} is not a date`);
  return parsed;
}

function format(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}
