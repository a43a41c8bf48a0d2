import { type Fault, Problem, type ProblemCode } from '#problem';
import { pathOf, type Step } from './unsupported.js';
import type { Position } from './xml-feed.js';

/** Enough to mend a document by; a hostile one has no end of them. */
const MOST_FAULTS = 100;

/** What is wrong with a document, place by place. */
export class Faults {
  readonly #list: Fault[] = [];

  constructor(private readonly problem: ProblemCode) {}

  /** Notes a fault; `pointer` reads `/ODM/Study[@OID='S']/@OID at 3:14` (line and column). */
  add(code: string, message: string, steps: readonly Step[], at: Position, part?: string): void {
    const place = `${pathOf(steps) || '/'}${part === undefined ? '' : `/${part}`}`;
    this.#list.push({ pointer: `${place} at ${at.line}:${at.column}`, code, message });
    if (this.#list.length >= MOST_FAULTS) this.raise();
  }

  /** Throws the problem if there was a fault. */
  raise(): void {
    if (this.#list.length === 0) return;
    throw new Problem(this.problem, `The ODM document has faults; the first: ${this.#list[0]!.message}`, {
      errors: this.#list,
    });
  }
}
