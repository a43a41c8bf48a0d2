import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addYears, daysBetween, earliest, latest } from '#values';
import {
  isBefore,
  isSameOrBefore,
  partialDateOf,
  type Span,
  sameDay,
  shiftDays,
  shiftYears,
  spanOf,
  wholeDays,
  wholeYears,
  within,
} from './date-span.js';

function span(date: string): Span {
  return spanOf(date) ?? expect.fail(`${date} is no date`);
}

/** Every day that a partial date can mean. */
function completions(date: string): string[] {
  const days = daysBetween(earliest(date), latest(date));
  return Array.from({ length: days + 1 }, (_, i) => addDays(earliest(date), i));
}

/** What is so of every pair of days, or undefined where pairs differ: the definition of "certain". */
function certain<T>(a: string, b: string, ask: (a: string, b: string) => T): T | undefined {
  const others = completions(b);
  const answers = new Set<T>();
  for (const day of completions(a)) {
    for (const other of others) answers.add(ask(day, other));
    if (answers.size > 1) return undefined;
  }
  return [...answers][0];
}

const twoDigits = (n: number) => String(n).padStart(2, '0');
const partialDate = fc
  .record({
    year: fc.integer({ min: 2023, max: 2025 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    precision: fc.constantFrom(4, 7, 7, 10, 10),
  })
  .map(({ year, month, day, precision }) =>
    `${year}-${twoDigits(month)}-${twoDigits(day)}`.slice(0, precision),
  )
  .chain((date) => fc.constantFrom(date, date, date, '2024-02-29', '2024-02', '2025-02-28'));

describe('a question about partial dates', () => {
  it('is answered just when all days that they can mean give the same answer', () => {
    fc.assert(
      fc.property(partialDate, partialDate, (a, b) => {
        const [x, y] = [span(a), span(b)];
        expect(isBefore(x, y)).toBe(certain(a, b, (p, q) => p < q));
        expect(isSameOrBefore(x, y)).toBe(certain(a, b, (p, q) => p <= q));
        expect(sameDay(x, y)).toBe(certain(a, b, (p, q) => p === q));
        expect(wholeYears(x, y)).toBe(certain(a, b, birthdaysBetween));
      }),
      { numRuns: 60 },
    );
  });

  it('is answered so about days between, too', () => {
    const bound = fc.integer({ min: -400, max: 400 });
    fc.assert(
      fc.property(partialDate, partialDate, bound, bound, (a, b, one, other) => {
        const [least, most] = [Math.min(one, other), Math.max(one, other)];
        const differences = certainDifferences(a, b);
        const inside = differences.map((days) => days >= least && days <= most);
        const expected = inside.every(Boolean) ? true : inside.some(Boolean) ? undefined : false;
        expect(within(span(b), span(a), least, most)).toBe(expected);
        expect(wholeDays(span(a), span(b))).toBe(differences.length === 1 ? differences[0] : undefined);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['2024-03', '2024-04', true],
    ['2024-03', '2024-03-01', false],
    ['2024-03', '2024-03-02', undefined],
    ['2024', '2024-06', undefined],
    ['2024-02-29', '2024-03', true],
  ])('knows whether %s is before %s: %s', (a, b, answer) => {
    expect(isBefore(span(a), span(b))).toBe(answer);
  });
});

/** Every whole number of days that can lie between. */
function certainDifferences(a: string, b: string): number[] {
  const fewest = daysBetween(latest(a), earliest(b));
  const most = daysBetween(earliest(a), latest(b));
  return Array.from({ length: most - fewest + 1 }, (_, i) => fewest + i);
}

function birthdaysBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  const birthday = addYears(from, years);
  return birthday <= to ? years : years - 1;
}

describe('a span', () => {
  it('comes of a partial date and goes back to it', () => {
    fc.assert(
      fc.property(partialDate, (date) => {
        expect(partialDateOf(span(date))).toBe(date);
      }),
    );
  });

  it('is none of what is no date', () => {
    expect(spanOf('2024-02-30')).toBeUndefined();
  });

  it('moves as each of its days would', () => {
    fc.assert(
      fc.property(partialDate, fc.integer({ min: -500, max: 500 }), (date, days) => {
        const moved = completions(date).map((day) => addDays(day, days));
        expect(shiftDays(span(date), days)).toEqual({ earliest: moved[0], latest: moved.at(-1) });
      }),
    );
  });

  it('holds each of its days moved by years', () => {
    fc.assert(
      fc.property(partialDate, fc.integer({ min: -20, max: 20 }), (date, years) => {
        const moved = shiftYears(span(date), years) ?? expect.fail('within the calendar');
        for (const day of completions(date)) {
          expect(addYears(day, years) >= moved.earliest).toBe(true);
          expect(addYears(day, years) <= moved.latest).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does not leave the calendar', () => {
    expect(shiftYears(span('2024'), 100)).toBeUndefined();
    expect(shiftDays(span('2024'), 1e9)).toBeUndefined();
  });

  it('that is no calendar unit has no date', () => {
    expect(partialDateOf({ earliest: '2024-01-02', latest: '2024-01-31' })).toBeUndefined();
  });
});
