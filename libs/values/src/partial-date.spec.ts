import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addYears,
  daysBetween,
  earliest,
  isCompleteDate,
  isPartialDate,
  latest,
  parsePartialDate,
} from './partial-date.js';

const DAY = 86_400_000;
const FIRST = Date.UTC(1900, 0, 1) / DAY;
const LAST = Date.UTC(2100, 11, 31) / DAY;
const isoDay = (number: number): string => new Date(number * DAY).toISOString().slice(0, 10);

const dayNumber = fc.integer({ min: FIRST, max: LAST });
const date = dayNumber.map(isoDay);
const partial = fc.tuple(date, fc.constantFrom(4, 7, 10)).map(([text, length]) => text.slice(0, length));

describe('parsePartialDate', () => {
  it('reads three precisions', () => {
    expect(parsePartialDate('2024')).toEqual({ year: 2024 });
    expect(parsePartialDate('2024-03')).toEqual({ year: 2024, month: 3 });
    expect(parsePartialDate('2024-03-05')).toEqual({ year: 2024, month: 3, day: 5 });
  });

  it.each([
    '',
    '24',
    '2024-',
    '2024-3',
    '2024-00',
    '2024-13',
    '2024-03-5',
    '2024-03-00',
    '2024-02-31',
    '2023-02-29',
    '1900-02-29',
    '2024-04-31',
    '2024-UN-UN',
    '2024--05',
    '20240305',
    '1899-12-31',
    '2101',
    '2024-03-05T00:00',
    ' 2024',
    '2024\n',
    '٢٠٢٤',
  ])('refuses %j', (text) => {
    expect(parsePartialDate(text)).toBeUndefined();
    expect(isPartialDate(text)).toBe(false);
  });

  it('accepts every day of the years it covers, and every prefix of it', () => {
    for (let day = FIRST; day <= LAST; day++) {
      if (!isCompleteDate(isoDay(day))) expect.fail(isoDay(day));
    }
    fc.assert(fc.property(partial, isPartialDate));
  });
});

describe('isCompleteDate', () => {
  it('wants year, month and day', () => {
    expect(isCompleteDate('2024-02-29')).toBe(true);
    expect(['2024', '2024-02', '2024-02-30', 20240229, null].some(isCompleteDate)).toBe(false);
  });
});

describe('earliest and latest', () => {
  it.each([
    ['2024', '2024-01-01', '2024-12-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023-02', '2023-02-01', '2023-02-28'],
    ['2023-04', '2023-04-01', '2023-04-30'],
    ['2023-04-07', '2023-04-07', '2023-04-07'],
  ])('%s means %s to %s', (text, first, last) => {
    expect(earliest(text)).toBe(first);
    expect(latest(text)).toBe(last);
  });

  it('bound exactly the days that share the prefix', () => {
    fc.assert(
      fc.property(partial, (text) => {
        expect(earliest(text).startsWith(text)).toBe(true);
        expect(latest(text).startsWith(text)).toBe(true);
        if (earliest(text) > '1900-01-01') expect(addDays(earliest(text), -1).startsWith(text)).toBe(false);
        expect(addDays(latest(text), 1).startsWith(text)).toBe(false);
      }),
    );
  });

  it('throw on what is no date', () => {
    expect(() => earliest('2024-02-31')).toThrow(RangeError);
    expect(() => latest('2024-UN')).toThrow(RangeError);
  });
});

describe('days', () => {
  it('are counted as UTC counts them', () => {
    fc.assert(
      fc.property(dayNumber, dayNumber, (from, to) => {
        expect(daysBetween(isoDay(from), isoDay(to))).toBe(to - from);
        expect(addDays(isoDay(from), to - from)).toBe(isoDay(to));
      }),
    );
  });

  it('cross leap days', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2023-02-28', '2023-03-01')).toBe(1);
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('are not counted from incomplete dates', () => {
    expect(() => daysBetween('2024', '2024-01-01')).toThrow(RangeError);
    expect(() => addDays('2024-01', 1)).toThrow(RangeError);
  });
});

describe('addYears', () => {
  it.each([
    ['2024-05-17', 5, '2029-05-17'],
    ['2024-02-29', 1, '2025-02-28'],
    ['2024-02-29', 4, '2028-02-29'],
    ['2024-02-29', -1, '2023-02-28'],
    ['2096-02-29', 4, '2100-02-28'],
  ])('%s and %i years make %s', (from, years, to) => {
    expect(addYears(from, years)).toBe(to);
  });

  it('keeps month and day of every day but the leap day', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 50 }), (from, years) => {
        const expected = `${Number(from.slice(0, 4)) + years}${from.slice(4)}`;
        if (from.slice(5) !== '02-29') expect(addYears(from, years)).toBe(expected);
      }),
    );
  });
});
