import { hash } from 'node:crypto';
import type { Actor, NewEvent, StreamAt } from '#event-store';
import { Problem } from '#problem';
import type { CommandType, Placed } from './command-type.js';

/** What a state makes of a command. */
export type Verdict =
  /** Not for this caller; nothing else is told. */
  | { readonly kind: 'denied'; readonly problem: Problem }
  /** `fingerprint` is absent when the command was not even fit to be decided. */
  | { readonly kind: 'refused'; readonly problem: Problem; readonly fingerprint?: string }
  | Decided;

export interface Decided {
  readonly kind: 'decided';
  readonly actor: Actor;
  readonly fingerprint: string;
  readonly reliesOn: readonly StreamAt[];
  /** None when the command changes nothing. */
  readonly events: readonly NewEvent[];
}

/** Authorises, prepares and decides. Only a Problem is a verdict; any other error is a defect and thrown. */
export async function judge<Command, State, Facts, Caller extends { readonly id: string }, Prepared>(
  type: CommandType<Command, State, Facts, Caller, Prepared>,
  command: Command,
  context: Placed<Caller>,
  state: State,
): Promise<Verdict> {
  let actor: Actor;
  try {
    actor = type.authorise(context, command, state);
  } catch (problem) {
    return { kind: 'denied', problem: asProblem(problem) };
  }
  let fingerprint: string | undefined;
  try {
    const facts = await type.facts(context, command, state);
    const prepared = type.prepare(command, state, facts);
    fingerprint = fingerprintOf(type.type, prepared, context.caller.id);
    const reliesOn = type.reliesOn?.(facts) ?? [];
    return { kind: 'decided', actor, fingerprint, reliesOn, events: type.decide(prepared, state, facts) };
  } catch (error) {
    const problem = asProblem(error);
    return { kind: 'refused', problem, ...(fingerprint && { fingerprint }) };
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

/**
 * Taken from the prepared command: no identifying value is hashed in the clear. A retry sends its members in
 * the order of the first request, so nothing needs sorting.
 */
function fingerprintOf(type: string, command: unknown, caller: string): string {
  return hash('sha256', JSON.stringify([caller, type, command]), 'base64url');
}
