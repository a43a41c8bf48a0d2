import type { Table } from './table.js';
import type { XptLayout, XptVariable } from './xpt-layout.js';

const RECORD = 80;
const NAMESTR = 140;
const TABLE_LABEL = 40;
const VARIABLE_LABEL = 40;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const ZEROS = '0'.repeat(30);
/** The SAS and the system that files say they come from. */
const SYSTEM = `${'9.4'.padEnd(8)}${'LINUX'.padEnd(8)}`;

/** All that comes before the rows: of the library, the table, its variables, and in version 8 the number of rows. */
export function xptHeader(table: Table, layout: XptLayout, createdAt: string, records: number): Buffer {
  const isV8 = layout.version === 8;
  const created = sasTime(createdAt);
  const count = String(layout.variables.length).padStart(4, '0');
  const name = table.name.padEnd(isV8 ? 32 : 8);
  return Buffer.concat([
    header(isV8 ? 'LIBV8' : 'LIBRARY', ZEROS),
    record(`SAS     SAS     SASLIB  ${SYSTEM}${' '.repeat(24)}${created}`),
    record(created),
    header(isV8 ? 'MEMBV8' : 'MEMBER', '000000000000000001600000000140'),
    header(isV8 ? 'DSCPTV8' : 'DSCRPTR', ZEROS),
    record(`SAS     ${name}SASDATA ${SYSTEM}${isV8 ? '' : ' '.repeat(24)}${created}`),
    record(`${created}${' '.repeat(16)}${cut(table.label, TABLE_LABEL)}`),
    header(isV8 ? 'NAMSTV8' : 'NAMESTR', `000000${count}`.padEnd(30, '0')),
    padded(Buffer.concat(layout.variables.map((variable, index) => namestr(variable, index + 1, isV8)))),
    isV8 ? longLabels(layout.variables) : Buffer.alloc(0),
    header(isV8 ? 'OBSV8' : 'OBS', isV8 ? String(records).padStart(15) : ZEROS),
  ]);
}

/** Blanks from a number of bytes to the end of their last record. */
export function xptPadding(length: number): Buffer {
  return Buffer.alloc((RECORD - (length % RECORD)) % RECORD, ' ');
}

function header(name: string, counts: string): Buffer {
  return record(`HEADER RECORD*******${name.padEnd(8)}HEADER RECORD!!!!!!!${counts}`);
}

function record(text: string): Buffer {
  return padded(Buffer.from(text));
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, xptPadding(bytes.length)]);
}

/** The description of a variable; numbers count from 1, as SAS has them. */
function namestr(
  { column, isText, width, position, format }: XptVariable,
  number: number,
  isV8: boolean,
): Buffer {
  const bytes = Buffer.alloc(NAMESTR);
  const blank = (at: number, end: number, text: string) => bytes.fill(' ', at, end).write(text, at, end - at);
  bytes.writeUInt16BE(isText ? 2 : 1, 0);
  bytes.writeUInt16BE(width, 4);
  bytes.writeUInt16BE(number, 6);
  blank(8, 16, column.name);
  blank(16, 56, cut(column.label, VARIABLE_LABEL));
  blank(56, 64, format.name);
  bytes.writeUInt16BE(format.width, 64);
  blank(72, 80, '');
  bytes.writeUInt32BE(position, 84);
  if (isV8) {
    blank(88, 120, column.name);
    bytes.writeUInt16BE(Buffer.byteLength(column.label), 120);
  }
  return bytes;
}

/** Labels that a description has no room for, each with its variable's number and name. */
function longLabels(variables: readonly XptVariable[]): Buffer {
  const labels: Buffer[] = [];
  variables.forEach(({ column: { name, label } }, index) => {
    const length = Buffer.byteLength(label);
    if (length <= VARIABLE_LABEL) return;
    const lengths = Buffer.alloc(6);
    lengths.writeUInt16BE(index + 1, 0);
    lengths.writeUInt16BE(name.length, 2);
    lengths.writeUInt16BE(length, 4);
    labels.push(Buffer.concat([lengths, Buffer.from(name + label)]));
  });
  if (labels.length === 0) return Buffer.alloc(0);
  return Buffer.concat([header('LABELV8', String(labels.length)), padded(Buffer.concat(labels))]);
}

/** The first characters that fit so many bytes, none of them cut in half. */
function cut(text: string, room: number): string {
  let used = 0;
  let kept = '';
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > room) break;
    kept += character;
  }
  return kept;
}

/** `2026-01-31T…` as `31JAN26:…`. */
function sasTime(datetime: string): string {
  const [year, month, day] = datetime.slice(0, 10).split('-');
  return `${day}${MONTHS[Number(month) - 1]}${year!.slice(2)}:${datetime.slice(11, 19)}`;
}
