import { type Span, sameDay } from './date-span.js';
import { type Datum, type Expression, type List, type Run, type Scope, strict } from './expression.js';
import { refuse } from './fault.js';
import type { Budget } from './limits.js';
import { literalText, type Node, type NodeOf } from './syntax.js';
import { BOOL, type Codes, isNumber, nameOf, type Type, unify } from './types.js';

type BinaryNode = NodeOf<'==' | '!=' | 'in' | '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>='>;

export function compileBinary(node: BinaryNode, scope: Scope): Expression {
  const [left, right] = node.args.map((part) => scope.compile(part, scope)) as [Expression, Expression];
  switch (node.op) {
    case '==':
    case '!=':
      return equality(node, left, right);
    case 'in':
      return membership(node, left, right);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(node, node.op, left, right);
    default:
      return arithmetic(node, node.op, left, right);
  }
}

type Equal = (a: Datum, b: Datum, budget: Budget) => boolean | undefined;

function equality(node: BinaryNode, left: Expression, right: Expression): Expression {
  const type = unify(left.type, right.type) ?? refuseOperands(node, left, right);
  refuseForeignCodes(left.type, node.args[1]);
  refuseForeignCodes(right.type, node.args[0]);
  const equal = equalOf(type) ?? refuseOperands(node, left, right);
  return {
    type: BOOL,
    run:
      node.op === '=='
        ? strict(left.run, right.run, equal)
        : strict(left.run, right.run, (a: Datum, b: Datum, budget) => {
            const same = equal(a, b, budget);
            return same === undefined ? undefined : !same;
          }),
  };
}

function equalOf(type: Type): Equal | undefined {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'double':
    case 'string':
    case 'nothing':
      return (a, b) => a === b;
    case 'date':
      return (a, b) => sameDay(a as Span, b as Span);
    case 'list': {
      const equal = equalOf(type.of);
      return equal && ((a, b, budget) => equalLists(a as List, b as List, equal, budget));
    }
    default:
      return undefined;
  }
}

function equalLists(a: List, b: List, equal: Equal, budget: Budget): boolean | undefined {
  if (a.length !== b.length) return false;
  budget.spend(a.length);
  let answer: boolean | undefined = true;
  for (const [i, element] of a.entries()) {
    const other = b[i];
    const same = element === undefined || other === undefined ? undefined : equal(element, other, budget);
    if (same === false) return false;
    answer = same && answer;
  }
  return answer;
}

function membership(node: BinaryNode, left: Expression, right: Expression): Expression {
  if (right.type.kind === 'map') {
    if (!unify(left.type, right.type.key)) refuseOperands(node, left, right);
    return {
      type: BOOL,
      run: strict(left.run, right.run, (key: Datum, map: ReadonlyMap<Datum, Datum>) => map.has(key)),
    };
  }
  if (right.type.kind !== 'list') return refuseOperands(node, left, right);
  const type = unify(left.type, right.type.of) ?? refuseOperands(node, left, right);
  const equal = equalOf(type) ?? refuseOperands(node, left, right);
  refuseForeignCodes(left.type, node.args[1]);
  refuseForeignCodes(right.type.of, node.args[0]);
  return {
    type: BOOL,
    run: strict(left.run, right.run, (value: Datum, list: List, budget) => {
      budget.spend(list.length);
      let answer: boolean | undefined = false;
      for (const element of list) {
        const same = element === undefined ? undefined : equal(element, value, budget);
        if (same) return true;
        if (same === undefined) answer = undefined;
      }
      return answer;
    }),
  };
}

/** A code that is not in the item's list can only be a slip of the pen. */
function refuseForeignCodes(type: Type, node: Node): void {
  if (type.kind !== 'string' || !type.codes) return;
  for (const part of node.op === 'list' ? node.args : [node]) {
    const text = literalText(part);
    if (text !== undefined) refuseForeignCode(type.codes, text, part);
  }
}

export function refuseForeignCode(codes: Codes, code: string, node: Node): void {
  if (!codes.labels.has(code)) refuse('unknown-code', `'${code}' is not a code of ${codes.oid}`, node);
}

const COMPARE: Record<string, (a: number | string, b: number | string) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function comparison(node: BinaryNode, op: string, left: Expression, right: Expression): Expression {
  if (left.type.kind === 'date' && right.type.kind === 'date')
    refuse('wrong-type', 'Dates are compared with before, after, sameOrBefore, sameOrAfter or within', node);
  const comparable =
    (isNumber(left.type) && isNumber(right.type)) ||
    (left.type.kind === 'string' && right.type.kind === 'string');
  if (!comparable) refuseOperands(node, left, right);
  return { type: BOOL, run: strict(left.run, right.run, COMPARE[op]!) };
}

const DOUBLES: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

const INTS: Record<string, (a: number, b: number) => number> = {
  ...DOUBLES,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

function arithmetic(node: BinaryNode, op: string, left: Expression, right: Expression): Expression {
  const type = unify(left.type, right.type) ?? refuseOperands(node, left, right);
  const run = (apply: (a: number, b: number) => Datum | undefined) => strict(left.run, right.run, apply);
  if (type.kind === 'int' && INTS[op]) return { type, run: run(exact(INTS[op])) };
  if (type.kind === 'double' && DOUBLES[op]) return { type, run: run(finite(DOUBLES[op])) };
  if (op === '+' && type.kind === 'string')
    return {
      type: { kind: 'string' },
      run: strict(left.run, right.run, (a: string, b: string, budget) => budget.spendText(a + b)),
    };
  if (op === '+' && type.kind === 'list') return { type, run: concatenation(left.run, right.run) };
  return refuseOperands(node, left, right);
}

function concatenation(left: Run, right: Run): Run {
  return strict(left, right, (a: List, b: List, budget) => {
    budget.spend(a.length + b.length);
    return [...a, ...b];
  });
}

/** Integers are exact or not known; division by zero is not known. */
export function exact<A extends unknown[]>(compute: (...numbers: A) => number) {
  return (...numbers: A) => {
    const result = compute(...numbers);
    return Number.isSafeInteger(result) ? result + 0 : undefined;
  };
}

export function finite<A extends unknown[]>(compute: (...numbers: A) => number) {
  return (...numbers: A) => {
    const result = compute(...numbers);
    return Number.isFinite(result) ? result : undefined;
  };
}

function refuseOperands(node: BinaryNode, left: Expression, right: Expression): never {
  const [a, b] = [nameOf(left.type), nameOf(right.type)];
  const hint =
    isNumber(left.type) && isNumber(right.type)
      ? '; write whole numbers as 2.0, or convert with double()'
      : '';
  return refuse('wrong-type', `${a} ${node.op} ${b} is not defined${hint}`, node);
}
