import type { CasebookView, Entry, FormView } from './casebook-view.js';
import type { Span } from './date-span.js';
import type { Environment, FormScope } from './environment.js';
import type { Held } from './facts.js';
import { refuse } from './fault.js';
import type { Budget } from './limits.js';
import type { ReadsSoFar } from './reads.js';
import type { Node } from './syntax.js';
import { nameOf, type RecordType, type Type, unify } from './types.js';

/** What an expression can yield; undefined stands for "not known", inside lists too. */
export type Datum = string | number | boolean | Span | List | ReadonlyMap<Datum, Datum | undefined> | Entry;
export type List = readonly (Datum | undefined)[];

/** What one evaluation works on. */
export interface Frame {
  readonly casebook: CasebookView;
  readonly form: FormView;
  /** Of what is evaluated row by row: the row, where it is there. */
  readonly row: Entry | undefined;
  /** Values of the variables of comprehensions and `cel.bind`. */
  readonly locals: (Datum | undefined)[];
  readonly budget: Budget;
}

export type Run = (frame: Frame) => Datum | undefined;

/** An expression ready to run. The types are checked, so that `run` need not look at them again. */
export interface Expression {
  readonly type: Type;
  readonly run: Run;
  /** Only of an item: what is entered there, reasons for missing values included. */
  readonly held?: (frame: Frame) => Held | undefined;
  /** The texts that it can yield, where they are all written out. */
  readonly literals?: readonly string[];
}

/** What an expression is compiled in. */
export interface Scope {
  readonly environment: Environment;
  readonly form: FormScope;
  /** Of what is evaluated for each row of a group. */
  readonly row: RecordType | undefined;
  readonly variables: ReadonlyMap<string, { readonly type: Type; readonly slot: number }>;
  /** How many slots of `locals` the scopes outside take. */
  readonly slots: number;
  readonly reads: ReadsSoFar;
  /** Compiles a part in this scope or one inside it. */
  readonly compile: (node: Node, scope: Scope) => Expression;
}

export function withVariable(scope: Scope, name: string, type: Type): { inner: Scope; slot: number } {
  const slot = scope.slots;
  const variables = new Map([...scope.variables, [name, { type, slot }] as const]);
  return { inner: { ...scope, variables, slots: slot + 1 }, slot };
}

/** Compiles a part that must have a type. */
export function compileAs(type: Type, node: Node, scope: Scope): Expression {
  const expression = scope.compile(node, scope);
  if (!unify(expression.type, type))
    refuse('wrong-type', `Must be ${nameOf(type)}, not ${nameOf(expression.type)}`, node);
  return expression;
}

/** Runs an operation of two values that are both known; anything else is not known. */
export function strict<A extends Datum, B extends Datum>(
  left: Run,
  right: Run,
  apply: (a: A, b: B, budget: Budget) => Datum | undefined,
): Run {
  return (frame) => {
    const a = left(frame) as A | undefined;
    if (a === undefined) return undefined;
    const b = right(frame) as B | undefined;
    return b === undefined ? undefined : apply(a, b, frame.budget);
  };
}

/** A function whose arguments are not plain values: it compiles its call itself. */
export type SpecialFunction = (node: Node, args: readonly Node[], scope: Scope) => Expression;
