export type Row = Readonly<Record<string, unknown>>;

const NEEDS_QUOTES = /[",\r\n]/;
const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** The header line of an RFC 4180 table, with its CRLF. */
export function csvHeader(columns: readonly string[]): string {
  return `${columns.map(csvCell).join(',')}\r\n`;
}

/** One line of an RFC 4180 table, with its CRLF. A column that the row lacks stays empty. */
export function csvLine(row: Row, columns: readonly string[]): string {
  return `${columns.map((column) => csvCell(row[column])).join(',')}\r\n`;
}

/**
 * One cell: null and undefined are empty, an empty text is `""`, objects are JSON. Text that a
 * spreadsheet would run as a formula gets a leading apostrophe; numbers stay as they are.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value === '') return '""';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
