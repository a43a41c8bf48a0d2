import { Problem } from '#problem';

/** The representations of a list that can be long. */
export const rowFormats = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

export type RowFormat = (typeof rowFormats)[number];

interface MediaRange {
  type: string;
  subtype: string;
  quality: number;
}

const RANGE = /^\s*([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)\s*(?:;(.*))?$/s;
const QUALITY = /(?:^|;)\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)/i;

/**
 * The media type among those offered that `Accept` likes best (RFC 9110 §12.5.1); among equals the
 * one offered first. Parameters other than `q` are not compared.
 *
 * @throws Problem `not-acceptable` when it likes none.
 */
export function negotiate<T extends string>(accept: string | undefined, offered: readonly T[]): T {
  const ranges = accept?.trim() ? accept.split(',').flatMap(mediaRange) : [anything];
  const rated = offered.map((type) => ({ type, quality: qualityOf(type, ranges) }));
  const best = rated.reduce((a, b) => (b.quality > a.quality ? b : a));
  if (best.quality === 0) {
    throw new Problem('not-acceptable', `This can be given as ${offered.join(', ')}.`);
  }
  return best.type;
}

const anything: MediaRange = { type: '*', subtype: '*', quality: 1 };

function mediaRange(text: string): MediaRange[] {
  const [, type, subtype, parameters = ''] = RANGE.exec(text) ?? [];
  if (!type || !subtype) return [];
  const quality = Number(QUALITY.exec(parameters)?.[1] ?? (/(?:^|;)\s*q\s*=/i.test(parameters) ? 0 : 1));
  return [{ type: type.toLowerCase(), subtype: subtype.toLowerCase(), quality }];
}

/** The most specific range that matches decides, even when it is `q=0`. */
function qualityOf(mediaType: string, ranges: readonly MediaRange[]): number {
  const [type, subtype] = mediaType.split('/');
  const find = (a: string | undefined, b: string | undefined) =>
    ranges.find((range) => range.type === a && range.subtype === b);
  return (find(type, subtype) ?? find(type, '*') ?? find('*', '*'))?.quality ?? 0;
}
