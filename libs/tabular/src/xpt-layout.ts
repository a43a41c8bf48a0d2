import { sasFormats } from './sas.js';
import type { Column, Table } from './table.js';

export interface XptVariable {
  column: Column;
  isText: boolean;
  /** Bytes in a row, and where they begin. */
  width: number;
  position: number;
  format: { name: string; width: number };
}

export interface XptLayout {
  version: 5 | 8;
  variables: readonly XptVariable[];
  rowLength: number;
}

/** The length of strings that neither a length nor a code list tells. */
const USUAL_WIDTH = 200;
const VERSION_5 = { name: /^[A-Z_][A-Z0-9_]{0,7}$/, label: 40, width: 200 };
const VERSION_8 = { name: /^[A-Za-z_][A-Za-z0-9_]{0,31}$/, label: 256, width: 32_767 };

/** The older version where all of the table fits it unchanged, else the newer one. Throws a RangeError where it fits neither. */
export function xptLayout(table: Table): XptLayout {
  const variables: XptVariable[] = [];
  let rowLength = 0;
  for (const column of table.columns) {
    const isText = column.type === 'string';
    const width = isText ? textWidth(column) : 8;
    const format = sasFormats[column.type] ?? { name: '', width: 0 };
    variables.push({ column, isText, width, position: rowLength, format });
    rowLength += width;
  }
  const names = new Set(table.columns.map(({ name }) => name.toUpperCase()));
  if (names.size < variables.length) throw new RangeError(`${table.name} has two columns of one name to SAS`);
  if (fits(table, variables, VERSION_5)) return { version: 5, variables, rowLength };
  if (fits(table, variables, VERSION_8)) return { version: 8, variables, rowLength };
  throw new RangeError(`${table.name} has names, labels or lengths that XPT cannot carry`);
}

function textWidth({ length, codeList }: Column): number {
  if (length !== undefined) return length;
  if (codeList === undefined) return USUAL_WIDTH;
  return Math.max(1, ...codeList.codes.map(({ code }) => Buffer.byteLength(code)));
}

function fits(table: Table, variables: readonly XptVariable[], limits: typeof VERSION_5): boolean {
  return (
    limits.name.test(table.name) &&
    variables.every(
      ({ column, width }) =>
        limits.name.test(column.name) &&
        Buffer.byteLength(column.label) <= limits.label &&
        width <= limits.width,
    )
  );
}
