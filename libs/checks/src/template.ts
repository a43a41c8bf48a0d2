import { refuse } from './fault.js';

/** A stretch of plain text, or the expression between two braces and where it starts. */
export type Part =
  | { readonly text: string }
  | { readonly text?: undefined; readonly source: string; readonly offset: number };

/** Takes a text with expressions in braces apart. @throws InvalidExpression */
export function braced(template: string): Part[] {
  const parts: Part[] = [];
  let text = '';
  for (let i = 0; i < template.length; i += 1) {
    const character = template[i]!;
    if ((character === '{' || character === '}') && template[i + 1] === character) {
      text += character;
      i += 1;
    } else if (character === '}') {
      refuse('syntax', 'A brace is closed that was not opened', { start: i, end: i + 1 });
    } else if (character === '{') {
      const end = closingBrace(template, i);
      parts.push({ text }, { source: template.slice(i + 1, end), offset: i + 1 });
      text = '';
      i = end;
    } else {
      text += character;
    }
  }
  return [...parts, { text }];
}

/** Braces within an expression, as of a map, go in pairs; those within its texts do not count. */
function closingBrace(template: string, start: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let i = start; i < template.length; i += 1) {
    const character = template[i]!;
    if (quote !== undefined) {
      if (character === '\\') i += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '{') {
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth === 0) return i;
    }
  }
  return refuse('syntax', 'A brace is not closed', { start, end: start + 1 });
}
