import type { Fold, ReadModel, RecordedEvent, RowSet } from '#event-store';

/** What a follower keeps, and how: after each event as it comes, and anew from the whole log. */
export interface Follows {
  readonly models: readonly ReadModel[];
  readonly fold: Fold;
  readonly anew: Anew;
}

/** Begins with a log of which everything is to be made anew. */
export type Anew = (log: string) => Promise<Remaking>;

export interface Remaking {
  /** All rows that follow from one stream, each key once. */
  rowsOf(history: History): Promise<readonly RowSet[]>;
  /** What follows from all streams together, after the last of them: such rows may stand already. */
  rest?(): readonly RowSet[];
}

/** A stream, from its first event on. */
export interface History {
  readonly stream: string;
  readonly events: readonly RecordedEvent[];
  /** What they come to; undefined for a stream of no kind. */
  readonly state: unknown;
}
