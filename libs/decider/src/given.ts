/**
 * Given/when/then for one decision: folds what was given, decides, and tells the events, or the code of
 * the problem with which the command was refused.
 */
export function given<State, Event>(
  evolve: (state: State, event: Event) => State,
  initial: State,
  events: readonly Event[],
): { when<NewEvent>(decide: (state: State) => NewEvent[]): NewEvent[] | { refused: string; at?: string[] } } {
  const state = events.reduce(evolve, initial);
  return {
    when(decide) {
      try {
        return decide(state);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const at = error.details.errors?.map(({ pointer }) => pointer);
        return { refused: error.code, ...(at && { at }) };
      }
    },
  };
}

/** The shape of a Problem; floor-mates do not import each other. */
interface Refusal {
  code: string;
  details: { errors?: readonly { pointer: string }[] };
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'code' in error && 'details' in error;
}
