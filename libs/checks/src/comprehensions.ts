import {
  compileAs,
  type Datum,
  type Expression,
  type Frame,
  type List,
  type Run,
  type Scope,
  withVariable,
} from './expression.js';
import { refuse } from './fault.js';
import type { Node } from './syntax.js';
import { BOOL, listOf, nameOf } from './types.js';

const ARGUMENTS: Record<string, readonly number[]> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

export function isComprehension(name: string): boolean {
  return Object.hasOwn(ARGUMENTS, name);
}

/** `list.all(x, …)` and the other macros of CEL that go through a list. */
export function compileComprehension(
  name: string,
  node: Node,
  receiver: Node,
  args: readonly Node[],
  scope: Scope,
): Expression {
  const list = scope.compile(receiver, scope);
  const [variable, ...bodies] = args;
  if (list.type.kind !== 'list')
    return refuse('wrong-type', `${name} goes through a list, not ${nameOf(list.type)}`, receiver);
  if (variable?.op !== 'id' || !ARGUMENTS[name]?.includes(args.length))
    return refuse('wrong-arguments', `${name} takes a variable and what to ask of it`, node);

  const of = list.type.of;
  const { inner, slot } = withVariable(scope, variable.args, of);
  const last = bodies.at(-1)!;
  const conditions = name === 'map' ? bodies.slice(0, -1) : bodies;
  const [condition] = conditions.map((body) => compileAs(BOOL, body, inner));
  const cost = 1 + bodies.reduce((nodes, body) => nodes + sizeOf(body), 0);
  const each = loop(list, slot, cost);

  switch (name) {
    case 'all':
      return quantifier(each, condition!, false);
    case 'exists':
      return quantifier(each, condition!, true);
    case 'exists_one':
      return exactlyOne(each, condition!);
    case 'filter':
      return { type: list.type, run: collector(each, condition, (_frame, element) => element) };
    default: {
      const transform = scope.compile(last, inner);
      return { type: listOf(transform.type), run: collector(each, condition, transform.run) };
    }
  }
}

/** Visits element after element until `visit` says to stop; false where the list is not known. */
type Loop = (frame: Frame, visit: (element: Datum | undefined) => boolean) => boolean;

function loop(list: Expression, slot: number, cost: number): Loop {
  return (frame, visit) => {
    const elements = list.run(frame) as List | undefined;
    if (elements === undefined) return false;
    for (const element of elements) {
      frame.budget.spend(cost);
      frame.locals[slot] = element;
      if (visit(element)) break;
    }
    return true;
  };
}

/** As a chain of && (`all`) or || (`exists`): an element that decides outweighs those not known. */
function quantifier(each: Loop, { run }: Expression, decisive: boolean): Expression {
  return {
    type: BOOL,
    run: (frame) => {
      let answer: boolean | undefined = !decisive;
      const known = each(frame, () => {
        const value = run(frame);
        if (value === undefined) answer = undefined;
        else if (value === decisive) answer = decisive;
        return value === decisive;
      });
      return known ? answer : undefined;
    },
  };
}

function exactlyOne(each: Loop, { run }: Expression): Expression {
  return {
    type: BOOL,
    run: (frame) => {
      let [found, open] = [0, 0];
      const known = each(frame, () => {
        const value = run(frame);
        if (value) found += 1;
        if (value === undefined) open += 1;
        return found > 1;
      });
      if (!known) return undefined;
      return found > 1 ? false : open > 0 ? undefined : found === 1;
    },
  };
}

/** Not known where a condition is not: nobody can say which elements belong. */
function collector(
  each: Loop,
  condition: Expression | undefined,
  transform: (frame: Frame, element: Datum | undefined) => Datum | undefined,
): Run {
  return (frame) => {
    const collected: (Datum | undefined)[] = [];
    let sure = true;
    const known = each(frame, (element) => {
      const belongs = condition ? condition.run(frame) : true;
      if (belongs) collected.push(transform(frame, element));
      sure = belongs !== undefined;
      return !sure;
    });
    return known && sure ? collected : undefined;
  };
}

/** `cel.bind(x, value, expression)`: names a value. */
export function compileBind(node: Node, args: readonly Node[], scope: Scope): Expression {
  const [variable, value, body] = args;
  if (node.op !== 'rcall' || node.args[0] !== 'bind' || variable?.op !== 'id' || !value || !body)
    return refuse('wrong-arguments', 'cel.bind takes a variable, its value and an expression', node);
  const bound = scope.compile(value, scope);
  const { inner, slot } = withVariable(scope, variable.args, bound.type);
  const { type, run, literals } = scope.compile(body, inner);
  return {
    type,
    ...(literals && { literals }),
    run: (frame) => {
      frame.locals[slot] = bound.run(frame);
      return run(frame);
    },
  };
}

function sizeOf(part: unknown): number {
  if (Array.isArray(part)) return part.reduce<number>((nodes, inner) => nodes + sizeOf(inner), 0);
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part
    ? 1 + sizeOf(part.args)
    : 0;
}
