import type { IRegularForbiddenRuleType } from 'dependency-cruiser';
import { edges, type Floors, logicBuiltins, logicPackages, trialFloors } from './floors.js';

type Rule = IRegularForbiddenRuleType;

const SPEC = '\\.spec\\.ts$';
const ALIASED = ['aliased' as const];

/** What no import may do, in the words of dependency-cruiser: `$1` is the first group of `from.path`. */
export function rulesFor(floors: Floors): Rule[] {
  return [
    rule('circle', {}, { circular: true }),
    rule('unresolved', {}, { couldNotResolve: true }),
    rule('built', {}, { path: '^dist/' }),
    ...floorRules(floors),
    rule(
      'by-name',
      { path: '^libs/([^/]+)/' },
      { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ALIASED },
    ),
    rule('by-name', { pathNot: '^libs/' }, { path: '^libs/', dependencyTypesNot: ALIASED }),
    rule('own-index', { path: '^libs/([^/]+)/' }, { path: '^libs/$1/src/index\\.ts$' }),
    rule('app-imported', { pathNot: '^(apps|test)/' }, { path: '^apps/' }),
    rule('apps-apart', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
    rule(
      'migration-imports',
      { path: '^migrations/' },
      { pathNot: ['^migrations/', '^node_modules/typeorm/'] },
    ),
    rule('migration-imported', { path: '^libs/', pathNot: SPEC }, { path: '^migrations/' }),
    ...logicRules(trialFloors.flatMap((floor) => floors[floor] ?? [])),
    rule(
      'development-package',
      { path: '^(apps|libs|migrations)/', pathNot: SPEC },
      { dependencyTypes: ['npm-dev'] },
    ),
  ];
}

function floorRules(floors: Floors): Rule[] {
  const below: string[] = [];
  return Object.values(floors).flatMap((libraries) => {
    const rules = libraries.map((library) =>
      rule(
        'floor',
        { path: `^libs/${library}/`, pathNot: SPEC },
        { path: '^libs/', pathNot: `^libs/(${[library, ...below].join('|')})/` },
      ),
    );
    below.push(...libraries);
    return rules;
  });
}

function logicRules(trial: readonly string[]): Rule[] {
  const path = `^libs/(${trial.join('|')})/`;
  const notLogic = [SPEC, `\\.(${edges.join('|')})\\.ts$`];
  const listed = Object.entries(logicBuiltins);
  return [
    rule(
      'logic-package',
      { path, pathNot: notLogic },
      { path: 'node_modules/', pathNot: `node_modules/(${logicPackages.join('|')})/` },
    ),
    rule(
      'logic-builtin',
      { path, pathNot: [...notLogic, ...listed.map(([file]) => exactly(file))] },
      { dependencyTypes: ['core'] },
    ),
    ...listed.map(([file, builtins]) =>
      rule(
        'logic-builtin',
        { path: exactly(file) },
        { dependencyTypes: ['core'], pathNot: builtins.map(exactly) },
      ),
    ),
  ];
}

function exactly(name: string): string {
  return `^${name.replaceAll('.', '\\.')}$`;
}

function rule(name: string, from: Rule['from'], to: Rule['to']): Rule {
  return { name, severity: 'error', from, to };
}
