import type { Value } from '#tabular';
import type { SeenDataset, SubjectAt } from '../dataset.js';
import { differencesOf, type RowDifference, type Step } from './comparison.js';

/** An act that made a row another, as the dataset AUDIT tells of it; only where it stands, if that does not. */
export interface Act {
  readonly position: number;
  readonly at?: Value;
  readonly by?: Value;
  readonly role?: Value;
  readonly type?: Value;
  /** Its code. */
  readonly reason?: Value;
}

export type ToldDifference = Omit<RowDifference, 'positions'> & { readonly events: readonly Act[] };

/** How many rows of a dataset differ. */
export interface DifferenceCount {
  readonly name: string;
  added: number;
  changed: number;
  removed: number;
}

/** The differences of one subject, or of what is about none, in a dataset, with the acts they come from. */
export function toldDifferences(
  dataset: string,
  steps: readonly Step[],
  acts: ReadonlyMap<number, Act>,
): ToldDifference[] {
  return differencesOf(dataset, steps).map(({ positions, ...difference }) => ({
    ...difference,
    events: positions.map((position) => acts.get(position) ?? { position }),
  }));
}

/** What AUDIT tells an audience of the acts on a subject, by position. */
export function actsIn(audit: SeenDataset, subject: SubjectAt): Map<number, Act> {
  const at = Object.fromEntries(audit.table.columns.map(({ name }, i) => [name, i]));
  const acts = new Map<number, Act>();
  for (const { cells } of audit.rows(subject)) {
    const cell = (name: string) => cells[at[name]!] ?? null;
    const position = cell('POSITION') as number;
    if (acts.has(position)) continue;
    const who = { by: cell('USERID') ?? cell('SYSTEM'), role: cell('ROLE') };
    acts.set(position, {
      ...{ position, at: cell('RECORDED'), ...who },
      ...{ type: cell('TYPE'), reason: cell('REASONCD') },
    });
  }
  return acts;
}

/** Counts as the differences go by. */
export async function* countedBy(
  counts: Map<string, DifferenceCount>,
  differences: AsyncIterable<ToldDifference>,
): AsyncGenerator<ToldDifference> {
  for await (const difference of differences) {
    const { dataset: name, op } = difference;
    const count = counts.get(name) ?? { name, added: 0, changed: 0, removed: 0 };
    count[op] += 1;
    counts.set(name, count);
    yield difference;
  }
}

/** One line for the head, one for each difference, and one for the counts. */
export async function* comparisonLines(
  head: object,
  differences: AsyncIterable<ToldDifference>,
): AsyncGenerator<string> {
  const counts = new Map<string, DifferenceCount>();
  yield `${JSON.stringify(head)}\n`;
  for await (const one of countedBy(counts, differences)) yield `${JSON.stringify(one)}\n`;
  yield `${JSON.stringify({ datasets: [...counts.values()] })}\n`;
}

/** One JSON document: the head, `rows`, and the counts as `datasets`. */
export async function* comparisonDocument(
  head: object,
  differences: AsyncIterable<ToldDifference>,
): AsyncGenerator<string> {
  const counts = new Map<string, DifferenceCount>();
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  let between = '';
  for await (const one of countedBy(counts, differences)) {
    yield between + JSON.stringify(one);
    between = ',';
  }
  yield `],"datasets":${JSON.stringify([...counts.values()])}}`;
}
