import { canonical, type Json, type RecordedEvent } from '#event-store';

export type LogFaultKind =
  /** The note is malformed, or none of the keys signed it. */
  | 'checkpoint'
  /** The entries, or the leaf hashes that were given with them, are not those that were signed. */
  | 'root'
  | 'leaf-hashes'
  /** The checkpoint has more entries, or fewer. */
  | 'missing-at-end'
  | 'beyond-checkpoint'
  /** An entry by itself: not the bytes of its leaf hash, no entry at all, not RFC 8785, of another log. */
  | 'changed'
  | 'malformed'
  | 'not-canonical'
  | 'other-log'
  /** An entry among the others. */
  | 'gap'
  | 'out-of-order'
  | 'time-runs-backwards'
  | 'revision'
  | 'repeated-key';

export interface LogFault {
  readonly kind: LogFaultKind;
  /** Null for what concerns the log as a whole. */
  readonly position: number | null;
  /** For people. */
  readonly detail: string;
}

type Entry = Pick<RecordedEvent, 'command' | 'log' | 'position' | 'recordedAt' | 'revision' | 'stream'>;

/** Holds what entries must be one by one and among each other, whatever their hashes are. */
export class EntryChecks {
  private expected = 0;
  private own: string | undefined;
  private before: Entry | undefined;
  private readonly revisions = new Map<string, number>();
  private readonly keys = new Set<string>();

  /** What is wrong with the next line, and the position that it claims (or should have, being no entry). */
  next(line: string): { position: number; faults: LogFault[] } {
    const value = parse(line);
    const entry = entryOf(value);
    if (!entry) {
      const position = this.expected++;
      return { position, faults: [{ kind: 'malformed', position, detail: 'This line is not an entry.' }] };
    }
    const { position } = entry;
    const found = [
      isCanonical(line, value)
        ? undefined
        : (['not-canonical', 'The text is not its canonical form.'] as const),
      this.place(entry),
      this.log(entry),
      this.time(entry),
      this.revision(entry),
      this.key(entry),
    ];
    this.before = entry;
    const faults = found.flatMap((one): LogFault[] =>
      one ? [{ kind: one[0], position, detail: one[1] }] : [],
    );
    return { position, faults };
  }

  private place({ position }: Entry): Found {
    const { expected } = this;
    this.expected = Math.max(expected, position + 1);
    if (position === expected) return undefined;
    if (position < expected) return ['out-of-order', `It stands where position ${expected} should.`];
    const last = position - 1;
    return [
      'gap',
      last === expected
        ? `Position ${expected} is missing before it.`
        : `Positions ${expected} to ${last} are missing before it.`,
    ];
  }

  private log({ log }: Entry): Found {
    this.own ??= log;
    return log === this.own ? undefined : ['other-log', `It is an entry of log ${log}, not of ${this.own}.`];
  }

  private time({ recordedAt }: Entry): Found {
    const { recordedAt: earlier } = this.before ?? { recordedAt };
    if (earlier <= recordedAt) return undefined;
    return ['time-runs-backwards', `It was recorded at ${recordedAt}, the one before it at ${earlier}.`];
  }

  private revision({ stream, revision }: Entry): Found {
    const due = (this.revisions.get(stream) ?? -1) + 1;
    this.revisions.set(stream, revision);
    if (revision === due) return undefined;
    return ['revision', `It is revision ${revision} of ${stream}, where ${due} is due.`];
  }

  /** A command's events stand together, and only the first of them has the fingerprint. */
  private key({ command, stream }: Entry): Found {
    if (!command) return undefined;
    const { key, fingerprint } = command;
    const goesOn = this.before?.command?.key === key && this.before?.stream === stream;
    const isNew = !this.keys.has(key);
    this.keys.add(key);
    if (isNew || (goesOn && fingerprint === undefined)) return undefined;
    return ['repeated-key', `An earlier command has the key ${key} already.`];
  }
}

type Found = readonly [kind: LogFaultKind, detail: string] | undefined;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function entryOf(value: unknown): Entry | undefined {
  const entry = value as Partial<Record<keyof RecordedEvent, unknown>> | undefined | null;
  const whole =
    typeof entry?.log === 'string' &&
    isCount(entry.position) &&
    isCount(entry.revision) &&
    typeof entry.stream === 'string' &&
    typeof entry.recordedAt === 'string' &&
    INSTANT.test(entry.recordedAt);
  return whole ? (entry as Entry) : undefined;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCanonical(line: string, value: unknown): boolean {
  try {
    return canonical(value as Json) === line;
  } catch {
    return false;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
