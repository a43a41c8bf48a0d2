/** How large an expression may be, and how much one evaluation of it may do. */
export const LIMITS = {
  /** UTF-16 code units of source. */
  length: 4_000,
  nodes: 1_000,
  depth: 50,
  /** Elements of a list or map that is written out. */
  elements: 200,
  arguments: 16,
  /** Parts of an expression that one evaluation may visit, those of a comprehension once for each element. */
  steps: 1_000_000,
  /** UTF-16 code units of a text that is put together. */
  text: 4_000,
} as const;

/** Thrown where an evaluation would go beyond its limits. */
export class Exhausted extends Error {
  constructor() {
    super('the evaluation exceeds its limits');
  }
}

/** What one evaluation has left. */
export class Budget {
  private steps: number = LIMITS.steps;

  /** @throws Exhausted */
  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new Exhausted();
  }

  /** Pays for a text that an expression puts together. @throws Exhausted */
  spendText(text: string): string {
    if (text.length > LIMITS.text) throw new Exhausted();
    this.spend(text.length / 8);
    return text;
  }
}
