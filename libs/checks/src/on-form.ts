import type { CasebookView } from './casebook-view.js';
import { compileNode } from './compile-node.js';
import type { Environment } from './environment.js';
import type { Datum, Expression } from './expression.js';
import type { RowPlace } from './facts.js';
import { refuse } from './fault.js';
import { Budget, Exhausted } from './limits.js';
import { noReads, type Reads } from './reads.js';
import { type Node, parseExpression } from './syntax.js';

/** An expression compiled for the forms of one kind. */
export interface OnForm {
  readonly node: Node;
  readonly expression: Expression;
  readonly reads: Reads;
}

/**
 * @param group short name of the repeating group for each row of which it is evaluated
 * @throws InvalidExpression
 */
export function compileOnForm(source: string, environment: Environment, oid: string, group?: string): OnForm {
  const form = environment.forms.get(oid);
  if (!form) return refuse('unknown-name', `There is no form ${oid}`, { start: 0, end: source.length });
  const node = parseExpression(source);
  const reads = noReads();
  const expression = compileNode(node, {
    environment,
    form,
    row: group === undefined ? undefined : form.own.groups.get(group),
    reads,
    variables: new Map(),
    slots: 0,
    compile: compileNode,
  });
  return { node, expression, reads };
}

/** Runs an expression for the form, or the row of a group in it, at a place, and hands on what it yields. */
export function evaluateAt<T>(
  { run }: Expression,
  casebook: CasebookView,
  place: RowPlace,
  handOn: (value: Datum | undefined) => T,
  group?: string,
): T | 'exhausted' {
  const form = casebook.at(place);
  const row = group === undefined || place.row === undefined ? undefined : form.row(group, place.row);
  try {
    return handOn(run({ casebook, form, row, locals: [], budget: new Budget() }));
  } catch (error) {
    if (error instanceof Exhausted) return 'exhausted';
    throw error;
  }
}
