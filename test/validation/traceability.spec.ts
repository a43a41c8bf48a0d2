import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REQUIREMENTS } from './requirements.js';
import { matrix, shownBy } from './traceability.js';

const run = { version: '1.2.3', commit: 'abc', day: '2026-01-02', platform: 'Node 20' };

/** The numbers in the names of all tests. */
function numbered(): Set<string> {
  const specs = ['apps', 'libs', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.spec.ts'))
      .map((file) => join(folder, file)),
  );
  const names = specs.flatMap(
    (file) =>
      readFileSync(file, 'utf8').match(/\b(?:it|describe)(?:\.each\(.*?\))?\(\s*['"`][^'"`]*/gs) ?? [],
  );
  return new Set(names.flatMap(shownBy));
}

describe('requirements', () => {
  it('C-26 are each shown by a test, and the tests name no others', () => {
    expect([...numbered()].sort()).toEqual(REQUIREMENTS.map(({ id }) => id));
  });
});

describe('the matrix of requirements and tests', () => {
  it('says of each requirement which tests show it, and how they ended', () => {
    const text = matrix(
      [
        { file: 'b.spec.ts', name: 'C-03: asks why', passed: false },
        { file: 'a.spec.ts', name: 'history > C-02 C-03 is | kept', passed: true },
        { file: 'c.spec.ts', name: 'shows nothing', passed: true },
      ],
      run,
    );
    expect(text).toContain('Of 3 tests 1 failed.');
    expect(text).toMatch(/^\| \[C-02\].*\| 1 \| passed \|$/m);
    expect(text).toMatch(/^\| \[C-03\].*\| 2 \| \*\*1 failed\*\* \|$/m);
    expect(text).toMatch(/^\| \[C-04\].*\| 0 \| \*\*not shown\*\* \|$/m);
    const lines = [
      '- history \\> C-02 C-03 is \\| kept (`a.spec.ts`)',
      '- **failed:** C-03: asks why (`b.spec.ts`)',
    ];
    expect(text).toContain(lines.join('\n'));
    expect(text).not.toContain('c.spec.ts');
  });
});
