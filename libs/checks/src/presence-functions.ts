import { spanOf } from './date-span.js';
import { compileAs, type Expression, type List, type SpecialFunction } from './expression.js';
import { refuse } from './fault.js';
import { literalText, type Node } from './syntax.js';
import { BOOL, DATE, nameOf } from './types.js';

/** Functions that look at whether something is known, and those whose answer is of any type. */
export const presenceFunctions: ReadonlyMap<string, SpecialFunction> = new Map<string, SpecialFunction>([
  [
    'has',
    (node, args, scope) => {
      const { run } = scope.compile(only(node, args), scope);
      return { type: BOOL, run: (frame) => run(frame) !== undefined };
    },
  ],
  [
    'missing',
    (node, args, scope) => {
      const { run } = scope.compile(only(node, args), scope);
      return { type: BOOL, run: (frame) => run(frame) === undefined };
    },
  ],
  [
    'blank',
    (node, args, scope) => {
      const { held } = scope.compile(only(node, args), scope);
      if (!held) return refuse('wrong-arguments', 'blank takes an item', node);
      return { type: BOOL, run: (frame) => held(frame) === undefined };
    },
  ],
  ['given', compileGiven],
  ['known', compileKnown],
  [
    'date',
    (node, args) => {
      const text = literalText(only(node, args));
      const span = text === undefined ? undefined : spanOf(text);
      if (!span) return refuse('wrong-arguments', "date takes a text such as '2024-03-05' or '2024'", node);
      return { type: DATE, run: () => span };
    },
  ],
]);

/** `given(condition, value)`: the value where the condition holds, otherwise not known. */
function compileGiven(...[node, args, scope]: Parameters<SpecialFunction>): Expression {
  const [condition, value] = args;
  if (!condition || !value || args.length > 2)
    return refuse('wrong-arguments', 'given takes a condition and a value', node);
  const { run } = compileAs(BOOL, condition, scope);
  const { held: _, ...then } = scope.compile(value, scope);
  return { ...then, run: (frame) => (run(frame) ? then.run(frame) : undefined) };
}

/** `known(list)`: the elements that are known. */
function compileKnown(...[node, args, scope]: Parameters<SpecialFunction>): Expression {
  const { type, run } = scope.compile(only(node, args), scope);
  if (type.kind !== 'list') return refuse('wrong-arguments', `known takes a list, not ${nameOf(type)}`, node);
  return {
    type,
    run: (frame) => {
      const list = run(frame) as List | undefined;
      frame.budget.spend(list?.length ?? 0);
      return list?.filter((element) => element !== undefined);
    },
  };
}

function only(node: Node, args: readonly Node[]): Node {
  const [arg] = args;
  return arg && args.length === 1 ? arg : refuse('wrong-arguments', 'Takes one argument', node);
}
