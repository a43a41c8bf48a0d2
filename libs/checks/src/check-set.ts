import { compileCheck, compileDerivation, type Derivation } from './compile.js';
import { type ConditionDefinition, compileCondition } from './conditions.js';
import { orderDerivations } from './derivations.js';
import type { Environment } from './environment.js';
import type { ExpressionFault } from './fault.js';
import { compileMessage } from './message.js';
import type { PlacedCheck } from './placed-check.js';
import type { Reads } from './reads.js';

/** The checks, derivations and conditions of a study, as people write them. */
export interface CheckSetDefinition {
  readonly checks: readonly CheckDefinition[];
  readonly derivations: readonly DerivationDefinition[];
  readonly conditions?: readonly ConditionDefinition[];
}

export interface CheckDefinition {
  readonly oid: string;
  /** OIDs of the forms that it looks at. */
  readonly forms: readonly string[];
  /** `hard`: the data cannot stand so; `soft`: they can, with an answer to the query. */
  readonly level: 'soft' | 'hard';
  /** True where the data violate the check. */
  readonly when: string;
  /** Of the query. */
  readonly text: string;
  /** OIDs of the items that the query is about, of each of the forms at least one. */
  readonly items: readonly string[];
}

export interface DerivationDefinition {
  readonly item: string;
  readonly expression: string;
}

export interface CheckSet {
  /** Those that conditions imply after the others. */
  readonly checks: readonly PlacedCheck[];
  /** In the order in which they are to be evaluated. */
  readonly derivations: readonly Derivation[];
}

/** `pointer` (RFC 6901) leads to the property; expression faults say where in its text. */
export interface CheckSetFault extends Omit<ExpressionFault, 'code' | 'offset' | 'length'> {
  readonly pointer: string;
  readonly code: ExpressionFault['code'] | 'duplicate' | 'dangling' | 'cycle' | 'too-many' | 'blinding';
  readonly offset?: number;
  readonly length?: number;
}

const MOST = 2_000;

/** Compiles all checks and derivations of one version of a study, or says all that is wrong with them. */
export function compileCheckSet(
  definition: CheckSetDefinition,
  environment: Environment,
): { checkSet: CheckSet } | { faults: readonly CheckSetFault[] } {
  const { checks, derivations, conditions = [] } = definition;
  if (checks.length + derivations.length + conditions.length > MOST) {
    const message = `At most ${MOST} checks, derivations and conditions`;
    return { faults: [{ pointer: '', code: 'too-many', message }] };
  }
  const faults = [
    ...duplicates(checks, '/checks', 'oid'),
    ...duplicates(derivations, '/derivations', 'item'),
  ];
  const placed = checks.flatMap((check, i) => compilePlaced(check, `/checks/${i}`, environment, faults));
  const implied = conditions.flatMap((condition, i) => {
    const compiled = compileCondition(condition, environment);
    if ('checks' in compiled) return compiled.checks;
    faults.push(...at(`/conditions/${i}/when`, compiled.faults));
    return [];
  });
  const derived = derivations.flatMap(({ item, expression }, i) => {
    if (!environment.items.has(item)) {
      faults.push(dangling(`/derivations/${i}/item`, `There is no item ${item}`));
      return [];
    }
    const compiled = compileDerivation(expression, environment, item);
    if ('derivation' in compiled) return compiled.derivation;
    faults.push(...at(`/derivations/${i}/expression`, compiled.faults));
    return [];
  });
  const ordered = orderDerivations(derived);
  for (const cycle of ordered.cycles) {
    const first = derivations.findIndex(({ item }) => item === cycle[0]);
    const message = `Depends on itself: ${[...cycle, cycle[0]].join(' needs ')}`;
    faults.push({ pointer: `/derivations/${first}/expression`, code: 'cycle', message });
  }
  return faults.length > 0
    ? { faults }
    : { checkSet: { checks: [...placed, ...implied], derivations: ordered.order } };
}

function compilePlaced(
  definition: CheckDefinition,
  pointer: string,
  environment: Environment,
  faults: CheckSetFault[],
): PlacedCheck[] {
  const { oid, level, when, text } = definition;
  for (const [i, item] of definition.items.entries())
    if (!definition.forms.includes(environment.items.get(item)?.form ?? ''))
      faults.push(dangling(`${pointer}/items/${i}`, `${item} is on none of the forms of the check`));

  return definition.forms.flatMap((form, i) => {
    if (!environment.forms.has(form)) {
      faults.push(dangling(`${pointer}/forms/${i}`, `There is no form ${form}`));
      return [];
    }
    const items = definition.items.filter((item) => environment.items.get(item)?.form === form);
    if (items.length === 0)
      faults.push(dangling(`${pointer}/forms/${i}`, `The query would be about no item of ${form}`));
    const compiled = compileCheck(when, environment, form);
    const texted = compileMessage(text, environment, form);
    if ('faults' in compiled) faults.push(...at(`${pointer}/when`, compiled.faults));
    if ('faults' in texted) faults.push(...at(`${pointer}/text`, texted.faults));
    if ('faults' in compiled || 'faults' in texted) return [];
    faults.push(...blindingFaults(items, texted.message.reads, environment, pointer));
    return [{ ...compiled.check, oid, level, items, message: texted.message.fill }];
  });
}

/**
 * Who may see a query follows from the items that it is about. So they must be masked alike, and a text that
 * tells the arms apart must be about items that do so too.
 */
function blindingFaults(
  items: readonly string[],
  texts: readonly Reads[],
  { items: known }: Environment,
  pointer: string,
): CheckSetFault[] {
  const reveals = (item: string) => known.get(item)?.revealsArm === true;
  const masks = items.map((item) => JSON.stringify([reveals(item), known.get(item)?.hiddenFrom ?? []]));
  const faults: CheckSetFault[] = [];
  if (new Set(masks).size > 1) {
    const message = `${items.join(', ')} are not seen by the same people`;
    faults.push({ pointer: `${pointer}/items`, code: 'blinding', message });
  }
  const tells = ({ own, elsewhere, facts }: Reads) =>
    facts.has('arm') || [...own, ...elsewhere].some((item) => reveals(item));
  if (texts.some(tells) && !items.every(reveals)) {
    const message = `The text tells the arms apart, but ${items.join(', ')} do not`;
    faults.push({ pointer: `${pointer}/text`, code: 'blinding', message });
  }
  return faults;
}

function at(pointer: string, faults: readonly ExpressionFault[]): CheckSetFault[] {
  return faults.map((fault) => ({ ...fault, pointer }));
}

function dangling(pointer: string, message: string): CheckSetFault {
  return { pointer, code: 'dangling', message };
}

function duplicates<K extends string>(
  list: readonly Readonly<Record<K, string>>[],
  pointer: string,
  key: K,
): CheckSetFault[] {
  const first = new Map<string, number>();
  return list.flatMap((entry, i) => {
    const name = entry[key];
    if (!first.has(name)) {
      first.set(name, i);
      return [];
    }
    return [
      { pointer: `${pointer}/${i}/${key}`, code: 'duplicate' as const, message: `${name} occurs twice` },
    ];
  });
}
