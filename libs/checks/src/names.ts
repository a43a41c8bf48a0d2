import type { Entry } from './casebook-view.js';
import { spanOf } from './date-span.js';
import { VISIT } from './environment.js';
import type { Datum, Expression, Frame, Scope } from './expression.js';
import { refuse } from './fault.js';
import { heldIn, readerOf } from './read-item.js';
import type { NodeOf } from './syntax.js';
import {
  BOOL,
  type Codes,
  DATE,
  DOUBLE,
  INT,
  type ItemType,
  nameOf,
  type RecordType,
  TEXT,
  unify,
} from './types.js';

const STATUS: Codes = {
  oid: 'status',
  labels: new Map(
    ['enrolled', 'screen-failed', 'withdrawn', 'completed', 'dead'].map((code) => [code, code]),
  ),
};

/** A variable, a word such as `today`, a constant, or an item of the row or the form being checked. */
export function compileName(node: NodeOf<'id'>, scope: Scope): Expression {
  const name = node.args;
  const variable = scope.variables.get(name);
  if (variable) return { type: variable.type, run: (frame) => frame.locals[variable.slot] };
  const fact = compileFact(name, scope);
  if (fact) return fact;
  const inRow = scope.row?.items.get(name);
  if (scope.row && inRow) return compileItem(inRow, scope.row, (frame) => frame.row, scope);
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
    case 'boolean':
      return { type: BOOL, run: () => value };
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
  entryOf: (frame: Frame) => Entry | undefined,
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

/** `form.ITEM` of a form, a row or the visit, or `map.key`. */
export function compileSelection(node: NodeOf<'.'>, scope: Scope): Expression {
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
