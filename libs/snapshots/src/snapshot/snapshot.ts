import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import type { ColumnType } from '#tabular';
import type { Audience } from '../dataset.js';

export interface FileEntry {
  /** By its name in `#tabular`. */
  readonly format: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface DatasetEntry {
  /** For whom its files were made: where others are given the same, they are kept once. */
  readonly madeFor: Audience;
  readonly name: string;
  readonly label: string;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    readonly label: string;
    readonly type: ColumnType;
    readonly unit?: string;
    readonly codeList?: string;
  }[];
  readonly files: readonly FileEntry[];
}

/** What a snapshot holds, and what proves which state of the log it was made from. */
export interface Manifest {
  /** When the position was recorded. */
  readonly recordedAt: string;
  /** The latest version of the study's definition by then. */
  readonly definition: number;
  /** Signed note over the log up to the position. */
  readonly checkpoint: string;
  readonly datasets: Readonly<Record<Audience, readonly DatasetEntry[]>>;
  /** The clinical data as one document; absent from snapshots that were taken before there was any. */
  readonly odm?: Readonly<Record<Audience, FileEntry>>;
}

export type SnapshotEvent =
  | NewEvent<'SnapshotRequested', { snapshot: string; name: string; purpose: string; position: number }>
  | NewEvent<'SnapshotTaken', { snapshot: string; manifest: Manifest }>;

export interface Snapshot {
  readonly snapshot: string;
  readonly name: string;
  readonly purpose: string;
  readonly position: number;
  readonly requestedAt: string;
  readonly by: string;
  /** Absent while it is being made. */
  readonly manifest?: Manifest;
}

/** A study's snapshots, in the order in which they were asked for. */
export type Snapshots = readonly Snapshot[];

export function evolveSnapshots(
  snapshots: Snapshots,
  event: SnapshotEvent & { recordedAt: string; by: string },
): Snapshots {
  switch (event.type) {
    case 'SnapshotRequested':
      return [...snapshots, { ...event.data, requestedAt: event.recordedAt, by: event.by }];
    case 'SnapshotTaken': {
      const { snapshot, manifest } = event.data;
      return snapshots.map((one) => (one.snapshot === snapshot ? { ...one, manifest } : one));
    }
    default:
      return unknownEvent(event);
  }
}

export interface RequestSnapshot {
  readonly name: string;
  readonly purpose: string;
  /** Of the log; absent: as far as it has come. */
  readonly position?: number | undefined;
}

/** @throws Problem already-exists for a name that the study has */
export function requestSnapshot(
  { name, purpose, position }: RequestSnapshot,
  snapshots: Snapshots,
  facts: { readonly last: number },
): SnapshotEvent[] {
  if (snapshots.some((one) => one.name === name))
    throw new Problem('already-exists', `There is a snapshot ${name} already.`);
  const snapshot = `snapshot-${snapshots.length + 1}`;
  const data = { snapshot, name, purpose, position: position ?? facts.last };
  return [{ type: 'SnapshotRequested', data }];
}

export interface CompleteSnapshot {
  readonly snapshot: string;
  readonly manifest: Manifest;
}

/** Its files are there. Taken once: another node may have been faster, and made the same bytes. */
export function completeSnapshot(
  { snapshot, manifest }: CompleteSnapshot,
  snapshots: Snapshots,
): SnapshotEvent[] {
  const known = snapshots.find((one) => one.snapshot === snapshot);
  if (!known) throw new Problem('not-found', 'There is no such snapshot.');
  return known.manifest ? [] : [{ type: 'SnapshotTaken', data: { snapshot, manifest } }];
}

function unknownEvent(event: never): never {
  throw new Error(`snapshots know no event ${JSON.stringify(event)}`);
}
