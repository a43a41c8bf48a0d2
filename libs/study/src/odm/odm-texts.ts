import type { Texts } from '#odm';

const LONGEST_LINE = 200;
const LONGEST_TEXT = 4000;

/** The text that people are shown of several languages: one without a language, an English one, or the first. */
export function textOf(texts: Texts | undefined): string | undefined {
  const all = Object.entries(texts ?? {}).filter(([, text]) => text.trim() !== '');
  const found =
    all.find(([language]) => language === '') ?? all.find(([language]) => /^en\b/i.test(language)) ?? all[0];
  return found?.[1];
}

/** A label: one line of text, and no longer than a line. */
export function lineOf(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return [...line].slice(0, LONGEST_LINE).join('').trim() || '-';
}

export function isCut(text: string): boolean {
  return [...text.replace(/[\s\p{Cc}]+/gu, ' ').trim()].length > LONGEST_LINE;
}

/** A description, without what a definition does not take. */
export function paragraphOf(text: string): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])\p{Cc}/gu, ' ');
  return clean.length > LONGEST_TEXT ? clean.slice(0, LONGEST_TEXT).toWellFormed() : clean;
}
