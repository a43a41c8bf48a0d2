import type { CasebookView } from './casebook-view.js';
import { compileNode } from './compile-node.js';
import type { Environment } from './environment.js';
import type { Datum, Expression } from './expression.js';
import type { Place } from './facts.js';
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

/** @throws InvalidExpression */
export function compileOnForm(source: string, environment: Environment, oid: string): OnForm {
  const form = environment.forms.get(oid);
  if (!form) return refuse('unknown-name', `There is no form ${oid}`, { start: 0, end: source.length });
  const node = parseExpression(source);
  const reads = noReads();
  const expression = compileNode(node, {
    environment,
    form,
    reads,
    variables: new Map(),
    slots: 0,
    compile: compileNode,
  });
  return { node, expression, reads };
}

/** Runs an expression for the form at a place, and hands on what it yields. */
export function evaluateAt<T>(
  { run }: Expression,
  casebook: CasebookView,
  place: Place,
  handOn: (value: Datum | undefined) => T,
): T | 'exhausted' {
  try {
    return handOn(run({ casebook, form: casebook.at(place), locals: [], budget: new Budget() }));
  } catch (error) {
    if (error instanceof Exhausted) return 'exhausted';
    throw error;
  }
}
