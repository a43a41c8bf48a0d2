import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, csvHeader, csvLine } from './csv.js';

describe('csvCell', () => {
  it.each([
    [null, ''],
    [undefined, ''],
    ['', '""'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    [0, '0'],
    [-5.25, '-5.25'],
    [1e21, '1e+21'],
    [true, 'true'],
    [{ a: [1, 'x'] }, '"{""a"":[1,""x""]}"'],
  ])('writes %j as %s', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+33 6 12 34', "'+33 6 12 34"],
    ['-', "'-"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['-2+3', "'-2+3"],
  ])('disarms %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it.each(['-5', '+5', '-0.5', '-1e-7', '+1.5E+3'])('leaves the number %s as it is', (number) => {
    expect(csvCell(number)).toBe(number);
  });
});

describe('csvLine', () => {
  it('has the columns asked for, in their order', () => {
    expect(csvHeader(['b', 'a', 'none'])).toBe('b,a,none\r\n');
    expect(csvLine({ a: 1, b: 'x', c: 'not asked for' }, ['b', 'a', 'none'])).toBe('x,1,\r\n');
  });

  it('can be read back by RFC 4180’s grammar', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const columns = cells.map((_, index) => `c${index}`);
        const row = Object.fromEntries(cells.map((text, index) => [`c${index}`, text]));
        expect(cellsOf(csvLine(row, columns)).map((text) => text.replace(/^'\r/, '\r'))).toEqual(cells);
      }),
    );
  });
});

/** The cells of one line: quoted ones may hold anything, with quotes doubled. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let match = cell.exec(line); match; match = cell.exec(line)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') return cells;
  }
  throw new Error('not a line');
}
