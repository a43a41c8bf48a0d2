import type { Annotation, ItemData } from '#odm';
import type { CompiledItem } from '#study';
import { isMissingCode, type MissingCode } from '#values';

/** Of the flags of our own in annotations. */
export const FLAGS = 'daybook';
const MISSING = `${FLAGS}:missing`;

type Content = Pick<ItemData, 'values' | 'isNull' | 'annotations'>;

/**
 * A value as ODM has it, or why there is none: IsNull with a flag. Several codes stand in one text there,
 * as ODM 1.3.2 has one value to an item: between commas, a comma within a code after a backslash.
 */
export function contentOf({ value, missing }: { value: unknown; missing: string | null }): Content {
  if (missing === null) return { values: [textOf(value)] };
  const flag = {
    type: { codeListOid: FLAGS, text: 'missing' },
    value: { codeListOid: MISSING, text: missing },
  };
  return { isNull: true, annotations: [{ seqNum: 1, flags: [flag] }] };
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map((code) => String(code).replace(/[\\,]/g, '\\$&')).join(',');
  return typeof value === 'number' ? numeralOf(value) : String(value);
}

/** XML Schema's decimal has no exponent. */
function numeralOf(value: number): string {
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (whole === '') return text;
  const shift = Number(exponent);
  const digits = whole + fraction;
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
  return sign + digits.padEnd(shift + 1, '0');
}

/** What an item of ODM holds, as a client would send it. */
export type Given = { readonly value: unknown } | { readonly missing: MissingCode };

/** Undefined where the document says nothing of the value. */
export function givenIn({ values, isNull, annotations }: ItemData, item: CompiledItem): Given | undefined {
  if (isNull) return { missing: missingIn(annotations) };
  if (!values || values.length === 0) return undefined;
  const [text = ''] = values;
  switch (item.type) {
    case 'codes':
      return { value: values.length > 1 ? values : codesIn(text) };
    case 'integer':
    case 'decimal':
      return { value: numberIn(text) };
    case 'code':
      return {
        value: booleans.get(text) !== undefined && !item.codes?.has(text) ? booleans.get(text) : text,
      };
    default:
      return { value: text };
  }
}

/** XML Schema spells a truth in two ways. */
const booleans: ReadonlyMap<string, string> = new Map([
  ['1', 'true'],
  ['0', 'false'],
]);

/** What is no number is left as it is, for the check of the value to refuse. */
function numberIn(text: string): number | string {
  return /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text) ? Number(text) : text;
}

function codesIn(text: string): string[] {
  const codes = text.match(/(?:\\.|[^\\,])+/gs) ?? [];
  return codes.map((code) => code.replace(/\\(.)/gs, '$1'));
}

function missingIn(annotations: readonly Annotation[] = []): MissingCode {
  const flags = annotations.flatMap(({ flags = [] }) => flags);
  const code = flags.find(({ value }) => value.codeListOid === MISSING)?.value.text;
  return isMissingCode(code) ? code : 'unknown';
}
