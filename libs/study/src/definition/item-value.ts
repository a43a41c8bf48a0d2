import { earliest, isCompleteDate, isPartialDate } from '#values';
import type { CompiledItem } from './compile.js';
import type { Bounds } from './definition.js';

export type ValueFaultCode =
  | 'wrong-type'
  | 'empty'
  | 'too-long'
  | 'bad-characters'
  | 'not-an-integer'
  | 'out-of-range'
  | 'impossible-date'
  | 'future-date'
  | 'not-in-code-list'
  | 'repeated-code';

export interface ValueFault {
  code: ValueFaultCode;
  message: string;
}

/** Of a text, in code points. */
export const DEFAULT_LENGTH = 200;
/** PostgreSQL stores no NUL and UTF-8 no lone surrogate; other control characters only hide things. */
const BAD_CHARACTERS = /(?![\n\t])\p{Cc}|\p{Cs}/u;

/**
 * Why `value`, as parsed from JSON, can never be a value of the item; undefined when it can.
 * `today` is the last possible day of a date, YYYY-MM-DD. That an item is derived or missing is not
 * judged here. Messages never repeat the value: it may identify somebody.
 */
export function checkValue(item: CompiledItem, value: unknown, today: string): ValueFault | undefined {
  switch (item.type) {
    case 'text':
      return checkText(value, item.length ?? DEFAULT_LENGTH);
    case 'integer':
    case 'decimal':
      return checkNumber(item, value);
    case 'date':
      return checkDate(value, today, isCompleteDate, 'a date YYYY-MM-DD');
    case 'partialDate':
      return checkDate(value, today, isPartialDate, 'a date YYYY, YYYY-MM or YYYY-MM-DD');
    case 'code':
      return checkCode(item, value);
    case 'codes':
      return checkCodes(item, value);
  }
}

/** The text of a query when a number lies outside the item's soft range, otherwise undefined. */
export function outsideSoftRange(item: CompiledItem, value: unknown): string | undefined {
  const bounds = item.range?.soft;
  if (typeof value !== 'number' || !bounds || within(bounds, value)) return undefined;
  return `${item.label} ${withUnit(String(value), item)} is ${outside(bounds, item)}`;
}

function checkText(value: unknown, length: number): ValueFault | undefined {
  if (typeof value !== 'string') return fault('wrong-type', 'Must be text');
  if (value.trim() === '') return fault('empty', 'Must not be empty');
  if (BAD_CHARACTERS.test(value)) return fault('bad-characters', 'Contains characters that are not text');
  if ([...value].length > length) return fault('too-long', `Must have at most ${length} characters`);
  return undefined;
}

function checkNumber(item: CompiledItem, value: unknown): ValueFault | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return fault('wrong-type', 'Must be a number');
  if (item.type === 'integer' && !Number.isSafeInteger(value))
    return fault('not-an-integer', 'Must be a whole number');
  const bounds = item.range?.hard;
  if (bounds && !within(bounds, value))
    return fault('out-of-range', `${item.label} is impossible ${outside(bounds, item)}`);
  return undefined;
}

function checkDate(
  value: unknown,
  today: string,
  isDate: (value: unknown) => value is string,
  form: string,
): ValueFault | undefined {
  if (typeof value !== 'string') return fault('wrong-type', `Must be ${form}`);
  if (!isDate(value)) return fault('impossible-date', `Must be ${form} of the calendar, 1900–2100`);
  if (earliest(value) > today) return fault('future-date', 'Must not be in the future');
  return undefined;
}

function checkCode(item: CompiledItem, value: unknown): ValueFault | undefined {
  if (typeof value !== 'string') return fault('wrong-type', `Must be a code of ${item.codeList}`);
  return item.codes?.has(value) ? undefined : fault('not-in-code-list', `Must be a code of ${item.codeList}`);
}

function checkCodes(item: CompiledItem, value: unknown): ValueFault | undefined {
  if (!Array.isArray(value)) return fault('wrong-type', `Must be a list of codes of ${item.codeList}`);
  if (value.length === 0) return fault('empty', 'Must not be empty');
  if (new Set(value).size < value.length) return fault('repeated-code', 'Each code may occur once');
  for (const code of value) {
    const found = checkCode(item, code);
    if (found) return found;
  }
  return undefined;
}

function within({ min = -Infinity, max = Infinity }: Bounds, value: number): boolean {
  return value >= min && value <= max;
}

function outside({ min, max }: Bounds, item: CompiledItem): string {
  if (min === undefined) return `above ${withUnit(String(max), item)}`;
  if (max === undefined) return `below ${withUnit(String(min), item)}`;
  return `outside ${withUnit(`${min}–${max}`, item)}`;
}

function withUnit(text: string, { unit }: CompiledItem): string {
  return unit === undefined ? text : `${text} ${unit}`;
}

function fault(code: ValueFaultCode, message: string): ValueFault {
  return { code, message };
}
