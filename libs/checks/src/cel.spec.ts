import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, verdict } from './checks.spec-kit.js';

/**
 * Expressions over whole numbers AGE and PACKS, decimals HEIGHT and WEIGHT, texts NOTE and NAME, each of
 * which can be absent, and a variable `n` of comprehensions.
 */
const { bool } = fc.letrec<Record<'bool' | 'int' | 'double' | 'text' | 'ints', string>>((tie) => {
  const leaf = { maxDepth: 3, depthSize: 'small' } as const;
  const pair = (op: string, of: 'bool' | 'int' | 'double' | 'text') =>
    fc.tuple(tie(of), tie(of)).map(([a, b]) => `(${a} ${op} ${b})`);
  const choice = (of: 'bool' | 'int' | 'double' | 'text') =>
    fc.tuple(tie('bool'), tie(of), tie(of)).map(([c, a, b]) => `(${c} ? ${a} : ${b})`);
  const whole = fc.integer({ min: -9, max: 9 }).map((n) => (n < 0 ? `(${n})` : `${n}`));
  const decimal = fc.constantFrom('0.5', '1.0', '2.25', '(-3.0)');
  return {
    bool: fc.oneof(
      leaf,
      fc.constantFrom('true', 'false', '(AGE > 3)', '(HEIGHT <= 2.5)', "(NOTE == 'ab')"),
      ...['&&', '||', '==', '!='].map((op) => pair(op, 'bool')),
      ...['==', '!=', '<', '<=', '>', '>='].flatMap((op) =>
        (['int', 'double', 'text'] as const).map((of) => pair(op, of)),
      ),
      tie('bool').map((a) => `!${a}`),
      choice('bool'),
      fc.tuple(tie('int'), tie('double')).map(([a, b]) => `(${a} < ${b})`),
      fc.tuple(tie('text'), tie('text')).map(([a, b]) => `${a}.contains(${b})`),
      fc.tuple(tie('ints'), tie('int')).map(([list, a]) => `(${a} in ${list})`),
      fc
        .tuple(tie('ints'), tie('int'), tie('int'))
        .map(([list, a, b]) => `${list}.all(n, n + ${a} > n * ${b})`),
      fc.tuple(tie('ints'), tie('int')).map(([list, a]) => `${list}.exists(n, 6 / n == ${a})`),
    ),
    int: fc.oneof(
      leaf,
      whole,
      fc.constantFrom('AGE', 'PACKS'),
      ...['+', '-', '*', '/', '%'].map((op) => pair(op, 'int')),
      tie('int').map((a) => `-(${a})`),
      tie('text').map((a) => `size(${a})`),
      fc.tuple(tie('ints'), tie('int')).map(([list, a]) => `size(${list}.filter(n, n > ${a}))`),
      fc.tuple(tie('ints'), tie('int')).map(([list, a]) => `${list}[${a}]`),
      choice('int'),
    ),
    double: fc.oneof(
      leaf,
      decimal,
      fc.constantFrom('HEIGHT', 'WEIGHT'),
      ...['+', '-', '*'].map((op) => pair(op, 'double')),
      fc.tuple(tie('double'), decimal).map(([a, b]) => `(${a} / ${b})`),
      tie('int').map((a) => `double(${a})`),
      choice('double'),
    ),
    text: fc.oneof(
      leaf,
      fc.constantFrom("'a'", "'ab'", "''", 'NOTE', 'NAME'),
      pair('+', 'text'),
      tie('int').map((a) => `string(${a})`),
      choice('text'),
    ),
    ints: fc.oneof(
      fc.array(whole, { minLength: 1, maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
      fc.array(whole, { minLength: 1, maxLength: 2 }).map((list) => `[${list.join(', ')}].map(n, n * 2)`),
    ),
  };
});

const whole = fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined });
const decimal = fc.option(fc.constantFrom(-1.5, 0, 2.5), { nil: undefined });
const text = fc.option(fc.constantFrom('', 'a', 'abc'), { nil: undefined });
const items = fc.record({
  AGE: whole,
  PACKS: whole,
  HEIGHT: decimal,
  WEIGHT: decimal,
  NOTE: text,
  NAME: text,
});

const cel = new Environment();
for (const name of ['AGE', 'PACKS']) cel.registerVariable(name, 'int');
for (const name of ['HEIGHT', 'WEIGHT']) cel.registerVariable(name, 'double');
for (const name of ['NOTE', 'NAME']) cel.registerVariable(name, 'string');

/** What the CEL library answers; its errors, of absent variables too, are what is not known here. */
function celVerdict(source: string, values: Readonly<Record<string, unknown>>): boolean | 'unknown' {
  const context = Object.entries(values).map(([name, value]) => [
    name,
    Number.isInteger(value) && (name === 'AGE' || name === 'PACKS') ? BigInt(value as number) : value,
  ]);
  try {
    return cel.parse(source)(Object.fromEntries(context));
  } catch (error) {
    if (error instanceof Error && error.name === 'EvaluationError') return 'unknown';
    throw error;
  }
}

describe('an expression', () => {
  it('has the answer that CEL gives it', () => {
    const answers = new Set<unknown>();
    fc.assert(
      fc.property(bool, items, (source, values) => {
        const entered = Object.fromEntries(
          Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
        );
        const answer = verdict(source, [at('V0/DM', entered)]);
        expect(answer).toBe(celVerdict(source, entered));
        answers.add(answer);
      }),
      { numRuns: 3_000 },
    );
    expect(answers).toEqual(new Set([true, false, 'unknown']));
  });

  it('is one that CEL takes, too', () => {
    fc.assert(
      fc.property(bool, (source) => cel.check(source).valid),
      { numRuns: 500 },
    );
  });
});
