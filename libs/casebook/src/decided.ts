import type { Actor } from '#event-store';
import { type Casebook, type CasebookEvent, evolve } from './casebook.js';

/** The casebook after events that were decided but have no place in the log yet. */
export function foldOwn(
  casebook: Casebook,
  events: readonly CasebookEvent[],
  { actor, now }: { readonly actor: Actor; readonly now: string },
): Casebook {
  return events.reduce(
    (state, event, i) =>
      evolve(state, { ...event, actor, recordedAt: now, revision: casebook.revision + 1 + i }),
    casebook,
  );
}
