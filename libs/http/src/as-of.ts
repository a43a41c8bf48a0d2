import { isCompleteDate } from '#values';
import { invalidParameter } from './refusals.js';
import { wholeNumber } from './whole-number.js';

/** A state of a study: after the event at a position, or as it was recorded at an instant. */
export type Moment = { position: number } | { instant: string };

const RFC_3339 =
  /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/**
 * A position, or an RFC 3339 instant of the years 1900–2100, which is given back in UTC with
 * milliseconds; undefined for any other text. Finer fractions are cut off, which loses nothing because
 * recording has milliseconds too; a leap second is none because recording knows none.
 */
export function readMoment(text: string): Moment | undefined {
  const position = wholeNumber(text);
  if (position !== undefined) return { position };
  const [, date, time, fraction = '', zone] = RFC_3339.exec(text) ?? [];
  if (!isCompleteDate(date) || !time || !zone) return undefined;
  const milliseconds = fraction.slice(0, 3).padEnd(3, '0');
  return { instant: new Date(`${date}T${time}.${milliseconds}${zone.toUpperCase()}`).toISOString() };
}

/** The query parameter `asOf`. @throws Problem invalid-request for what is no moment */
export function parseAsOf(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  const moment = readMoment(text);
  if (moment) return moment;
  throw invalidParameter(
    'asOf',
    'a position, or an existing RFC 3339 instant such as 2024-03-05T14:00:00Z (a + is written %2B)',
  );
}
