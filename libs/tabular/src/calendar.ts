const DATE = /^\d{4}-\d\d-\d\d$/;
const DATETIME = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;
const DAY = 86_400_000;
const HAS_MILLISECONDS = 'YYYY-MM-DDThh:mm:ss.sssZ'.length;

/** Days from 1970-01-01 to an ISO date of the proleptic Gregorian calendar; undefined where there is no such day. */
export function epochDay(date: string): number | undefined {
  return DATE.test(date) ? dayAtStart(date) : undefined;
}

/** Milliseconds from 1970-01-01T00:00:00Z to an ISO datetime in UTC; undefined where there is no such moment. */
export function epochMillisecond(datetime: string): number | undefined {
  if (!DATETIME.test(datetime)) return undefined;
  const day = dayAtStart(datetime);
  if (day === undefined) return undefined;
  const minutes = digits(datetime, 11, 13) * 60 + digits(datetime, 14, 16);
  const milliseconds = datetime.length === HAS_MILLISECONDS ? digits(datetime, 20, 23) : 0;
  return day * DAY + minutes * 60_000 + digits(datetime, 17, 19) * 1000 + milliseconds;
}

function dayAtStart(text: string): number | undefined {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  if (year === 0 || month === 0 || month > 12 || day === 0 || day > daysIn(year, month)) return undefined;
  return daysBefore(year, month) + day - 1;
}

/** A number in a text, read without cutting it out: there are millions of them. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + text.charCodeAt(at) - 48;
  return number;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days from 1970-01-01 to the first of a month, counted in years that begin in March, as the leap day ends them. */
function daysBefore(year: number, month: number): number {
  const march = month > 2 ? year : year - 1;
  const leapDays = Math.floor(march / 4) - Math.floor(march / 100) + Math.floor(march / 400);
  const monthDays = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * march + leapDays + monthDays - 719_468;
}
