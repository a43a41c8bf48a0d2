import { casebookFunctions } from './casebook-functions.js';
import { compileBind, compileComprehension, isComprehension } from './comprehensions.js';
import { compileAs, type Datum, type Expression, type List, type Scope, strict } from './expression.js';
import { refuse } from './fault.js';
import { compileCall, compileMethod } from './functions.js';
import { compileName, compileSelection } from './names.js';
import { compileBinary, exact } from './operators.js';
import { presenceFunctions } from './presence-functions.js';
import type { Node, NodeOf } from './syntax.js';
import { BOOL, DOUBLE, INT, listOf, nameOf, TEXT, type Type, unify } from './types.js';

/**
 * Compiles a syntax tree: finds its type, what it reads and how it runs. Follows the CEL specification for
 * the parts of CEL that it takes, where a CEL error is "not known" here.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/langdef.md
 * @throws InvalidExpression
 */
export function compileNode(node: Node, scope: Scope): Expression {
  switch (node.op) {
    case 'value':
      return compileLiteral(node);
    case 'id':
      return compileName(node, scope);
    case '.':
      return compileSelection(node, scope);
    case '[]':
      return compileIndex(node, scope);
    case 'list':
      return compileList(node, scope);
    case 'map':
      return compileMap(node, scope);
    case '?:':
      return compileChoice(node, scope);
    case '&&':
    case '||':
      return compileLogic(node, scope);
    case '!_': {
      const { run } = compileAs(BOOL, node.args, scope);
      return {
        type: BOOL,
        run: (frame) => {
          const value = run(frame);
          return value === undefined ? undefined : !value;
        },
      };
    }
    case '-_':
      return compileNegation(node, scope);
    case 'call': {
      const [name, args] = node.args;
      const special = casebookFunctions.get(name) ?? presenceFunctions.get(name);
      return special ? special(node, args, scope) : compileCall(name, node, args, scope);
    }
    case 'rcall': {
      const [name, receiver, args] = node.args;
      if (receiver.op === 'id' && receiver.args === 'cel') return compileBind(node, args, scope);
      if (isComprehension(name)) return compileComprehension(name, node, receiver, args, scope);
      return compileMethod(name, node, [receiver, ...args], scope);
    }
    case '.?':
    case '[?]':
      return refuse('unsupported', 'Optional selection is not part of the language', node);
    default:
      return compileBinary(node, scope);
  }
}

function compileLiteral(node: NodeOf<'value'>): Expression {
  const value = node.args;
  switch (typeof value) {
    case 'string':
      return { type: TEXT, run: () => value, literals: [value] };
    case 'number':
      return { type: DOUBLE, run: () => value };
    case 'boolean':
      return { type: BOOL, run: () => value };
    case 'bigint': {
      const number = Number(value);
      if (!Number.isSafeInteger(number)) refuse('unsupported', 'Whole numbers go up to 2^53 - 1', node);
      return { type: INT, run: () => number };
    }
    default:
      return refuse('unsupported', 'Only texts, numbers, true and false can be written out', node);
  }
}

function compileIndex(node: NodeOf<'[]'>, scope: Scope): Expression {
  const [from, at] = node.args;
  const { type, run } = scope.compile(from, scope);
  if (type.kind === 'map') {
    const key = compileAs(type.key, at, scope);
    return {
      type: type.value,
      run: strict(run, key.run, (map: ReadonlyMap<Datum, Datum>, k: Datum) => map.get(k)),
    };
  }
  if (type.kind !== 'list') return refuse('wrong-type', `${nameOf(type)} has no elements`, node);
  const index = compileAs(INT, at, scope);
  return { type: type.of, run: strict(run, index.run, (list: List, i: number) => list[i]) };
}

function compileList(node: NodeOf<'list'>, scope: Scope): Expression {
  const elements = node.args.map((part) => scope.compile(part, scope));
  return {
    type: listOf(commonType(node.args, elements)),
    run: (frame) => elements.map(({ run }) => run(frame)),
  };
}

/** Elements that are not known stay in a list; an entry whose key is not known makes a map not known. */
function compileMap(node: NodeOf<'map'>, scope: Scope): Expression {
  const keys = node.args.map(([key]) => scope.compile(key, scope));
  const values = node.args.map(([, value]) => scope.compile(value, scope));
  const key = commonType(
    node.args.map(([part]) => part),
    keys,
  );
  if (!['string', 'int', 'bool', 'nothing'].includes(key.kind))
    refuse('wrong-type', `${nameOf(key)} cannot be the key of a map`, node);
  const value = commonType(
    node.args.map(([, part]) => part),
    values,
  );
  return {
    type: { kind: 'map', key, value },
    run: (frame) => {
      const map = new Map<Datum, Datum | undefined>();
      for (const [i, { run }] of keys.entries()) {
        const at = run(frame);
        if (at === undefined) return undefined;
        map.set(at, values[i]!.run(frame));
      }
      return map;
    },
  };
}

function commonType(nodes: readonly Node[], elements: readonly Expression[]): Type {
  return elements.reduce<Type>(
    (common, { type }, i) =>
      unify(common, type) ?? refuse('wrong-type', `Must be ${nameOf(common)}, like the others`, nodes[i]!),
    { kind: 'nothing' },
  );
}

function compileChoice(node: NodeOf<'?:'>, scope: Scope): Expression {
  const [condition, ifTrue, ifFalse] = node.args;
  const { run } = compileAs(BOOL, condition, scope);
  const yes = scope.compile(ifTrue, scope);
  const no = scope.compile(ifFalse, scope);
  const type = unify(yes.type, no.type);
  if (!type)
    return refuse('wrong-type', `One side is ${nameOf(yes.type)}, the other ${nameOf(no.type)}`, node);
  return {
    type,
    ...(yes.literals && no.literals && { literals: [...yes.literals, ...no.literals] }),
    run: (frame) => {
      const value = run(frame);
      return value === undefined ? undefined : value ? yes.run(frame) : no.run(frame);
    },
  };
}

/** Kleene's logic: one side decides where it can, whatever the other. */
function compileLogic(node: NodeOf<'&&'> | NodeOf<'||'>, scope: Scope): Expression {
  const left = compileAs(BOOL, node.args[0], scope);
  const right = compileAs(BOOL, node.args[1], scope);
  const decisive = node.op === '||';
  return {
    type: BOOL,
    run: (frame) => {
      const a = left.run(frame);
      if (a === decisive) return decisive;
      const b = right.run(frame);
      return b === decisive ? decisive : a === undefined ? undefined : b;
    },
  };
}

function compileNegation(node: NodeOf<'-_'>, scope: Scope): Expression {
  const { type, run } = scope.compile(node.args, scope);
  if (type.kind !== 'int' && type.kind !== 'double')
    return refuse('wrong-type', `-${nameOf(type)} is not defined`, node);
  const negate = type.kind === 'int' ? exact((a: number) => -a) : (a: number) => -a;
  return {
    type,
    run: (frame) => {
      const value = run(frame) as number | undefined;
      return value === undefined ? undefined : negate(value);
    },
  };
}
