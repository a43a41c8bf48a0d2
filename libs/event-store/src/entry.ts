import { canonical, type Json } from './canonical.js';

/** Who acts: a person in a role, or a part of the system on its own account (an edit check, say). */
export type Actor = { readonly user: string; readonly role: string } | { readonly system: string };

/** The command that an event came from; the fingerprint stands on the first event only. */
export interface CommandTrace {
  readonly key: string;
  readonly type: string;
  /** SHA-256 of the request, base64url: tells a retry from another request under the same key. */
  readonly fingerprint?: string;
}

/** An event as decided: not yet in the log. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  /** Set where the system acts of itself within a person's command. */
  readonly actor?: Actor;
}

/** An event as recorded: the content of its log entry, whose canonical JSON is what the leaf hash covers. */
export interface RecordedEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
  readonly actor: Actor;
  readonly command?: CommandTrace;
  readonly log: string;
  /** Place in the log, from 0; the leaf index in its Merkle tree. */
  readonly position: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly recordedAt: string;
  /** Place in the stream, from 0. */
  readonly revision: number;
  /** Whoever knows only the leaf hash must not find the content by trying the few values it could have. */
  readonly salt: string;
  readonly schemaVersion: number;
  readonly stream: string;
}

/**
 * The entry's canonical bytes, as text. The envelope is written out in the order in which RFC 8785 sorts
 * its members; what stands inside is canonicalised.
 */
export function entryText(event: RecordedEvent): string {
  const { actor, command, data, log, position, recordedAt, revision, salt, schemaVersion, stream, type } =
    event;
  return (
    `{"actor":${canonical(actor)},${command ? `"command":${canonical({ ...command })},` : ''}"data":${canonical(data as Json)},` +
    `"log":${canonical(log)},"position":${position},"recordedAt":"${recordedAt}","revision":${revision},` +
    `"salt":"${salt}","schemaVersion":${schemaVersion},"stream":${canonical(stream)},"type":${canonical(type)}}`
  );
}
