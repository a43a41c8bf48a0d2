import { Problem, pointerTo } from '#problem';
import { isHeldExactly } from './numeral.js';

const DEEPEST = 64;
const NUMERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** With so few characters and no exponent there are at most 15 digits, which a double always holds. */
const SURELY_EXACT = /^-?[\d.]{1,15}$/;
/** Names by which an object's prototype can be reached or replaced. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Reads a JSON text (RFC 8259) that means the same to every reader: what other parsers would resolve
 * silently, each in its own way, is refused. Reading stops at the first fault.
 *
 * @throws Problem `malformed-json` for text that is not JSON or whose keys are repeated or forbidden;
 * `invalid-value` for a number that a double does not hold as written, a lone surrogate, a NUL or
 * nesting past 64 levels. `errors[0].pointer` is the innermost place that was reached.
 */
export function parseStrictJson(text: string): unknown {
  return new Reader(text).document();
}

class Reader {
  private at = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): unknown {
    this.skipSpace();
    const value = this.value();
    if (this.at < this.text.length) this.malformed('the end of the text');
    return value;
  }

  /** Reads one value and the white space after it. */
  private value(): unknown {
    const value = this.bareValue();
    this.skipSpace();
    return value;
  }

  private bareValue(): unknown {
    switch (this.text.charCodeAt(this.at)) {
      case QUOTE:
        return this.string();
      case 0x7b: // {
        return this.object();
      case 0x5b: // [
        return this.array();
      case 0x74: // t
        return this.literal('true', true);
      case 0x66: // f
        return this.literal('false', false);
      case 0x6e: // n
        return this.literal('null', null);
      default:
        return this.number();
    }
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.open();
    if (this.accept('}')) return object;
    do {
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== QUOTE) this.malformed('a key in double quotes');
      const key = this.string();
      this.path.push(key);
      if (FORBIDDEN_KEYS.has(key)) this.refuseKey('forbidden-key', 'This key is not allowed');
      if (Object.hasOwn(object, key)) this.refuseKey('duplicate-key', 'This key occurs more than once');
      this.skipSpace();
      if (!this.accept(':')) this.malformed('a colon');
      this.skipSpace();
      object[key] = this.value();
      this.path.pop();
    } while (this.accept(','));
    if (!this.accept('}')) this.malformed('a comma or a closing brace');
    return object;
  }

  private array(): unknown[] {
    const array: unknown[] = [];
    this.open();
    if (this.accept(']')) return array;
    do {
      this.skipSpace();
      this.path.push(array.length);
      array.push(this.value());
      this.path.pop();
    } while (this.accept(','));
    if (!this.accept(']')) this.malformed('a comma or a closing bracket');
    return array;
  }

  /** Every open container but the innermost has put one token on the path. */
  private open(): void {
    if (this.path.length >= DEEPEST) this.unacceptable('too-deep', `Nesting goes at most ${DEEPEST} deep`);
    this.at++;
    this.skipSpace();
  }

  private string(): string {
    const start = this.at + 1;
    let end = start;
    let escaped = false;
    for (; ; end++) {
      const unit = this.text.charCodeAt(end);
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) {
        escaped = true;
        end++;
      } else if (!(unit >= SPACE)) {
        this.at = Math.min(end, this.text.length);
        this.malformed('a closing quote; control characters are written as escapes');
      }
    }
    const value = escaped ? this.unescape(start, end) : this.text.slice(start, end);
    if (!value.isWellFormed())
      this.unacceptable('lone-surrogate', 'Half of a surrogate pair is no character');
    this.at = end + 1;
    return value;
  }

  private unescape(start: number, end: number): string {
    const value = this.unescaped(start, end);
    if (value.includes('\0')) this.unacceptable('nul', 'The NUL character is not allowed');
    return value;
  }

  private unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start - 1, end + 1));
    } catch {
      return this.malformed('a string with legal escapes');
    }
  }

  private number(): number {
    NUMERAL.lastIndex = this.at;
    if (!NUMERAL.test(this.text)) this.malformed('a value');
    const numeral = this.text.slice(this.at, NUMERAL.lastIndex);
    const value = Number(numeral);
    if (!SURELY_EXACT.test(numeral) && !isHeldExactly(numeral, value)) {
      this.unacceptable('inexact-number', 'A double-precision number cannot hold this as written');
    }
    this.at = NUMERAL.lastIndex;
    return value === 0 ? 0 : value;
  }

  private literal<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.malformed('a value');
    this.at += word.length;
    return value;
  }

  private accept(token: string): boolean {
    if (this.text[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    for (; ; this.at++) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== SPACE && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }

  private malformed(expected: string): never {
    throw this.problem('malformed-json', 'syntax', `Expected ${expected} at character ${this.at}`);
  }

  private refuseKey(code: string, message: string): never {
    throw this.problem('malformed-json', code, message);
  }

  private unacceptable(code: string, message: string): never {
    throw this.problem('invalid-value', code, message);
  }

  private problem(kind: 'malformed-json' | 'invalid-value', code: string, message: string): Problem {
    const pointer = this.path.reduce<string>(pointerTo, '').toWellFormed();
    return new Problem(kind, `${message}.`, { errors: [{ pointer, code, message }] });
  }
}
