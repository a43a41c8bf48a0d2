import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAsOf } from './as-of.js';

describe('parseAsOf', () => {
  it('is undefined without the parameter', () => {
    expect(parseAsOf(undefined)).toBeUndefined();
  });

  it.each([
    ['0', { position: 0 }],
    ['9007199254740991', { position: 9007199254740991 }],
    ['2024-03-05T14:00:00Z', { instant: '2024-03-05T14:00:00.000Z' }],
    ['2024-03-05t14:00:00.5z', { instant: '2024-03-05T14:00:00.500Z' }],
    ['2024-03-05T14:00:00.1239999+02:30', { instant: '2024-03-05T11:30:00.123Z' }],
    ['2024-02-29T23:59:59-00:01', { instant: '2024-03-01T00:00:59.000Z' }],
  ])('reads %s', (text, moment) => {
    expect(parseAsOf(text)).toEqual(moment);
  });

  it.each([
    '',
    '-1',
    '007',
    '1.5',
    '1e3',
    '9007199254740992',
    '2024-03-05',
    '2024-03-05T14:00:00',
    '2024-03-05T14:00Z',
    '2024-03-05 14:00:00Z',
    '2024-03-05T14:00:00 02:00',
    '2023-02-29T00:00:00Z',
    '2024-02-30T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-03-05T24:00:00Z',
    '2024-03-05T14:60:00Z',
    '2016-12-31T23:59:60Z',
    '2024-03-05T14:00:00+24:00',
    '2024-03-05T14:00:00.Z',
    ' 2024-03-05T14:00:00Z',
    '2024-03-05T14:00:00Z\n',
  ])('refuses %j and names the parameter', (text) => {
    expect(() => parseAsOf(text)).toThrow(
      expect.objectContaining({ code: 'invalid-request', detail: expect.stringContaining('asOf') }),
    );
  });

  it('keeps every instant, whatever zone it is told in', () => {
    const instant = fc.date({
      min: new Date('1901-01-01'),
      max: new Date('2099-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.integer({ min: -23 * 60, max: 23 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const minutes = Math.abs(offset);
        const pad = (part: number): string => String(part).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
        expect(parseAsOf(local + zone)).toEqual({ instant: date.toISOString() });
      }),
    );
  });
});
