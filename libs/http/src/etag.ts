import { createHash } from 'node:crypto';
import { invalidHeader } from './refusals.js';

/**
 * What `If-Match` asks for: that the thing exists, or that its state is one of those named. Weak
 * tags are legal but never match (RFC 9110 §13.1.1), so they are left out.
 */
export type Precondition = { any: true } | { tags: string[] };

const OPAQUE = '[\\x21\\x23-\\x7e\\x80-\\xff]*';
const OPAQUE_TAG = new RegExp(`^${OPAQUE}$`);
/** One element of the list, which may be empty (RFC 9110 §5.6.1.2), and the comma after it. */
const ELEMENT = new RegExp(`[ \\t]*(?:(W/)?"(${OPAQUE})")?[ \\t]*(?:,|$)`, 'y');

/** A strong entity tag of a state’s opaque name. Throws a RangeError when no tag can hold the name. */
export function strongETag(opaque: string): string {
  if (!OPAQUE_TAG.test(opaque)) throw new RangeError('an entity tag holds visible characters without quotes');
  return `"${opaque}"`;
}

/** The name of a state that tells no more than what is shown of it: what is not shown does not change it. */
export function nameOfShown(view: object): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22);
}

/**
 * The precondition in `If-Match`; undefined without the header. `tags` are opaque names, unquoted.
 *
 * @throws Problem `invalid-request` when it is neither `*` nor a list of entity tags.
 */
export function parseIfMatch(header: string | undefined): Precondition | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return { any: true };
  const elements = [...elementsOf('If-Match', header)];
  if (elements.every(({ opaque }) => opaque === undefined)) throw malformed('If-Match');
  return { tags: elements.flatMap(({ weak, opaque }) => (weak || opaque === undefined ? [] : [opaque])) };
}

/** Whether the precondition holds; `current` is the state’s opaque name, undefined when there is none. */
export function holds(precondition: Precondition, current: string | undefined): boolean {
  if (current === undefined) return false;
  return 'any' in precondition || precondition.tags.includes(current);
}

/**
 * Whether `If-None-Match` names a state, so that whoever asks has it already: `*`, or one of the tags, weakly
 * compared (RFC 9110 §13.1.2). `current` is the state’s opaque name.
 *
 * @throws Problem `invalid-request` when it is neither `*` nor a list of entity tags.
 */
export function isHeld(ifNoneMatch: string | undefined, current: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return [...elementsOf('If-None-Match', ifNoneMatch)].some(({ opaque }) => opaque === current);
}

function* elementsOf(name: string, header: string): Generator<{ weak: boolean; opaque: string | undefined }> {
  for (let at = 0; at < header.length; at = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = at;
    const element = ELEMENT.exec(header);
    if (!element) throw malformed(name);
    yield { weak: element[1] !== undefined, opaque: element[2] };
  }
}

function malformed(name: string): Error {
  return invalidHeader(name, '* or a list of entity tags in double quotes');
}
