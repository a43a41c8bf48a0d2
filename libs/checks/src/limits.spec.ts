import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, derived, environment, faultOf, verdict } from './checks.spec-kit.js';
import { compileCheck } from './compile.js';
import { LIMITS } from './limits.js';
import { compileMessage } from './message.js';

const visits = Array.from({ length: 100 }, (_, i) => at(`UNS~${i + 1}/FU`, { ECOG: 1, DATE: '2025-03-01' }));
const numbers = `[${Array.from({ length: LIMITS.elements }, (_, i) => i).join(', ')}]`;

/** `open` so many times, then `inside`, then `close` as often. */
const nested = (open: string, inside: string, close: string, times: number) =>
  open.repeat(times) + inside + close.repeat(times);

describe('an expression that is too large', () => {
  it.each([
    ['long', `AGE > 1 ${' '.repeat(LIMITS.length)}`, 'too-long'],
    ['many parts', `AGE ${'+ 1 '.repeat(990)} > 1`, 'too-large'],
    ['deep parentheses', nested('(', 'true', ')', 1_900), 'too-large'],
    ['deep lists', nested('[', '1', ']', 1_900), 'too-large'],
    ['many negations', `${'!'.repeat(3_900)}true`, 'too-large'],
    ['a chain of choices', `${'true ? true : '.repeat(250)}true`, 'too-large'],
    ['a chain of selections', `AGE${'.a'.repeat(1_900)}`, 'too-large'],
    ['a long list', `1 in [${'1, '.repeat(LIMITS.elements)}1]`, 'too-large'],
  ])('is refused: %s', (_, source, code) => {
    expect(faultOf(source).code).toBe(code);
  });

  it('is not, within the limits', () => {
    expect(verdict(`${'true && '.repeat(300)}true`, [at('V0/DM')])).toBe(true);
  });
});

describe('an evaluation that would not end soon', () => {
  it.each([
    ['nested through the casebook', nested("all('FU').all(f, ", 'true', ')', 8)],
    [
      'nested through lists that are written out',
      `${numbers}.all(a, ${numbers}.all(b, ${numbers}.all(c, true)))`,
    ],
    ['nested through one list', `cel.bind(l, all('FU'), ${nested('l.all(x, ', 'true', ')', 12)})`],
    ['a list that doubles', `size([[1, 1]]${'.map(x, x + x)'.repeat(40)}) > 0`],
    ['a text that doubles', `size(['ab']${'.map(x, x + x)'.repeat(40)}) > 0`],
    [
      'a comparison of what is large',
      `cel.bind(l, ${numbers}.map(a, ${numbers}), ${numbers}.all(b, ${numbers}.all(c, l == l)))`,
    ],
  ])('stops: %s', (_, source) => {
    expect(verdict(source, visits)).toBe('exhausted');
  });

  it.each([
    ['counted', 'size(NOTE) > 0'],
    ['searched', 'NOTE.contains(NOTE)'],
  ])('stops where a long text is %s again and again', (_, inside) => {
    const subject = at('V0/DM', { NOTE: 'a'.repeat(LIMITS.text) });
    expect(verdict(`${numbers}.all(a, ${numbers}.all(b, ${inside}))`, [subject])).toBe('exhausted');
  });

  it('stops in a derivation, too', () => {
    const source = `['abcdefgh']${'.map(x, x + x)'.repeat(10)}[0]`;
    expect(derived(source, 'I.DM.NOTE', [at('V0/DM')])).toBe('exhausted');
  });

  it('is stopped however the rest is written', () => {
    const endless = nested("all('FU').all(f, ", 'true', ')', 8);
    expect(verdict(`${endless} || true`, visits)).toBe('exhausted');
    expect(verdict(`missing(${endless})`, visits)).toBe('exhausted');
  });

  it('begins anew each time', () => {
    const source = `all('FU').all(f, all('FU').all(g, f.ECOG == g.ECOG))`;
    for (let i = 0; i < 20; i += 1) expect(verdict(source, visits)).toBe(true);
  });
});

describe('any text at all', () => {
  const word = fc.constantFrom(
    ...'AGE NOTE SITES BIRTH 1 2.5 "x" r"\\ b"" true null [ ] ( ) { } , : ? . && || ! - + == < in'.split(' '),
    ...[
      "all('FU')",
      'has(',
      'cel.bind(x,',
      '.map(x,',
      "date('2024')",
      "rows('",
      '\\u12',
      '__proto__',
      'toString',
    ],
  );
  const words = fc.array(word, { maxLength: 12 }).map((list) => list.join(' '));

  it('compiles, or has faults that lie within it', () => {
    fc.assert(
      fc.property(
        fc.oneof(words, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })),
        (source) => {
          for (const compiled of [
            compileCheck(source, environment, 'DM'),
            compileMessage(source, environment, 'DM'),
          ]) {
            for (const { offset, length } of 'faults' in compiled ? compiled.faults : []) {
              expect(offset).toBeGreaterThanOrEqual(0);
              expect(length).toBeGreaterThanOrEqual(0);
              expect(offset + length).toBeLessThanOrEqual(source.length + 1);
            }
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
