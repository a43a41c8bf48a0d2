import 'reflect-metadata';
import { IntersectionType, PartialType } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min, ValidateIf, validateSync } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceOf, isSurelyValid } from './body-class.js';
import { Nested, NestedList } from './nested.js';

class Line {
  @IsString() @MaxLength(2) key!: string;
  @IsOptional() @IsInt() @Min(1) amount?: number;
}

class Listed {
  @NestedList(() => Line, 2) lines!: Line[];
  @IsString({ each: true }) names!: string[];
}

class Order extends PartialType(Listed) {
  @IsIn(['a', 'b']) kind!: string;
  @IsOptional() @Nested(() => Line) first?: Line;
  @ValidateIf(({ kind }) => kind === 'a') @IsInt() number?: number;
}

class Both extends IntersectionType(Order, Line) {}

class Nothing {}

const leaf = fc.constantFrom<unknown>('a', 'b', 'long', 0, 1, 1.5, null, true, undefined);
const line = fc.record({ key: leaf, amount: leaf, other: leaf }, { requiredKeys: [] });
const lines = fc.array(fc.oneof(line, leaf), { maxLength: 3 });
const any = fc.oneof(leaf, line, lines);
const likely = fc.record(
  {
    kind: fc.constantFrom('a', 'b'),
    first: fc.record({ key: fc.constant('k') }),
    number: fc.constant(1),
    lines: fc.array(fc.record({ key: fc.constant('k'), amount: fc.constantFrom(1, 0) }), { maxLength: 3 }),
    names: fc.array(fc.constantFrom('n', 1)),
    key: fc.constant('k'),
  },
  { requiredKeys: ['kind'] },
);
const unlikely = fc.record(
  { kind: any, first: any, number: any, lines: any, names: any, key: any, other: any, toString: any },
  { requiredKeys: [] },
);
const sent = fc.oneof(
  likely,
  unlikely,
  fc.tuple(likely, unlikely).map(([a, b]) => ({ ...b, ...a })),
);

describe('a body as its class', () => {
  it('is surely valid exactly where class-validator finds no fault', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(fc.constantFrom(Order, Both, Line, Nothing), sent, (type, value) => {
        const body = instanceOf<object>(type, value);
        const isValid = validateSync(body, { whitelist: true, forbidNonWhitelisted: true }).length === 0;
        seen.add(isValid);
        expect(isSurelyValid(body)).toBe(isValid);
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBe(2);
  });

  it('holds what was sent, what it nests as theirs', () => {
    const body = instanceOf(Both, {
      first: { key: 'k' },
      lines: [{ key: 'l' }, 7],
      names: { toString: 1 },
      toString: 2,
    });
    expect(body).toBeInstanceOf(Both);
    expect(body.first).toBeInstanceOf(Line);
    expect(body.lines?.[0]).toBeInstanceOf(Line);
    expect(body).toEqual({ first: { key: 'k' }, lines: [{ key: 'l' }, 7], names: { toString: 1 } });
    expect(Object.keys(body)).not.toContain('toString');
  });
});
