import { invalidHeader, invalidParameter } from './refusals.js';

const DIGITS = /^(?:0|[1-9]\d{0,15})$/;
const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 1000;

/** The non-negative safe integer that a text writes in plain digits; undefined when it writes none. */
export function wholeNumber(text: string): number | undefined {
  const number = DIGITS.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The query parameter `limit`, 1 to 1000; 50 when it is not given. */
export function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : wholeNumber(text);
  if (limit === undefined || limit < 1 || limit > HIGHEST_LIMIT) {
    throw invalidParameter('limit', `a whole number from 1 to ${HIGHEST_LIMIT}`);
  }
  return limit;
}

/** A query parameter that holds a position or another count; undefined when it is not given. */
export function parseCount(parameter: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = wholeNumber(text);
  if (count === undefined) throw invalidParameter(parameter, 'a whole number from 0 to 2^53 - 1');
  return count;
}

/** The position in `Daybook-Min-Position`; undefined without the header. */
export function parseMinPosition(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const position = wholeNumber(header);
  if (position === undefined) throw invalidHeader('Daybook-Min-Position', 'a position of the log');
  return position;
}
