import type { CasebookView } from './casebook-view.js';
import { partialDateOf, type Span } from './date-span.js';
import type { Environment, ItemScope } from './environment.js';
import type { Datum, Expression } from './expression.js';
import type { Place, RowPlace, Value } from './facts.js';
import { type ExpressionFault, orFaults, refuse } from './fault.js';
import { compileOnForm, evaluateAt } from './on-form.js';
import { refuseForeignCode } from './operators.js';
import type { Reads } from './reads.js';
import type { Node } from './syntax.js';
import { BOOL, nameOf, unify } from './types.js';

/**
 * Whether the data violate a check: true, false, `unknown` where what is entered does not decide it, or
 * `exhausted` where the evaluation reached its limits.
 */
export type Verdict = boolean | 'unknown' | 'exhausted';

export interface Check {
  readonly form: string;
  readonly reads: Reads;
  evaluate(casebook: CasebookView, place: RowPlace): Verdict;
}

/** What a derived item should hold: nothing while that is `unknown`. */
export type Derived = { readonly value: Value } | 'unknown' | 'exhausted';

export interface Derivation {
  /** OID of the item. */
  readonly item: string;
  readonly form: string;
  readonly reads: Reads;
  evaluate(casebook: CasebookView, place: Place): Derived;
}

/**
 * Compiles an expression that is true where the data of a form violate the check.
 *
 * @param group short name of the repeating group of which each row is checked
 */
export function compileCheck(
  source: string,
  environment: Environment,
  form: string,
  group?: string,
): { check: Check } | { faults: ExpressionFault[] } {
  return orFaults(() => {
    const { node, expression, reads } = compileOnForm(source, environment, form, group);
    if (!unify(expression.type, BOOL))
      refuse('wrong-type', `A check is true or false, not ${nameOf(expression.type)}`, node);
    const verdict = (value: Datum | undefined): Verdict => (typeof value === 'boolean' ? value : 'unknown');
    return {
      check: {
        form,
        reads,
        evaluate: (casebook, place) => evaluateAt(expression, casebook, place, verdict, group),
      },
    };
  });
}

/** Compiles the expression of a derived item, which must have the item's type. */
export function compileDerivation(
  source: string,
  environment: Environment,
  oid: string,
): { derivation: Derivation } | { faults: ExpressionFault[] } {
  return orFaults(() => {
    const item = environment.items.get(oid);
    const everything = { start: 0, end: source.length };
    if (!item) return refuse('unknown-name', `There is no item ${oid}`, everything);
    if (item.inRows)
      return refuse('unsupported', `${oid} stands in rows; only single items are derived`, everything);
    const { node, expression, reads } = compileOnForm(source, environment, item.form);
    refuseOtherType(item, expression, node);
    const derived = (datum: Datum | undefined): Derived => {
      const value = datum === undefined ? undefined : storable(datum, item);
      return value === undefined ? 'unknown' : { value };
    };
    return {
      derivation: {
        item: oid,
        form: item.form,
        reads,
        evaluate: (casebook, place) => evaluateAt(expression, casebook, place, derived),
      },
    };
  });
}

function refuseOtherType(
  { oid, type, celType }: ItemScope,
  { type: given, literals }: Expression,
  node: Node,
): void {
  const wholeForDecimal = type === 'decimal' && given.kind === 'int';
  if (!unify(celType, given) && !wholeForDecimal)
    refuse('wrong-type', `${oid} is ${nameOf(celType)}, not ${nameOf(given)}`, node);
  if (celType.kind === 'string' && celType.codes)
    for (const literal of literals ?? []) refuseForeignCode(celType.codes, literal, node);
}

/** Undefined for what the item cannot hold: a code outside its list, too coarse a date. */
function storable(datum: Datum, { type, celType }: ItemScope): Value | undefined {
  const codes = celType.kind === 'list' ? celType.of : celType;
  const isCode = (value: unknown): value is string =>
    typeof value === 'string' && codes.kind === 'string' && (codes.codes?.labels.has(value) ?? true);
  switch (type) {
    case 'date':
    case 'partialDate': {
      const date = partialDateOf(datum as Span);
      return type === 'date' && date?.length !== 10 ? undefined : date;
    }
    case 'codes':
      return Array.isArray(datum) && datum.every(isCode) ? datum : undefined;
    case 'code':
    case 'text':
      return isCode(datum) ? datum : undefined;
    default:
      return datum as number;
  }
}
