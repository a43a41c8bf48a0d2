import { isSpec, type Source } from './sources.js';

const MOST_LINES = 300;
const MOST_LINES_OF_A_SPEC = 600;

/** Files that are long for a reason, each with the reason beside it. */
export const longFiles: readonly string[] = [];

/** Whether a file is longer than one idea should be. */
export function isTooLong(source: Source): boolean {
  return linesOf(source) > (isSpec(source) ? MOST_LINES_OF_A_SPEC : MOST_LINES);
}

export function linesOf({ text }: Source): number {
  return text.replace(/\n$/, '').split('\n').length;
}
