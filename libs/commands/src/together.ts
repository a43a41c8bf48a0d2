import type { Append, RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import type { Call, CommandType, Context, Precondition, Receipt } from './command-type.js';
import { advance, type Loaded, type Streams } from './streams.js';
import { type Decided, judge } from './verdict.js';

/** One command of several that are run all or none. */
export interface Step<Caller> {
  readonly type: CommandType<unknown, unknown, unknown, Caller, unknown>;
  /** With a key of its own. */
  readonly call: Omit<Call<Caller>, 'ifMatch'>;
  /** The command, which may name what those before it made. @throws Problem */
  command(made: readonly (readonly RecordedEvent[])[]): unknown;
  /** The condition, which may name what those before it made, too. @throws Problem */
  ifMatch?(made: readonly (readonly RecordedEvent[])[]): Precondition | undefined;
}

/** The first of several commands that is refused. */
export class RefusedStep extends Error {
  constructor(
    /** From 0. */
    readonly step: number,
    readonly problem: Problem,
  ) {
    super(problem.message);
  }
}

/** What several commands come to, each decided on what those before it made. */
export interface Together {
  /** Undefined for a command that changes nothing. */
  readonly appends: readonly (Append | undefined)[];
  /** The streams that are written as they are afterwards, once the appends have their places. */
  readonly states: ReadonlyMap<string, Loaded<unknown>>;
}

interface Work {
  readonly streams: Streams;
  readonly now: Date;
  /** Whether others wrote in between: nothing that is remembered counts. */
  readonly anew: boolean;
  /** Under which all of them are recorded; each under its own, where there is none. */
  readonly fingerprint?: string;
}

/** @throws RefusedStep */
export async function decideTogether<Caller extends { readonly id: string }>(
  steps: readonly Step<Caller>[],
  work: Work,
): Promise<Together> {
  const states = new Map<string, Loaded<unknown>>();
  const placed = new Map<string, Loaded<unknown>>();
  const begun = new Set<string>();
  const made: RecordedEvent[][] = [];
  const appends: (Append | undefined)[] = [];
  for (const [i, step] of steps.entries()) {
    const { type, call } = step;
    const { context, stream, before, verdict } = await refusing(i, async () => {
      const command = step.command(made);
      const { now, anew } = work;
      const context: Context<Caller> = { now, anew, begun, ...call, ifMatch: step.ifMatch?.(made) };
      const stream = await type.stream(command, context);
      const before = states.get(stream) ?? (await load(type, stream, call.log, work));
      const verdict = await judge(type, command, { stream, ...context }, before.state);
      return { context, stream, before, verdict };
    });
    if (verdict.kind !== 'decided') throw new RefusedStep(i, verdict.problem);
    const events = provisional(verdict, before, { stream, ...context });
    made.push(events);
    if (events.length === 0) {
      appends.push(undefined);
      continue;
    }
    if (before.revision < 0) begun.add(stream);
    const isFirst = !states.has(stream);
    states.set(stream, advance(before, type.aggregate, events));
    appends.push({
      stream,
      expectedRevision: before.revision,
      reliesOn: verdict.reliesOn.filter((one) => !states.has(one.stream)),
      actor: verdict.actor,
      command: { key: call.key, type: type.type, fingerprint: work.fingerprint ?? verdict.fingerprint },
      events: verdict.events,
      project: (recorded) => {
        const from = isFirst ? before : placed.get(stream)!;
        const to = advance(from, type.aggregate, recorded);
        placed.set(stream, to);
        return type.aggregate.project?.(from.state, to.state, recorded) ?? [];
      },
    });
  }
  return { appends, states: placed };
}

function load<Caller>(
  { aggregate }: Step<Caller>['type'],
  stream: string,
  log: string,
  { streams, anew }: Work,
): Promise<Loaded<unknown>> | Loaded<unknown> {
  return (anew ? undefined : streams.cached(log, stream)) ?? streams.current(log, stream, aggregate);
}

/** Its events as they will be recorded but for their places in the log: what the next commands decide on. */
function provisional(
  { events, actor }: Decided,
  { revision }: Loaded<unknown>,
  { log, now, stream }: { log: string; now: Date; stream: string },
): RecordedEvent[] {
  return events.map((event, i) => ({
    actor,
    ...event,
    log,
    stream,
    position: -1,
    recordedAt: now.toISOString(),
    revision: revision + 1 + i,
    salt: '',
    schemaVersion: 1,
  }));
}

async function refusing<T>(step: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw new RefusedStep(step, error);
    throw error;
  }
}

/** @param events of each append that was made */
export function receiptsOf({ appends }: Together, events: readonly (readonly RecordedEvent[])[]): Receipt[] {
  let at = 0;
  let position = events[0]?.[0]?.position ?? 0;
  return appends.map((append) => {
    const own = append ? events[at++]! : [];
    position = own.at(-1)?.position ?? position;
    return { events: own, position, replayed: false };
  });
}
