import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineWriter } from './lines.js';
import type { Value } from './table.js';

/** Few, so that rows often repeat one another. */
const value = fc.constantFrom<Value>(null, '', 'a', 'b', 0, -0, 1, true, false);

describe('lines', () => {
  it('are those that each row has by itself, whatever the rows before it were', () => {
    const rows = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1 }));
    fc.assert(
      fc.property(rows, (some) => {
        const fronts = some[0]!.map((_, index) => `${index}:`);
        const byItself = some.map((row) =>
          row
            .map((cell, index) => fronts[index] + JSON.stringify(cell))
            .concat(';')
            .join(''),
        );
        expect(some.map(lineWriter(fronts, JSON.stringify, ';'))).toEqual(byItself);
      }),
    );
  });
});
