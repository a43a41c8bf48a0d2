import type { Actor } from '#event-store';
import { type Casebook, type CasebookEvent, evolve } from './casebook.js';

/** The casebook after events that were decided but have no place in the log yet. */
export function foldOwn(
  casebook: Casebook,
  events: readonly CasebookEvent[],
  { actor, now }: { readonly actor: Actor; readonly now: string },
): Casebook {
  // What is new stands before a spread: each member that comes after one at the head costs half a microsecond.
  return events.reduce(
    (state, event, i) =>
      evolve(state, { recordedAt: now, revision: casebook.revision + 1 + i, ...event, actor }),
    casebook,
  );
}
