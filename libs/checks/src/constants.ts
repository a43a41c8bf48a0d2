import { isCompleteDate } from '#values';
import type { Constant, Environment } from './environment.js';
import { type ExpressionFault, orFaults } from './fault.js';
import { parseExpression } from './syntax.js';

/** As JSON has it. */
export type ConstantValue = string | number | boolean;

export interface ConstantFault {
  readonly name: string;
  readonly code: 'reserved' | 'duplicate';
  readonly message: string;
}

/** Of names that mean something on every form, a constant cannot have any. */
const WORDS = new Set(['today', 'consentDate', 'arm', 'status', 'complete', 'visit', 'cel']);

/** With their types: a text that is a complete date is a date, a number without a fraction is whole. */
export function constantsOf(
  values: Readonly<Record<string, ConstantValue>> = {},
): Readonly<Record<string, Constant>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, constantOf(value)]));
}

function constantOf(value: ConstantValue): Constant {
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value === 'number') return { type: Number.isSafeInteger(value) ? 'integer' : 'decimal', value };
  return { type: isCompleteDate(value) ? 'date' : 'text', value };
}

/** Which of these names expressions could not use, or would mean something else by. */
export function constantFaults(names: readonly string[], { items }: Environment): ConstantFault[] {
  const itemsByName = new Map([...items.values()].map(({ name, oid }) => [name, oid]));
  return names.flatMap((name): ConstantFault[] => {
    if (WORDS.has(name) || !isIdentifier(name))
      return [{ name, code: 'reserved', message: `${name} is a word of the language` }];
    const item = itemsByName.get(name);
    if (item === undefined) return [];
    return [{ name, code: 'duplicate', message: `${name} is how expressions call the item ${item}` }];
  });
}

function isIdentifier(name: string): boolean {
  const parsed: { isName: boolean } | { faults: ExpressionFault[] } = orFaults(() => ({
    isName: parseExpression(name).op === 'id',
  }));
  return 'isName' in parsed && parsed.isName;
}
