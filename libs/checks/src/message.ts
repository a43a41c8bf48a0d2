import type { CasebookView } from './casebook-view.js';
import { partialDateOf, type Span } from './date-span.js';
import type { Environment } from './environment.js';
import type { Datum } from './expression.js';
import type { Place } from './facts.js';
import { type ExpressionFault, InvalidExpression, orFaults, refuse } from './fault.js';
import { LIMITS } from './limits.js';
import { compileOnForm, evaluateAt } from './on-form.js';
import type { Reads } from './reads.js';
import { braced, type Part } from './template.js';
import type { Type } from './types.js';

/** The text of a query, filled in from the data. */
export interface Message {
  /** What its expressions read, one for each. */
  readonly reads: readonly Reads[];
  fill(casebook: CasebookView, place: Place): string;
}

const NOT_KNOWN = '–';
const LONGEST_VALUE = 200;

/**
 * Compiles a text with expressions in braces, such as `Grade is {GRADE}, but Ki-67 is {KI67} %`; `{{` and
 * `}}` are braces. Refuses what reads an identifying item or one that some role must not see: a query is
 * shown to everyone who works on the form.
 */
export function compileMessage(
  template: string,
  environment: Environment,
  form: string,
): { message: Message } | { faults: ExpressionFault[] } {
  return orFaults(() => {
    if (template.length > LIMITS.length)
      refuse('too-long', `A text has at most ${LIMITS.length} characters`, {
        start: 0,
        end: template.length,
      });
    const parts = braced(template).map((part) =>
      part.text === undefined ? filled(part, environment, form) : part,
    );
    return {
      message: {
        reads: parts.flatMap((part) => ('reads' in part ? part.reads : [])),
        fill: (casebook, place) =>
          parts.map((part) => ('fill' in part ? part.fill(casebook, place) : part.text)).join(''),
      },
    };
  });
}

function filled({ source, offset }: Part & { text?: undefined }, environment: Environment, form: string) {
  const { expression, reads } = shifted(offset, () => compileOnForm(source, environment, form));
  for (const oid of [...reads.own, ...reads.elsewhere]) {
    const item = environment.items.get(oid);
    if (item?.identifying || item?.hiddenFrom?.length)
      refuse('identifying', `${oid} must not appear in a query`, {
        start: offset,
        end: offset + source.length,
      });
  }
  const show = (value: Datum | undefined) => shown(value, expression.type).slice(0, LONGEST_VALUE);
  return {
    reads,
    fill: (casebook: CasebookView, place: Place) => {
      const text = evaluateAt(expression, casebook, place, show);
      return text === 'exhausted' ? NOT_KNOWN : text;
    },
  };
}

/** Codes by their labels, dates and numbers as they are entered. */
function shown(value: Datum | undefined, type: Type): string {
  if (value === undefined) return NOT_KNOWN;
  switch (type.kind) {
    case 'date': {
      const { earliest, latest } = value as Span;
      return partialDateOf(value as Span) ?? `${earliest} to ${latest}`;
    }
    case 'list':
      return (value as readonly (Datum | undefined)[]).map((element) => shown(element, type.of)).join(', ');
    case 'string':
      return type.codes?.labels.get(value as string) ?? (value as string);
    case 'double':
      return String(Math.round((value as number) * 1000) / 1000);
    case 'bool':
      return value ? 'yes' : 'no';
    default:
      return typeof value === 'number' ? String(value) : NOT_KNOWN;
  }
}

/** Places a fault in the whole text. */
function shifted<T>(by: number, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof InvalidExpression)) throw error;
    throw new InvalidExpression({ ...error.fault, offset: error.fault.offset + by });
  }
}
