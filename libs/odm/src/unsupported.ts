/** Something met and not carried. Alike ones (same elements, same reason) are counted under the first. */
export interface Unsupported {
  /** XPath of the first one, such as `/ODM/Study[@OID='S']/MetaDataVersion[@OID='1']/ItemDef[@OID='AGE']/@Origin`. */
  path: string;
  /** The last step of the path: an element's name, or `@` and an attribute's. */
  element: string;
  reason: string;
  /** Where the first one stands in the document that was read; absent for documents written. */
  line?: number;
  column?: number;
  count: number;
}

/** One step of a path: an element's name and what tells it from its like. */
export interface Step {
  name: string;
  identity?: { attribute: string; value: string } | undefined;
}

/** Keeps hostile documents from filling the memory with kinds of their own. */
const MOST_KINDS = 1000;

/** Counts what is not carried, in memory bounded by the number of its kinds. */
export class Tally {
  readonly #kinds = new Map<string, Unsupported>();

  add(steps: readonly Step[], element: string, reason: string, at?: { line: number; column: number }): void {
    const kind = `${steps.map(({ name }) => name).join('/')}/${element}: ${reason}`;
    const known = this.#kinds.get(kind) ?? this.#overflow();
    if (known) {
      known.count++;
      return;
    }
    this.#kinds.set(kind, { path: `${pathOf(steps)}/${element}`, element, reason, ...at, count: 1 });
  }

  list(): Unsupported[] {
    return [...this.#kinds.values()];
  }

  #overflow(): Unsupported | undefined {
    if (this.#kinds.size < MOST_KINDS) return undefined;
    const rest = this.#kinds.get('') ?? { path: '/', element: '*', reason: 'further kinds', count: 0 };
    this.#kinds.set('', rest);
    return rest;
  }
}

/** The XPath of an element; long identities are cut. */
export function pathOf(steps: readonly Step[]): string {
  return steps.map(({ name, identity }) => `/${name}${identity ? predicate(identity) : ''}`).join('');
}

function predicate({ attribute, value }: { attribute: string; value: string }): string {
  const short = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  const quote = short.includes("'") ? '"' : "'";
  return `[@${attribute}=${quote}${short}${quote}]`;
}
