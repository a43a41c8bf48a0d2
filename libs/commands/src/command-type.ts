import type { Actor, NewEvent, RecordedEvent, RowSet, StreamAt } from '#event-store';
import { Problem } from '#problem';

/** A kind of stream: how its state follows from its events, and which inline rows follow from both. */
export interface Aggregate<State> {
  readonly initial: State;
  evolve(state: State, event: RecordedEvent): State;
  /** The rows that `events` change, given the state before and after them. */
  project?(before: State, after: State, events: readonly RecordedEvent[]): readonly RowSet[];
}

/** That the thing exists (`*`), or that its state is one of those named by their ETags. */
export type Precondition = { any: true } | { tags: string[] };

/** How a command is asked for. */
export interface Call<Caller> {
  readonly log: string;
  readonly caller: Caller;
  /** Idempotency-Key of the request. */
  readonly key: string;
  readonly ifMatch?: Precondition | undefined;
}

/** What a command is given beside itself. `Caller` is whoever the doors let in. */
export interface Context<Caller> {
  readonly log: string;
  readonly caller: Caller;
  readonly now: Date;
  /** What If-Match asked; absent without the header. A condition, not a part of the act. */
  readonly ifMatch?: Precondition | undefined;
  /** Set where a decision is taken once more, because others wrote: what a node remembers may be behind. */
  readonly anew?: boolean;
  /** Streams that are begun in the same act, by commands before this one. */
  readonly begun?: ReadonlySet<string>;
}

/** With the stream that `stream` said: asked again, it could say another one by now. */
export interface Placed<Caller> extends Context<Caller> {
  readonly stream: string;
}

/** Others wrote between what a decision rests on: it is taken anew, and nobody is told. */
export class Overtaken extends Problem {
  constructor() {
    super('unavailable', 'Others write to the same place at the moment.');
  }
}

/**
 * One kind of command, from its name to its events. Everything but `stream` and `facts` is pure.
 */
export interface CommandType<Command, State, Facts, Caller, Prepared = Command> {
  readonly type: string;
  readonly aggregate: Aggregate<State>;
  /** The stream it writes to; asked again whenever the decision is taken anew. */
  stream(command: Command, context: Context<Caller>): string | Promise<string>;
  /** Commands of one lane are decided one after the other in this process; the stream, unless said here. */
  lane?(command: Command): string;
  /** In which role the caller may do this. @throws Problem not-found or not-permitted */
  authorise(context: Context<Caller>, command: Command, state: State): Actor;
  /** @throws Overtaken where what it finds is newer than the state */
  facts(context: Placed<Caller>, command: Command, state: State): Facts | Promise<Facts>;
  /** Other streams that the decision rests on, as the facts had them: nothing is appended if one has gone further. */
  reliesOn?(facts: Facts): readonly StreamAt[];
  /** The command checked, and made fit to be kept: identifying values sealed. */
  prepare(command: Command, state: State, facts: Facts): Prepared;
  decide(command: Prepared, state: State, facts: Facts): NewEvent[];
}

/** What came of a command. A retry has the same receipt, but for `replayed`. */
export interface Receipt {
  readonly events: readonly RecordedEvent[];
  /** Position of the last event; of the stream's last one where nothing changed. */
  readonly position: number;
  readonly replayed: boolean;
}
