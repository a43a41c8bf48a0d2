import type { QueryConfig } from 'pg';
import { leafHash } from '#merkle';
import { type Actor, type CommandTrace, entryText, type NewEvent, type RecordedEvent } from './entry.js';
import { type RowSet, upserts } from './read-model.js';

/** What one command adds to one stream. */
export interface Append {
  readonly stream: string;
  /** The stream's last revision as the decision saw it; -1 for a stream that does not exist yet. */
  readonly expectedRevision: number;
  /** Other streams that the decision rests on, with their last revisions as it saw them. */
  readonly reliesOn?: readonly StreamAt[];
  readonly actor: Actor;
  readonly command?: CommandTrace;
  /** At least one. */
  readonly events: readonly NewEvent[];
  /** Rows of inline read models that follow from the events, written in the same transaction; asked again when placed anew. */
  readonly project?: (events: readonly RecordedEvent[]) => readonly RowSet[];
}

export interface StreamAt {
  readonly stream: string;
  /** -1 for a stream that does not exist. */
  readonly revision: number;
}

/** Where a log stands: how many events it has, and when the last was recorded (milliseconds). */
export interface Head {
  readonly size: number;
  readonly recordedAt: number;
}

/** The events of some appends at the places that a head gives them. */
export interface PlacedBatch {
  readonly after: Head;
  /** By append. */
  readonly events: readonly (readonly RecordedEvent[])[];
  /** What writes them. */
  readonly append: QueryConfig;
  /** What writes the rows of read models that follow from them. */
  readonly upserts: readonly QueryConfig[];
}

/** Never in canonical JSON unescaped, and cheaper than an array, which would be escaped and parsed. */
const RECORD_SEPARATOR = '\x1e';

/** That the log ends, as far as can be seen, where $2 and $3 say, or further on: its positions are unique. */
const REACHED = `
      ($2::bigint = 0 OR (SELECT recorded_at <= $3 FROM event WHERE log = $1 AND position = $2::bigint - 1))`;

/** That every stream got as far as expected, and that none that is relied on got further. */
const STREAMS_STAND = `
      NOT EXISTS (
      SELECT FROM unnest(string_to_array($8, E'\\x1e'), $9::int[], $10::boolean[]) AS s(stream, revision, is_there)
      WHERE (SELECT true FROM event e
             WHERE e.log = $1 AND e.stream = s.stream AND e.revision = s.revision LIMIT 1)
            IS DISTINCT FROM nullif(s.is_there, false))`;

/**
 * Appends a batch if the event before its first is in the log and no younger than the batch, if every stream to be
 * found got as far as expected, and if no stream that is relied on got further; raises DB001 otherwise. That the
 * log ends there, that no stream that is written got further, and that no key was used before, is what the unique
 * indexes say: nobody else can have taken the first place after this statement began to look. Look-ups are scalar
 * on purpose: planned while the table is empty, a join or an EXISTS would come to walk the whole log.
 */
const APPEND = `
  INSERT INTO event (log, position, revision, recorded_at, key, leaf_hash, stream, type, entry)
  SELECT $1, $2 + nth - 1, revision, $3, key, substring($6::bytea FROM (32 * nth - 31)::int FOR 32), stream, type, entry
  FROM (SELECT log_stands($1, ${REACHED} AND ${STREAMS_STAND})) AS stands,
       unnest($4::int[], $5::uuid[], string_to_array($7, E'\\x1e'), string_to_array($11, E'\\x1e'),
                    string_to_array($12, E'\\x1e')) WITH ORDINALITY AS e(revision, key, stream, type, entry, nth)`;

/**
 * The same for one event whose decision rests on at most one other stream: a lone writer waits for every
 * microsecond, and without lists to take apart PostgreSQL needs about 80 fewer.
 */
const APPEND_ONE = `
  INSERT INTO event (log, position, revision, recorded_at, key, leaf_hash, stream, type, entry)
  SELECT $1, $2, $4, $3, $5::uuid, $6::bytea, $7, $8, $9
  FROM (SELECT log_stands($1, ${REACHED}
      AND ($12::int IS NULL OR (SELECT true FROM event WHERE log = $1 AND stream = $7 AND revision = $12::int))
      AND ($10::text IS NULL OR (SELECT true FROM event WHERE log = $1 AND stream = $10 AND revision = $11::int + 1) IS NULL))
  ) AS stands`;

/** Of streams that were written before, how far they got for certain: the log never loses an event. */
export type Reached = (stream: string) => number | undefined;

/**
 * Gives the events of `appends` their positions after `head`, their time (never before the last one's), and
 * their canonical bytes.
 *
 * @throws whatever an append's `project` throws; TypeError or RangeError for what the log cannot hold
 */
export function placeBatch(
  log: string,
  appends: readonly Append[],
  head: Head,
  now: Date,
  salt: () => string,
  reached: Reached,
): PlacedBatch {
  const time = Math.max(head.recordedAt, now.getTime());
  const recordedAt = new Date(time).toISOString();
  let position = head.size;
  for (const append of appends) requireFit(append);
  const events = appends.map((append) =>
    append.events.map(
      (event, i): RecordedEvent => ({
        type: event.type,
        data: event.data,
        actor: event.actor ?? append.actor,
        ...(append.command && { command: traceOf(append.command, i) }),
        log,
        position: position++,
        recordedAt,
        revision: append.expectedRevision + 1 + i,
        salt: salt(),
        schemaVersion: 1,
        stream: append.stream,
      }),
    ),
  );
  const flat = events.flat();
  const entries = flat.map(entryText);
  const hashes = entries.map((entry) => leafHash(entry));
  const toFind = beginnings(appends).filter(
    ({ stream, expectedRevision }) => expectedRevision !== -1 && expectedRevision !== reached(stream),
  );
  const relied = reliedOn(appends);
  const place = [log, head.size, recordedAt];
  const sets = appends.flatMap(({ project }, i) => project?.(events[i]!) ?? []);
  return {
    after: { size: position, recordedAt: time },
    events,
    append:
      appendOne(place, flat, hashes, entries, toFind, relied) ??
      appendAll(place, appends, flat, hashes, entries, toFind, relied),
    upserts: upserts(sets),
  };
}

function appendOne(
  place: readonly unknown[],
  [event, second]: readonly RecordedEvent[],
  [hash]: readonly Uint8Array[],
  [entry]: readonly string[],
  [toFind]: readonly Append[],
  [relied, another]: readonly StreamAt[],
): QueryConfig | undefined {
  if (!event || second || another) return undefined;
  const { revision, command, stream, type } = event;
  const own = [revision, command?.key ?? null, hash, stream, type, entry];
  const values = [
    ...place,
    ...own,
    relied?.stream ?? null,
    relied?.revision ?? null,
    toFind?.expectedRevision ?? null,
  ];
  return { name: 'append one', text: APPEND_ONE, values };
}

function appendAll(
  place: readonly unknown[],
  appends: readonly Append[],
  events: readonly RecordedEvent[],
  hashes: readonly Uint8Array[],
  entries: readonly string[],
  toFind: readonly Append[],
  relied: readonly StreamAt[],
): QueryConfig {
  const join = (texts: readonly string[]) => texts.join(RECORD_SEPARATOR);
  const keys = appends.flatMap(({ command, events }) =>
    events.map((_, i) => (i === 0 && command ? command.key : 'NULL')),
  );
  const values = [
    ...place,
    list(events.map((event) => event.revision)),
    list(keys),
    Buffer.concat(hashes),
    join(events.map((event) => event.stream)),
    join([...toFind, ...relied].map(({ stream }) => stream)),
    list([...toFind.map((append) => append.expectedRevision), ...relied.map(({ revision }) => revision + 1)]),
    list([...toFind.map(() => true), ...relied.map(() => false)]),
    join(events.map((event) => event.type)),
    join(entries),
  ];
  return { name: 'append', text: APPEND, values };
}

/** An array as PostgreSQL reads it, of what need not be quoted. */
const list = (items: readonly (string | number | boolean)[]) => `{${items.join(',')}}`;

/** The first append to each stream: where it begins is where the log must have it. */
export function beginnings(appends: readonly Append[]): Append[] {
  const streams = new Set<string>();
  return appends.filter(({ stream }) => !streams.has(stream) && streams.add(stream));
}

/** Nearly always the same few for all of a batch. */
function reliedOn(appends: readonly Append[]): StreamAt[] {
  const all = appends.flatMap(({ reliesOn = [] }) => reliesOn);
  return [...new Map(all.map((one) => [`${one.revision} ${one.stream}`, one])).values()];
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The names are sent joined, so none may be empty or hold the separator, and the keys as an array that nothing is
 * quoted in; no events would leave no key.
 */
function requireFit({ stream, command, events }: Append): void {
  if (events.length === 0) throw new RangeError('an append has at least one event');
  if (command && !UUID.test(command.key)) throw new RangeError(`${JSON.stringify(command.key)} is no UUID`);
  for (const name of [stream, ...events.map(({ type }) => type)]) {
    if (name === '' || name.includes(RECORD_SEPARATOR)) {
      throw new RangeError(`${JSON.stringify(name)} cannot name a stream or a type of event`);
    }
  }
}

/** The fingerprint tells retries apart once; it need not stand on every event of the command. */
function traceOf({ key, type, fingerprint }: CommandTrace, step: number): CommandTrace {
  return { key, type, ...(step === 0 && fingerprint !== undefined && { fingerprint }) };
}
