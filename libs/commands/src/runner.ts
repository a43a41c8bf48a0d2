import type { EventStore, NewEvent, RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import { type Call, type CommandType, type Context, Overtaken, type Receipt } from './command-type.js';
import { Lanes } from './lanes.js';
import { advance, type Loaded, type Streams } from './streams.js';
import { decideTogether, RefusedStep, receiptsOf, type Step, type Together } from './together.js';
import { type Decided, judge } from './verdict.js';

/** Other nodes may win this often in a row before a client is asked to come back. */
const MOST_TRIES = 20;

/**
 * Runs commands: load, authorise, prepare, decide, append; and answers a retry with the first receipt.
 *
 * A decision is first tried on the cached state, since nearly always nobody else has written. What must
 * not rest on an old state (a refusal, or that nothing changes) is decided again on the current one.
 */
export class Runner<Caller extends { readonly id: string }> {
  private readonly lanes = new Lanes();

  constructor(
    private readonly store: EventStore,
    private readonly streams: Streams,
    private readonly now: () => Date,
  ) {}

  /** @throws Problem when refused; nothing is stored then. */
  async run<Command, State, Facts, Prepared>(
    type: CommandType<Command, State, Facts, Caller, Prepared>,
    command: Command,
    call: Call<Caller>,
  ): Promise<Receipt> {
    const context = { now: this.now(), ...call };
    const lane = type.lane?.(command) ?? (await type.stream(command, context));
    return this.lanes.enter(`${call.log} ${lane}`, () => this.decideAndAppend(type, command, call));
  }

  /**
   * What a command would store as things stand, and the state that it was decided on. Nothing is stored.
   *
   * @throws Problem when refused
   */
  async rehearse<Command, State, Facts, Prepared>(
    type: CommandType<Command, State, Facts, Caller, Prepared>,
    command: Command,
    call: Call<Caller>,
  ): Promise<{ readonly events: readonly NewEvent[]; readonly state: State }> {
    const context = { now: this.now(), ...call };
    const stream = await type.stream(command, context);
    const { state } = await this.streams.current(call.log, stream, type.aggregate);
    const verdict = await judge(type, command, { stream, ...context }, state);
    if (verdict.kind !== 'decided') throw verdict.problem;
    return { events: verdict.events, state };
  }

  private async decideAndAppend<Command, State, Facts, Prepared>(
    type: CommandType<Command, State, Facts, Caller, Prepared>,
    command: Command,
    call: Call<Caller>,
  ): Promise<Receipt> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      // What is new stands before the spread: after it, each member costs half a microsecond.
      const context: Context<Caller> = { now: this.now(), anew: tries > 0, ...call };
      const stream = await type.stream(command, context);
      const cached = tries === 0 ? this.streams.cached<State>(call.log, stream) : undefined;
      const loaded = cached ?? (await this.streams.current(call.log, stream, type.aggregate));

      const verdict = await judge(type, command, { stream, ...context }, loaded.state);
      if (verdict.kind === 'refused' && verdict.problem instanceof Overtaken) continue;
      if (verdict.kind === 'decided' && verdict.events.length > 0) {
        const appended = await this.append(type, stream, loaded, verdict, call);
        if (appended) return { events: appended, position: appended.at(-1)!.position, replayed: false };
      } else if (cached) {
        continue;
      }

      if (verdict.kind === 'denied') throw verdict.problem;
      const earlier = await this.earlier(call, verdict.fingerprint);
      if (earlier) return earlier;
      if (verdict.kind === 'refused') throw verdict.problem;
      if (verdict.events.length === 0) return { events: [], position: loaded.position, replayed: false };
    }
    throw new Problem('unavailable', 'Too many others write to the same place at the moment.');
  }

  /**
   * Runs commands all or none, each decided on what those before it made; one transaction writes them.
   *
   * @param fingerprint of the whole request: tells a retry from another request under the same keys
   * @throws RefusedStep for the first that is refused; nothing is stored then
   */
  async runTogether(
    log: string,
    steps: readonly Step<Caller>[],
    fingerprint: string,
  ): Promise<readonly Receipt[]> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const decided = await this.decideTogether(steps, { anew: tries > 0, fingerprint });
      // A refusal, and that nothing changes, must not rest on what is only remembered.
      if (decided instanceof RefusedStep || decided.appends.every((append) => !append)) {
        if (tries === 0) continue;
      } else {
        const receipts = await this.appendTogether(log, decided);
        if (receipts) return receipts;
      }
      if (decided instanceof RefusedStep && decided.problem instanceof Overtaken) continue;
      const earlier = await this.earlierTogether(steps, fingerprint);
      if (earlier) return earlier;
      if (decided instanceof RefusedStep) throw decided;
      if (decided.appends.every((append) => !append)) return receiptsOf(decided, []);
    }
    throw new Problem('unavailable', 'Too many others write to the same places at the moment.');
  }

  /**
   * Runs commands as if one came after the other, in one transaction.
   *
   * @returns undefined, with nothing stored, where one of them is refused, changes nothing, or was run before: they
   *   are to be run one by one then
   */
  async runAtOnce(log: string, steps: readonly Step<Caller>[]): Promise<readonly Receipt[] | undefined> {
    const decided = await this.decideTogether(steps, { anew: false });
    if (decided instanceof RefusedStep || !decided.appends.every((append) => append)) return undefined;
    return this.appendTogether(log, decided);
  }

  private decideTogether(
    steps: readonly Step<Caller>[],
    how: { readonly anew: boolean; readonly fingerprint?: string },
  ): Promise<Together | RefusedStep> {
    return decideTogether(steps, { streams: this.streams, now: this.now(), ...how }).catch((error) => {
      if (error instanceof RefusedStep) return error;
      throw error;
    });
  }

  private async appendTogether(log: string, decided: Together): Promise<readonly Receipt[] | undefined> {
    const appends = decided.appends.flatMap((append) => append ?? []);
    const appended = await this.store.appendTogether(log, appends);
    if (appended === 'refused') return undefined;
    for (const [stream, loaded] of decided.states) this.streams.keep(log, stream, loaded);
    return receiptsOf(decided, appended.events);
  }

  /** The receipts of the request that used the keys first, if there was one. */
  private async earlierTogether(
    steps: readonly Step<Caller>[],
    fingerprint: string,
  ): Promise<readonly Receipt[] | undefined> {
    const receipts: (Receipt | undefined)[] = [];
    for (const { call } of steps) receipts.push(await this.earlier(call, fingerprint));
    const first = receipts.find((receipt) => receipt !== undefined);
    if (!first) return undefined;
    let position = first.events[0]!.position;
    return receipts.map((receipt) => {
      position = receipt?.position ?? position;
      return receipt ?? { events: [], position, replayed: true };
    });
  }

  private async append<Command, State, Facts, Prepared>(
    type: CommandType<Command, State, Facts, Caller, Prepared>,
    stream: string,
    loaded: Loaded<State>,
    decided: Decided,
    call: Call<Caller>,
  ): Promise<readonly RecordedEvent[] | undefined> {
    const { aggregate } = type;
    let after: Loaded<State> | undefined;
    const appended = await this.store.append(call.log, {
      stream,
      expectedRevision: loaded.revision,
      reliesOn: decided.reliesOn,
      actor: decided.actor,
      command: { key: call.key, type: type.type, fingerprint: decided.fingerprint },
      events: decided.events,
      project: (events) => {
        after = advance(loaded, aggregate, events);
        return aggregate.project?.(loaded.state, after.state, events) ?? [];
      },
    });
    if (appended === 'refused' || !after) return undefined;
    this.streams.keep(call.log, stream, after);
    return appended.events;
  }

  /**
   * The receipt of the request that used the key first, if there was one.
   *
   * @param fingerprint absent when the command could not even be prepared, as the first request's was.
   */
  private async earlier(
    { log, key }: Pick<Call<Caller>, 'log' | 'key'>,
    fingerprint: string | undefined,
  ): Promise<Receipt | undefined> {
    const events = await this.store.readCommand(log, key);
    const first = events[0];
    if (!first) return undefined;
    if (first.command?.fingerprint === fingerprint) {
      return { events, position: events.at(-1)!.position, replayed: true };
    }
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key was used before, for a different request.',
    );
  }
}
