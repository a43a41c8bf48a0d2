import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ambientReads } from './ambient.js';
import { isStrayIndex, reExports } from './barrels.js';
import { type Cruise, cruiseTree } from './cruise.js';
import { isTooLong } from './length.js';

const floors = { 1: ['values', 'problem'], 2: ['http'], 6: ['casebook'] };

/** A tree in which each rule is broken once; every other file keeps them all. */
const tree = {
  'package.json': '{ "type": "module", "dependencies": { "pg": "8" }, "devDependencies": { "vitest": "4" } }',
  'node_modules/pg/package.json': '{ "main": "index.js" }',
  'node_modules/pg/index.js': '',
  'node_modules/vitest/package.json': '{ "main": "index.js" }',
  'node_modules/vitest/index.js': '',
  'node_modules/typeorm/package.json': '{ "main": "index.js" }',
  'node_modules/typeorm/index.js': '',

  'libs/values/src/index.ts': `export { a } from './a.js'; export { upward } from './upward.js';`,
  'libs/values/src/a.ts': `import type { B } from './b.js'; export type A = B; export const a = 1;`,
  'libs/values/src/b.ts': `import type { A } from './a.js'; export type B = A;`,
  'libs/values/src/upward.ts': `import type { send } from '#http'; export type upward = typeof send;`,
  'libs/values/src/upward.spec.ts': `import 'vitest'; import '#casebook';`,
  'libs/values/src/beside.ts': `import '#problem';`,
  'libs/values/src/nowhere.ts': `import './missing.js';`,
  'libs/values/src/tested.ts': `import 'vitest';`,
  'libs/values/src/opened.ts': `import '../../../apps/server/src/main.js';`,
  'libs/values/src/migrated.ts': `import '../../../migrations/1-log.js';`,
  'libs/values/src/built.ts': `import '../../../dist/libs/values/src/a.js';`,
  'dist/libs/values/src/a.js': '',

  'libs/problem/src/index.ts': 'export const problem = 1;',
  'libs/http/src/index.ts': `export { send } from './send.js';`,
  'libs/http/src/send.ts': `import '#problem'; import 'pg'; export const send = 1;`,
  'libs/http/src/relative.ts': `import '../../problem/src/index.js';`,
  'libs/http/src/own.ts': `import { send } from '#http'; export const own = send;`,

  'libs/casebook/src/index.ts': '',
  'libs/casebook/src/logic.ts': `import type { Client } from 'pg'; import '#http'; export type C = Client;`,
  'libs/casebook/src/files.ts': `import 'node:fs';`,
  'libs/casebook/src/identity/seal.ts': `import 'node:crypto'; import 'node:net';`,
  'libs/casebook/src/logic.projection.ts': `import 'pg'; import 'node:fs';`,

  'apps/server/src/main.ts': `import '#casebook'; import '../../../migrations/1-log.js';`,
  'apps/server/src/relative.ts': `import '../../../libs/http/src/send.js';`,
  'apps/cli/src/main.ts': `import '../../server/src/main.js';`,
  'migrations/1-log.ts': `import 'typeorm';`,
  'migrations/2-more.ts': `import '#problem';`,
};

describe('the floors, broken', () => {
  const root = mkdtempSync(join(tmpdir(), 'daybook-rules-'));
  let cruise: Cruise;
  beforeAll(async () => {
    for (const [path, text] of Object.entries(tree)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    cruise = await cruiseTree(root, floors);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it('are reported, each breach once and nothing else', () => {
    expect(cruise.breaches).toEqual([
      'app-imported: libs/values/src/opened.ts → apps/server/src/main.ts',
      'apps-apart: apps/cli/src/main.ts → apps/server/src/main.ts',
      'built: libs/values/src/built.ts → dist/libs/values/src/a.js',
      'by-name: apps/server/src/relative.ts → libs/http/src/send.ts',
      'by-name: libs/http/src/relative.ts → libs/problem/src/index.ts',
      'circle: libs/values/src/a.ts → libs/values/src/b.ts',
      'development-package: libs/values/src/tested.ts → node_modules/vitest/index.js',
      'floor: libs/values/src/beside.ts → libs/problem/src/index.ts',
      'floor: libs/values/src/upward.ts → libs/http/src/index.ts',
      'logic-builtin: libs/casebook/src/files.ts → fs',
      'logic-builtin: libs/casebook/src/identity/seal.ts → net',
      'logic-package: libs/casebook/src/logic.ts → node_modules/pg/index.js',
      'migration-imported: libs/values/src/migrated.ts → migrations/1-log.ts',
      'migration-imports: migrations/2-more.ts → libs/problem/src/index.ts',
      'own-index: libs/http/src/own.ts → libs/http/src/index.ts',
      'unresolved: libs/values/src/nowhere.ts → ./missing.js',
    ]);
  });

  it('are reported by tools that read every file', () => {
    const files = Object.keys(tree).filter((path) => /^(apps|libs|migrations)\//.test(path));
    expect([...cruise.modules.keys()]).toEqual(expect.arrayContaining(files));
  });
});

describe('the clock, randomness and the environment', () => {
  const path = 'libs/values/src/a.ts';

  it.each([
    ['const a = Date.now();', 'Date.now'],
    ['const a = { now: Date.now };', 'Date.now'],
    ['const a = new Date();', 'new Date()'],
    ['const a = new Date;', 'new Date()'],
    ['const a = new globalThis.Date();', 'new Date()'],
    ['const a = Date();', 'Date()'],
    ['const a = performance.now();', 'performance.now'],
    ["import { performance as p } from 'node:perf_hooks'; p.now();", 'performance.now'],
    ['const a = Math.random();', 'Math.random'],
    ['const { random } = Math;', 'Math.random'],
    ["import { createHash, randomBytes as bytes } from 'node:crypto';", 'crypto.randomBytes'],
    ["import { randomInt } from 'crypto';", 'crypto.randomInt'],
    ["import * as c from 'node:crypto'; c.randomUUID();", 'crypto.randomUUID'],
    ['const a = crypto.getRandomValues(b);', 'crypto.getRandomValues'],
    ['const a = globalThis.crypto.randomUUID();', 'crypto.randomUUID'],
    ['const a = process.env.HOME;', 'process.env'],
    ["const a = process['env'];", 'process.env'],
    ['const { env: settings } = process;', 'process.env'],
    ["import { env } from 'node:process';", 'process.env'],
  ])('are found in %s', (text, read) => {
    expect(ambientReads({ path, text: `\n${text}` })).toEqual([`${path}:2 ${read}`]);
  });

  it.each([
    'const a = new Date(moment);',
    'const a = now();',
    "import { createHash } from 'node:crypto'; createHash('sha256');",
    'const a = process.pid;',
    'const a = random.randomBytes(16);',
    'interface A { now(): Date; randomBytes(size: number): Buffer }',
    "const a = 'Date.now()';",
  ])('are not found in %s', (text) => {
    expect(ambientReads({ path, text })).toEqual([]);
  });
});

describe('a library’s face', () => {
  const handingOn = `import '#http';\nexport { b } from './b.js';\nexport const c = 1;`;

  it('is the only file that hands on what is not its own', () => {
    expect(reExports({ path: 'libs/values/src/a.ts', text: handingOn })).toEqual(['libs/values/src/a.ts:2']);
    expect(reExports({ path: 'libs/values/src/deep/index.ts', text: handingOn })).toHaveLength(1);
    expect(reExports({ path: 'libs/values/src/index.ts', text: handingOn })).toEqual([]);
  });

  it('is the only index', () => {
    expect(isStrayIndex({ path: 'libs/values/src/deep/index.ts', text: '' })).toBe(true);
    expect(isStrayIndex({ path: 'libs/values/src/index.ts', text: '' })).toBe(false);
    expect(isStrayIndex({ path: 'migrations/index.ts', text: '' })).toBe(false);
  });
});

describe('a long file', () => {
  const lines = (count: number) => 'a;\n'.repeat(count);

  it.each([
    ['libs/values/src/a.ts', 300],
    ['libs/values/src/a.spec.ts', 600],
  ])('is %s of more than %i lines', (path, most) => {
    expect(isTooLong({ path, text: lines(most) })).toBe(false);
    expect(isTooLong({ path, text: lines(most + 1) })).toBe(true);
  });
});
