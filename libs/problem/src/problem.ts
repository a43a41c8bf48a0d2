import { catalogue, type ProblemCode } from './catalogue.js';

/** One fault and its place: `pointer` is a JSON Pointer (RFC 6901) into the request body. */
export interface Fault {
  pointer: string;
  code: string;
  message: string;
}

export interface ProblemDetails {
  errors?: readonly Fault[];
  /** Extension members (RFC 9457 §3.2), such as the current values of a stale form. */
  extensions?: Readonly<Record<string, unknown>>;
}

/** A refusal, thrown by decisions and doors alike and rendered as `application/problem+json`. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly details: ProblemDetails = {},
  ) {
    super(`${code}: ${detail}`);
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** The RFC 9457 document. */
  toJSON(): Record<string, unknown> {
    const { status, title } = catalogue[this.code];
    const { errors, extensions } = this.details;
    return {
      type: `/problems/${this.code}`,
      title,
      status,
      detail: this.detail,
      ...(errors && { errors }),
      ...extensions,
    };
  }
}

/** Escapes one reference token and appends it to a JSON Pointer (RFC 6901 §3). */
export function pointerTo(parent: string, token: string | number): string {
  return `${parent}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
