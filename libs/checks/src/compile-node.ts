import { casebookFunctions } from './casebook-functions.js';
import type { Entry } from './casebook-view.js';
import { compileBind, compileComprehension, isComprehension } from './comprehensions.js';
import { spanOf } from './date-span.js';
import { VISIT } from './environment.js';
import { compileAs, type Datum, type Expression, type List, type Scope, strict } from './expression.js';
import { refuse } from './fault.js';
import { compileCall, compileMethod } from './functions.js';
import { compileBinary, exact } from './operators.js';
import { presenceFunctions } from './presence-functions.js';
import { heldIn, readerOf } from './read-item.js';
import type { Node } from './syntax.js';
import {
  BOOL,
  type Codes,
  DATE,
  DOUBLE,
  INT,
  type ItemType,
  listOf,
  nameOf,
  type RecordType,
  TEXT,
  type Type,
  unify,
} from './types.js';

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

type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>;

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

const STATUS: Codes = {
  oid: 'status',
  labels: new Map(['enrolled', 'withdrawn', 'dead'].map((code) => [code, code])),
};

function compileName(node: NodeOf<'id'>, scope: Scope): Expression {
  const name = node.args;
  const variable = scope.variables.get(name);
  if (variable) return { type: variable.type, run: (frame) => frame.locals[variable.slot] };
  const fact = compileFact(name, scope);
  if (fact) return fact;
  const item = scope.form.own.items.get(name);
  if (item) return compileItem(item, scope.form.own, (frame) => frame.form, scope);
  const group = [...scope.form.own.groups.values()].find(({ items }) => items.has(name));
  const hint = group ? `; it stands in rows('${group.name.slice(scope.form.oid.length + 1)}')` : '';
  return refuse('unknown-name', `${scope.form.oid} has no item ${name}${hint}`, node);
}

/** The words that mean the same on every form. */
function compileFact(name: string, scope: Scope): Expression | undefined {
  switch (name) {
    case 'today':
    case 'consentDate':
      scope.reads.facts.add(name);
      return { type: DATE, run: ({ casebook }) => spanOf(casebook.facts[name]) };
    case 'arm':
      scope.reads.facts.add(name);
      return {
        type: { kind: 'string', codes: scope.environment.arms },
        run: ({ casebook }) => casebook.facts.arm,
      };
    case 'status':
      scope.reads.facts.add(name);
      return { type: { kind: 'string', codes: STATUS }, run: ({ casebook }) => casebook.facts.status };
    case 'complete':
      return { type: BOOL, run: ({ form }) => form.facts.complete };
    case 'visit':
      return { type: VISIT, run: ({ form }) => form.visit };
    default:
      return compileConstant(name, scope);
  }
}

function compileConstant(name: string, { environment }: Scope): Expression | undefined {
  const constant = Object.hasOwn(environment.constants, name) ? environment.constants[name] : undefined;
  if (!constant) return undefined;
  const { value } = constant;
  switch (constant.type) {
    case 'integer':
      return { type: INT, run: () => value };
    case 'decimal':
      return { type: DOUBLE, run: () => value };
    case 'text':
      return { type: TEXT, run: () => value };
    case 'date': {
      const span = spanOf(constant.value);
      return { type: DATE, run: () => span };
    }
  }
}

function compileItem(
  item: ItemType,
  record: RecordType,
  entryOf: (frame: Parameters<Expression['run']>[0]) => Entry | undefined,
  scope: Scope,
): Expression {
  if (item.oid) scope.reads[record.own ? 'own' : 'elsewhere'].add(item.oid);
  const read = readerOf(item);
  return {
    type: item.type,
    run: (frame) => {
      const entry = entryOf(frame);
      return entry && read(entry);
    },
    held: (frame) => {
      const entry = entryOf(frame);
      return entry && heldIn(entry, item.name);
    },
  };
}

function compileSelection(node: NodeOf<'.'>, scope: Scope): Expression {
  const [from, name] = node.args;
  const { type, run } = scope.compile(from, scope);
  if (type.kind === 'map' && unify(type.key, TEXT))
    return {
      type: type.value,
      run: (frame) => (run(frame) as ReadonlyMap<Datum, Datum> | undefined)?.get(name),
    };
  if (type.kind !== 'record') return refuse('wrong-type', `${nameOf(type)} has no ${name}`, node);
  const item = type.items.get(name);
  if (!item) return refuse('unknown-name', `${type.name} has no item ${name}`, node);
  return compileItem(item, type, (frame) => run(frame) as Entry | undefined, scope);
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
