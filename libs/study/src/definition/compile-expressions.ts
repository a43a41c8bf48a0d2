import {
  compileCheckSet,
  constantsOf,
  type Dependent,
  type Dependents,
  type Derivation,
  dependentsOf,
  type Environment,
  environmentOf,
  type PlacedCheck,
} from '#checks';
import { conditionsOf } from './conditions.js';
import type { Definition } from './definition.js';

/** The checks and derivations of one version, ready to be evaluated, with what a change of data affects. */
export interface CompiledExpressions {
  readonly environment: Environment;
  readonly derivations: Dependents<Derivation>;
  /** Those that conditions of items imply among them. */
  readonly checks: Dependents<PlacedCheck>;
  /** Whether there is a check of this OID on the forms of a kind. */
  hasCheck(oid: string, form: string): boolean;
  /** Whether what it reads identifies the subject: it needs the subject's key. */
  readsIdentity(dependent: Dependent): boolean;
  /** Whether such an expression can be affected by a change of this form; without a form, by any change. */
  mayReadIdentity(form?: string): boolean;
  /** Whether an answer can be another one because a day has passed. */
  readonly readsToday: boolean;
  /** Whether any expression reads this identifying item: the others stay sealed. */
  isRead(item: string): boolean;
}

/** @throws Error for a definition that was not validated */
export function compileExpressions(definition: Definition): CompiledExpressions {
  const { checks = [], derivations = [], constants } = definition;
  const environment = environmentOf(definition, constantsOf(constants));
  const conditions = conditionsOf(definition).map(({ condition }) => condition);
  const compiled = compileCheckSet({ checks, derivations, conditions }, environment);
  if ('faults' in compiled) throw new Error(`checks do not compile: ${JSON.stringify(compiled.faults)}`);
  const { checkSet } = compiled;
  const all: readonly Dependent[] = [...checkSet.derivations, ...checkSet.checks];
  const read = new Set(all.flatMap(({ reads }) => [...reads.own, ...reads.elsewhere]));
  const names = new Set(checkSet.checks.map(({ oid, form }) => `${form}/${oid}`));
  const readsIdentity = ({ reads }: Dependent) =>
    [...reads.own, ...reads.elsewhere].some((item) => environment.items.get(item)?.identifying);
  const identifying = all.filter(readsIdentity);
  const needingKey = new Set(
    definition.forms
      .map(({ oid }) => oid)
      .filter((form) => {
        const changed = changedWith(form, checkSet.derivations, environment);
        return identifying.some((dependent) => canAffect(form, changed, dependent));
      }),
  );
  return {
    environment,
    derivations: dependentsOf(checkSet.derivations),
    checks: dependentsOf(checkSet.checks),
    hasCheck: (oid, form) => names.has(`${form}/${oid}`),
    readsIdentity,
    mayReadIdentity: (form) => (form === undefined ? identifying.length > 0 : needingKey.has(form)),
    readsToday: all.some(({ reads }) => reads.facts.has('today')),
    isRead: (item) => read.has(item),
  };
}

/** All items that can change with a form: its own, and what is derived from them in turn. */
function changedWith(
  form: string,
  derivations: readonly Derivation[],
  { items }: Environment,
): ReadonlySet<string> {
  const changed = new Set([...items.values()].filter((item) => item.form === form).map(({ oid }) => oid));
  // They are in the order in which each finds what it reads.
  for (const derivation of derivations)
    if (canAffect(form, changed, derivation)) changed.add(derivation.item);
  return changed;
}

function canAffect(form: string, changed: ReadonlySet<string>, dependent: Dependent): boolean {
  const { own, elsewhere, forms, facts } = dependent.reads;
  return (
    dependent.form === form ||
    forms.has(form) ||
    [...own, ...elsewhere].some((item) => changed.has(item)) ||
    // Every entry brings the day, and can bring the subject's death.
    facts.has('today') ||
    facts.has('status')
  );
}
