import type { Unsupported } from '#odm';
import type { Problem } from '#problem';

export type Print = (line: string) => void;

/** What a document or a definition says and the other does not carry, a line each. */
export function printUnsupported(print: Print, unsupported: readonly Unsupported[]): void {
  if (unsupported.length === 0) return;
  print('not carried:');
  for (const { path, reason, count, line } of unsupported) {
    const times = count > 1 ? `, ${count} times` : '';
    print(`  ${path}: ${reason}${times}${line === undefined ? '' : ` (line ${line})`}`);
  }
}

export function printProblem(print: Print, { code, detail, details }: Problem): void {
  print(`${code}: ${detail}`);
  for (const { pointer, message } of details.errors ?? []) print(`  ${pointer}: ${message}`);
}
