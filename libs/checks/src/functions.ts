import {
  isBefore,
  isSameOrBefore,
  partialDateOf,
  type Span,
  shiftDays,
  shiftYears,
  wholeDays,
  wholeYears,
  within,
  yearOf,
} from './date-span.js';
import type { Datum, Expression, List, Scope } from './expression.js';
import { refuse } from './fault.js';
import type { Budget } from './limits.js';
import { exact, finite } from './operators.js';
import type { Node } from './syntax.js';
import { BOOL, DATE, DOUBLE, INT, listOf, nameOf, TEXT, type Type, unify } from './types.js';

/** A function of known values: where an argument is not known, neither is the answer. */
interface PlainFunction {
  /** Of a method, the receiver's type first. */
  readonly takes: readonly Type[];
  readonly gives: Type;
  readonly apply: (args: readonly Datum[], budget: Budget) => Datum | undefined;
}

type Overloads = Readonly<Record<string, readonly PlainFunction[]>>;

const ANYTHING: Type = { kind: 'nothing' };

/** `apply` may name the JavaScript types of its arguments, which `takes` guarantees. */
function plain<A extends readonly Datum[]>(
  takes: readonly Type[],
  gives: Type,
  apply: (args: A, budget: Budget) => Datum | undefined,
): PlainFunction {
  return { takes, gives, apply: apply as PlainFunction['apply'] };
}

const DATES: Overloads = {
  before: [plain<[Span, Span]>([DATE, DATE], BOOL, ([a, b]) => isBefore(a, b))],
  after: [plain<[Span, Span]>([DATE, DATE], BOOL, ([a, b]) => isBefore(b, a))],
  sameOrBefore: [plain<[Span, Span]>([DATE, DATE], BOOL, ([a, b]) => isSameOrBefore(a, b))],
  sameOrAfter: [plain<[Span, Span]>([DATE, DATE], BOOL, ([a, b]) => isSameOrBefore(b, a))],
  within: [
    plain<[Span, Span, number, number]>([DATE, DATE, INT, INT], BOOL, ([date, start, least, most]) =>
      within(date, start, least, most),
    ),
  ],
  daysBetween: [plain<[Span, Span]>([DATE, DATE], INT, ([from, to]) => wholeDays(from, to))],
  yearsBetween: [plain<[Span, Span]>([DATE, DATE], INT, ([from, to]) => wholeYears(from, to))],
  addDays: [plain<[Span, number]>([DATE, INT], DATE, ([date, days]) => shiftDays(date, days))],
  addYears: [plain<[Span, number]>([DATE, INT], DATE, ([date, years]) => shiftYears(date, years))],
  year: [
    plain<[Span]>([DATE], INT, ([{ earliest, latest }]) => {
      const year = yearOf(earliest);
      return year === yearOf(latest) ? year : undefined;
    }),
  ],
};

const NUMBERS: Overloads = {
  int: [
    plain<[number]>([INT], INT, ([number]) => number),
    plain<[number]>([DOUBLE], INT, ([number]) => exact(Math.trunc)(number)),
  ],
  double: [
    plain<[number]>([DOUBLE], DOUBLE, ([number]) => number),
    plain<[number]>([INT], DOUBLE, ([number]) => number),
  ],
  abs: [
    plain<[number]>([INT], INT, ([number]) => Math.abs(number)),
    plain<[number]>([DOUBLE], DOUBLE, ([number]) => Math.abs(number)),
  ],
  sqrt: [plain<[number]>([DOUBLE], DOUBLE, ([number]) => finite(Math.sqrt)(number))],
  /** To so many decimals, halves upwards. */
  round: [
    plain<[number, number]>([DOUBLE, INT], DOUBLE, ([number, decimals]) =>
      finite((scale: number) => Math.round(number * scale) / scale)(10 ** decimals),
    ),
  ],
};

const TEXTS: Overloads = {
  string: [
    plain<[string]>([TEXT], TEXT, ([text]) => text),
    plain<[number]>([INT], TEXT, ([number]) => String(number)),
    plain<[number]>([DOUBLE], TEXT, ([number]) => String(number)),
    plain<[boolean]>([BOOL], TEXT, ([value]) => String(value)),
    plain<[Span]>([DATE], TEXT, ([date]) => partialDateOf(date)),
  ],
};

const LISTS: Overloads = {
  size: [
    plain<[string]>([TEXT], INT, ([text], budget) => {
      budget.spend(text.length / 8);
      return [...text].length;
    }),
    plain<[List]>([listOf(ANYTHING)], INT, ([list]) => list.length),
    plain<[ReadonlyMap<Datum, Datum>]>(
      [{ kind: 'map', key: ANYTHING, value: ANYTHING }],
      INT,
      ([map]) => map.size,
    ),
  ],
  sum: [ofNumbers(INT, INT, (numbers) => exact(total)(numbers)), ofNumbers(DOUBLE, DOUBLE, total)],
  mean: [ofNumbers(INT, DOUBLE, mean), ofNumbers(DOUBLE, DOUBLE, mean)],
  min: [ofNumbers(INT, INT, extreme(Math.min)), ofNumbers(DOUBLE, DOUBLE, extreme(Math.min))],
  max: [ofNumbers(INT, INT, extreme(Math.max)), ofNumbers(DOUBLE, DOUBLE, extreme(Math.max))],
  /** How many are true. */
  count: [
    plain<[List]>([listOf(BOOL)], INT, ([list], budget) => {
      budget.spend(list.length);
      return list.includes(undefined) ? undefined : list.filter(Boolean).length;
    }),
  ],
  any: [
    plain<[List]>([listOf(BOOL)], BOOL, ([list], budget) => {
      budget.spend(list.length);
      return list.includes(true) || (list.includes(undefined) ? undefined : false);
    }),
  ],
};

/** Not known when one of the numbers is not. */
function ofNumbers(
  takes: Type,
  gives: Type,
  apply: (numbers: readonly number[]) => number | undefined,
): PlainFunction {
  return plain<[List]>([listOf(takes)], gives, ([list], budget) => {
    budget.spend(list.length);
    return list.includes(undefined) ? undefined : apply(list as readonly number[]);
  });
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function mean(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : total(numbers) / numbers.length;
}

function extreme(pick: (a: number, b: number) => number) {
  return (numbers: readonly number[]) =>
    numbers.length === 0 ? undefined : numbers.reduce((a, b) => pick(a, b));
}

const METHODS: Overloads = {
  size: LISTS.size!,
  contains: [
    plain<[string, string]>([TEXT, TEXT], BOOL, ([text, part], budget) => {
      budget.spend((text.length * part.length) / 1_000);
      return text.includes(part);
    }),
  ],
  startsWith: [plain<[string, string]>([TEXT, TEXT], BOOL, ([text, part]) => text.startsWith(part))],
  endsWith: [plain<[string, string]>([TEXT, TEXT], BOOL, ([text, part]) => text.endsWith(part))],
};

const FUNCTIONS: Overloads = { ...DATES, ...NUMBERS, ...TEXTS, ...LISTS };

export function compileCall(name: string, node: Node, args: readonly Node[], scope: Scope): Expression {
  return compilePlain(FUNCTIONS, name, node, args, scope);
}

/** `args` begins with the receiver. */
export function compileMethod(name: string, node: Node, args: readonly Node[], scope: Scope): Expression {
  return compilePlain(METHODS, name, node, args, scope);
}

function compilePlain(
  functions: Overloads,
  name: string,
  node: Node,
  args: readonly Node[],
  scope: Scope,
): Expression {
  const overloads = Object.hasOwn(functions, name) ? functions[name]! : [];
  if (overloads.length === 0) return refuse('unknown-name', `There is no function ${name}`, node);
  const compiled = args.map((arg) => scope.compile(arg, scope));
  const fits = ({ takes }: PlainFunction) =>
    takes.length === args.length && takes.every((type, i) => unify(type, compiled[i]!.type));
  const found = overloads.find(fits);
  if (!found) {
    const given = compiled.map(({ type }) => nameOf(type)).join(', ');
    const taken = overloads.map(({ takes }) => `(${takes.map(nameOf).join(', ')})`).join(' or ');
    return refuse('wrong-arguments', `${name} takes ${taken}, not (${given})`, node);
  }
  return {
    type: found.gives,
    run: (frame) => {
      const values: Datum[] = [];
      for (const { run } of compiled) {
        const value = run(frame);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return found.apply(values, frame.budget);
    },
  };
}
