import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochDay, epochMillisecond } from './calendar.js';

const moments = fc.integer({
  min: Date.parse('0001-01-01T00:00:00Z'),
  max: Date.parse('9999-12-31T23:59:59.999Z'),
});

describe('the calendar', () => {
  it('counts days and milliseconds as the platform does', () => {
    fc.assert(
      fc.property(moments, (time) => {
        const datetime = new Date(time).toISOString();
        expect(epochMillisecond(datetime)).toBe(time);
        expect(epochDay(datetime.slice(0, 10))).toBe(Math.floor(time / 86_400_000));
      }),
    );
  });

  it('has leap days in every fourth year, but of full centuries only in every fourth', () => {
    const leapDays = [1600, 1700, 1900, 2000, 2024, 2026].map(
      (year) => epochDay(`${year}-02-29`) !== undefined,
    );
    expect(leapDays).toEqual([true, false, false, true, true, false]);
  });

  it('reads whole seconds', () => {
    expect(epochMillisecond('1970-01-01T00:00:01Z')).toBe(1000);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '0000-01-01',
    '2026-1-1',
    '2026-01',
    '',
    '2026-01-01T00:00:00Z',
    ' 2026-01-01',
    '10000-01-01',
  ])('knows no day %j', (date) => {
    expect(epochDay(date)).toBeUndefined();
  });

  it.each([
    '2026-01-31',
    '2026-02-29T00:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T23:60:00Z',
    '2026-01-31T23:59:60Z',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00:00+01:00',
    '2026-01-31T12:00:00.1Z',
    '2026-01-31 12:00:00Z',
  ])('knows no moment %j', (datetime) => {
    expect(epochMillisecond(datetime)).toBeUndefined();
  });
});
