/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * The canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, no white space,
 * numbers and strings as ECMAScript writes them. Members that are `undefined` do not exist.
 *
 * @throws TypeError for a lone surrogate or a number that is not finite (RFC 8785 §3.2.2).
 */
export function canonical(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no canonical form');
    return String(value);
  }
  if (value === null || typeof value === 'boolean') return String(value);
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${text(key)}:${canonical(member)}`);
  }
  return `{${members.join(',')}}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return JSON.stringify(value);
}

const isArray: (value: Json) => value is readonly Json[] = Array.isArray;
