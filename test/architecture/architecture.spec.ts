import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ambientReads } from './ambient.js';
import { isStrayIndex, reExports } from './barrels.js';
import { type Cruise, cruiseTree } from './cruise.js';
import { floors, logicBuiltins } from './floors.js';
import { isTooLong, linesOf, longFiles } from './length.js';
import { isSpec, readSources } from './sources.js';

const root = join(import.meta.dirname, '../..');
const sources = readSources(root, ['apps', 'libs', 'migrations', 'test']);
const libraryCode = sources.filter((source) => source.path.startsWith('libs/') && !isSpec(source));

describe('the floors', () => {
  const libraries = readdirSync(join(root, 'libs')).sort();
  let cruise: Cruise;
  beforeAll(async () => {
    cruise = await cruiseTree(root, floors);
  });

  it('name every library there is, once, and no other', () => {
    expect(Object.values(floors).flat().sort()).toEqual(libraries);
  });

  it.each(Object.entries(floors))('were read: floor %s', (_, onFloor) => {
    for (const library of onFloor) {
      const files = sources.filter(({ path }) => path.startsWith(`libs/${library}/`)).map(({ path }) => path);
      expect(files).toContain(`libs/${library}/src/index.ts`);
      expect([...cruise.modules.keys()]).toEqual(expect.arrayContaining(files));
    }
  });

  it('were read: every app and migration', () => {
    const files = sources.filter(({ path }) => /^(apps|migrations)\//.test(path)).map(({ path }) => path);
    expect(files).toEqual(expect.arrayContaining(['apps/server/src/main.ts', 'migrations/index.ts']));
    expect([...cruise.modules.keys()]).toEqual(expect.arrayContaining(files));
  });

  it('are kept', () => {
    expect(cruise.breaches).toEqual([]);
  });

  it.each(Object.entries(logicBuiltins))('allow %s only what it uses', (file, builtins) => {
    expect(cruise.modules.get(file)).toEqual(expect.arrayContaining([...builtins]));
  });
});

describe('nest-cli.json', () => {
  it('lists every app and library', () => {
    const { projects } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8')) as {
      projects: Record<string, { root: string }>;
    };
    const roots = ['apps', 'libs'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    expect(Object.values(projects).map((project) => project.root)).toEqual(expect.arrayContaining(roots));
    expect(Object.keys(projects)).toHaveLength(roots.length);
  });
});

describe('a library', () => {
  it('reads neither the clock, nor randomness, nor the environment', () => {
    expect(libraryCode.length).toBeGreaterThan(80);
    expect(libraryCode.flatMap(ambientReads)).toEqual([]);
  });

  it('has one face, its src/index.ts', () => {
    expect(sources.filter(isStrayIndex).map(({ path }) => path)).toEqual([]);
    expect(libraryCode.flatMap(reExports)).toEqual([]);
  });
});

describe('a file', () => {
  it('is one idea: at most 300 lines, a spec 600', () => {
    const long = sources.filter(isTooLong).filter(({ path }) => !longFiles.includes(path));
    expect(long.map((source) => `${source.path}: ${linesOf(source)} lines`)).toEqual([]);
  });

  it.each(longFiles)('is listed as long only while it is: %s', (file) => {
    expect(sources.filter(isTooLong).map(({ path }) => path)).toContain(file);
  });
});
