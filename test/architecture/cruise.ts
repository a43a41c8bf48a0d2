import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import type { Floors } from './floors.js';
import { rulesFor } from './rules.js';

export interface Cruise {
  /** Modules by path from the root, each with the packages, modules of Node and files that it imports. */
  readonly modules: ReadonlyMap<string, readonly string[]>;
  /** `rule: from → to`, in order. */
  readonly breaches: readonly string[];
}

/** Follows every import, of types too, of the apps, libraries and migrations under `root`. */
export async function cruiseTree(root: string, floors: Floors): Promise<Cruise> {
  const alias = Object.fromEntries(
    readdirSync(join(root, 'libs')).map((library) => [
      `#${library}`,
      join(root, 'libs', library, 'src/index.ts'),
    ]),
  );
  const { output } = await cruise(
    ['apps', 'libs', 'migrations'],
    {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      validate: true,
      ruleSet: { forbidden: rulesFor(floors) },
    },
    { alias },
  );
  const { modules, summary } = output as ICruiseResult;
  return {
    modules: new Map(
      modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]),
    ),
    breaches: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
  };
}
