/** Addresses one occurrence of a visit or form: ODM's OID with its repeat key, counted from 1. */
export interface RepeatKey {
  oid: string;
  repeat: number;
}

const OID = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const KEY = /^([^~]+)(?:~([1-9][0-9]{0,2}))?$/;

/**
 * A letter, then up to 63 letters, digits, dots, hyphens or underscores; but no name that every JavaScript
 * object has already, such as `constructor`: OIDs are keys of objects.
 */
export function isOid(value: unknown): value is string {
  return typeof value === 'string' && OID.test(value) && !(value in Object.prototype);
}

/** Reads `FU`, `FU~1` (the same) or `FU~3`; undefined when it is no key. Repeats go from 1 to 999. */
export function parseKey(text: string): RepeatKey | undefined {
  const [, oid, repeat = '1'] = KEY.exec(text) ?? [];
  return isOid(oid) ? { oid, repeat: Number(repeat) } : undefined;
}

/** The canonical text of a key, the only one that is stored: without `~1`. */
export function formatKey({ oid, repeat }: RepeatKey): string {
  return repeat === 1 ? oid : `${oid}~${repeat}`;
}

/** A key as it is stored, for looking it up: `FU~1` as `FU`. What is no key stays as it is, and is found nowhere. */
export function canonicalKey(text: string): string {
  const key = parseKey(text);
  return key ? formatKey(key) : text;
}
