import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { type Caller, systemCaller } from '#access';
import type { SigningKeys } from '#audit';
import { type ClinicalSources, SUBJECTS } from '#casebook';
import { Recurring, type Runner } from '#commands';
import { type EventStore, LogTree, withConnection } from '#event-store';
import { rootHash } from '#merkle';
import { formats, type Origin } from '#tabular';
import { type Audience, seenBy } from '../dataset.js';
import { datasetsOf } from '../datasets/datasets.js';
import type { StudyReader } from '../study-reader.projection.js';
import type { SnapshotCommands } from './snapshot.commands.js';
import type { DatasetEntry, FileEntry, Manifest } from './snapshot.js';
import { type SnapshotRow, unfinishedSnapshots } from './snapshot.projection.js';
import { type FileName, odmFile, storeFile } from './snapshot-file.table.js';
import { odmOf } from './snapshot-odm.projection.js';
import { emptySpool, Spool } from './spool.table.js';

export interface MakerSources {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly reader: StudyReader;
  readonly clinical: ClinicalSources;
  readonly keys: SigningKeys;
  readonly runner: Runner<Caller>;
  readonly commands: SnapshotCommands;
  uuid(): string;
  onFault(where: string, error: unknown): void;
}

/** Snapshots are rare: to look for one now and then costs less than to listen to every event. */
const LOOK_EVERY_MS = 500;
/** Ten minutes. */
const MOST_LOOKS_PAUSED = 1200;
const audiences: readonly Audience[] = ['unblinded', 'blinded'];

/**
 * Makes the snapshots that were asked for, one after the other; of several nodes one makes each. One that was
 * interrupted is made from its beginning, to the same bytes.
 */
export class SnapshotMaker extends Recurring {
  /** How many looks a snapshot that failed is left alone, and how many of them are over. */
  private readonly pauses = new Map<string, { readonly looks: number; over: number }>();

  constructor(private readonly sources: MakerSources) {
    super(
      LOOK_EVERY_MS,
      async (isStopped) => {
        for (const row of await unfinishedSnapshots(sources.pool)) {
          if (isStopped()) return;
          await this.attempt(row, isStopped);
        }
      },
      (error) => sources.onFault('snapshots', error),
    );
  }

  /** One that cannot be made holds up no other, and is tried less and less often. */
  private async attempt(row: SnapshotRow, isStopped: () => boolean): Promise<void> {
    const name = `snapshot ${row.study} ${row.snapshot}`;
    const pause = this.pauses.get(name);
    if (pause && pause.over++ < pause.looks) return;
    try {
      await this.alone(name, () => this.make(row, isStopped));
      this.pauses.delete(name);
    } catch (error) {
      this.pauses.set(name, { looks: Math.min((pause?.looks ?? 1) * 2, MOST_LOOKS_PAUSED), over: 0 });
      if (!isStopped()) this.sources.onFault(name, error);
    }
  }

  /** Unless another node is at it. */
  private alone(name: string, make: () => Promise<void>): Promise<void> {
    return withConnection(this.sources.pool, async (client) => {
      const lock = (what: string) =>
        client.query<{ got: boolean }>(`SELECT ${what}(hashtextextended($1, 0)) AS got`, [name]);
      if (!(await lock('pg_try_advisory_lock')).rows[0]!.got) return;
      await make();
      await lock('pg_advisory_unlock');
    });
  }

  private async make(row: SnapshotRow, isStopped: () => boolean): Promise<void> {
    const { study, snapshot, position } = row;
    const { pool, store, reader, runner, commands, uuid } = this.sources;
    await emptySpool(pool, study, snapshot);
    const at = await reader.study(study, position);
    const made = datasetsOf(at).map((dataset) => {
      const spools = audiences.flatMap((audience) => {
        const seen = seenBy(dataset, audience);
        return seen ? new Spool(pool, study, snapshot, audience, seen) : [];
      });
      return { dataset, spools };
    });
    const all = made.flatMap(({ spools }) => spools);
    const total = (await store.streams(study, SUBJECTS, position)).length;
    let done = 0;
    for (const spool of all) await spool.begin();
    for await (const subject of reader.subjects(study, position)) {
      if (isStopped()) return;
      for (const { dataset, spools } of made) {
        const rows = [...dataset.rows(subject)];
        for (const spool of spools) await spool.add(rows);
      }
      if (++done % 50 === 0) await this.progress(study, snapshot, done, total);
    }
    for (const spool of all) await spool.flush();
    await this.progress(study, snapshot, done, total);

    const recordedAt = await store.recordedAt(study, position);
    const datasets: Record<Audience, DatasetEntry[]> = { blinded: [], unblinded: [] };
    for (const { spools } of made) {
      let first: { spool: Spool; entry: DatasetEntry } | undefined;
      for (const spool of spools) {
        if (isStopped()) return;
        const entry = first?.spool.isAll(spool)
          ? first.entry
          : await this.write(spool, study, snapshot, recordedAt, isStopped);
        datasets[spool.audience].push(entry);
        first ??= { spool, entry };
      }
    }
    const manifest: Manifest = {
      recordedAt,
      definition: at.versions.length,
      checkpoint: await this.checkpoint(study, position + 1),
      datasets,
      odm: {
        blinded: await this.document(row, 'blinded', isStopped),
        unblinded: await this.document(row, 'unblinded', isStopped),
      },
    };
    const call = { log: study, caller: systemCaller('snapshots'), key: uuid() };
    await runner.run(commands.CompleteSnapshot, { snapshot, manifest }, call);
    await emptySpool(pool, study, snapshot);
  }

  /** A dataset's files, in each format that can hold it. */
  private async write(
    spool: Spool,
    study: string,
    snapshot: string,
    createdAt: string,
    isStopped: () => boolean,
  ): Promise<DatasetEntry> {
    const table = spool.table();
    const origin: Origin = { records: spool.rows, createdAt, studyOid: study, originator: 'Daybook' };
    const files: FileEntry[] = [];
    for (const { name: format, mediaType, write } of formats) {
      const name: FileName = { study, snapshot, dataset: table.name, audience: spool.audience, format };
      try {
        files.push(await this.store(name, mediaType, write(table, spool.read(), origin), isStopped));
      } catch (error) {
        // XPT has limits that a study's texts may be beyond; the other formats have none.
        if (format === 'xpt' && error instanceof RangeError) continue;
        throw error;
      }
    }
    const columns = table.columns.map(({ name, label, type, unit, codeList }) => ({
      ...{ name, label, type },
      ...(unit !== undefined && { unit }),
      ...(codeList && { codeList: codeList.oid }),
    }));
    const { audience: madeFor, rows } = spool;
    return { madeFor, name: table.name, label: table.label, rows, columns, files };
  }

  private document(
    { study, snapshot, position }: SnapshotRow,
    audience: Audience,
    isStopped: () => boolean,
  ): Promise<FileEntry> {
    const document = odmOf(this.sources.clinical, study, position, audience);
    return this.store(odmFile(study, snapshot, audience), 'application/xml', document, isStopped);
  }

  /** @throws Error when the service stops meanwhile: nobody waits for a long file, which the next attempt replaces */
  private async store(
    name: FileName,
    mediaType: string,
    content: AsyncIterable<Uint8Array>,
    isStopped: () => boolean,
  ): Promise<FileEntry> {
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* () {
      for await (const bytes of content) {
        if (isStopped()) throw new Error('the service stops');
        hash.update(bytes);
        size += bytes.length;
        yield bytes;
      }
    };
    await storeFile(this.sources.pool, name, counted());
    return { format: name.format, mediaType, bytes: size, sha256: hash.digest('hex') };
  }

  private async checkpoint(study: string, size: number): Promise<string> {
    const tree = new LogTree(this.sources.pool, study);
    await tree.fill(size);
    return this.sources.keys.sign(study, size, await rootHash(tree, size));
  }

  private async progress(study: string, snapshot: string, done: number, total: number): Promise<void> {
    await this.sources.pool.query(
      `INSERT INTO snapshot_progress (study, snapshot, done, total) VALUES ($1, $2, $3, $4)
       ON CONFLICT (study, snapshot) DO UPDATE SET done = $3, total = $4`,
      [study, snapshot, done, total],
    );
  }
}
