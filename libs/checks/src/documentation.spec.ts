import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileCheck, compileDerivation } from './compile.js';
import { environment } from './sinet.spec-kit.js';

const text = readFileSync(new URL('../../../docs/edit-checks.md', import.meta.url), 'utf8');
/** Each begins with a comment that names its form and, where it is a derivation, the item. */
const examples = [...text.matchAll(/```cel\n(\/\/ (\S+)(?: (\S+))?\n[^`]+)```/g)];

describe('the documentation', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(5);
    expect(examples).toHaveLength(text.split('```cel').length - 1);
  });

  it.each(examples.map(([, source, form, item]) => [source!, form!, item]))(
    'has one that compiles: %s',
    (...example) => {
      const [source, form, item] = example;
      const compiled = item
        ? compileDerivation(source, environment, `I.${form}.${item}`)
        : compileCheck(source, environment, form);
      expect(compiled).not.toHaveProperty('faults');
    },
  );
});
