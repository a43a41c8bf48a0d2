import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { ClientBase, Pool } from 'pg';
import { type Casebook, casebooks, SUBJECTS } from '#casebook';
import type { Anew, Streams } from '#commands';
import type { Fold, RecordedEvent } from '#event-store';
import { PUBLICATIONS, type Studies } from '#study';
import { grouped } from '#values';
import {
  type ProgressRow,
  progressRows,
  replaceProgress,
  Summing,
  sumAgain,
} from './progress-sum.projection.js';
import { tellingBy } from './tells-arms.js';
import { visitProgress } from './visit-progress.js';

const MOST_ROWS_CACHED = 20_000;

interface Written {
  readonly text: string;
  /** Revisions of the subject's stream: the last event that came here, and the last that the row shows. */
  readonly folded: number;
  readonly shown: number;
}

/**
 * Follows every log: the visits of each subject that an event is of, where they are other than what is written.
 * Rows follow from the casebook as it is now, which is never older than the event; so a rebuild makes each once.
 * What tells the arms apart is what the versions say that were published by the end of the page.
 */
export function foldProgress(streams: Streams, studies: Studies): Fold {
  const cache = new LRUCache<string, Written>({ max: MOST_ROWS_CACHED });
  return async (client, log, events) => {
    const rows: ProgressRow[] = [];
    const touched = new Map<string, { key: string; folded: number; before: Written | undefined }>();
    for (const [stream, own] of bySubject(events)) {
      const key = JSON.stringify([log, stream]);
      const folded = own.at(-1)!.revision;
      // Not of a page that is folded again after a failure, nor after another node folded what came between.
      const known = cache.get(key);
      const before = known && own[0]!.revision === known.folded + 1 ? known : undefined;
      if (before && folded <= before.shown) cache.set(key, { ...before, folded });
      else touched.set(stream, { key, folded, before });
    }
    const least = new Map(Array.from(touched, ([stream, { folded }]) => [stream, folded]));
    for (const [stream, { state, revision: shown }] of await streams.currentOf(log, least, casebooks)) {
      const { key, folded, before } = touched.get(stream)!;
      const row = progressRow(log, state, await studies.version(log, state.definition));
      const text = JSON.stringify(row);
      if (before?.text !== text) rows.push(row);
      cache.set(key, { text, folded, shown });
    }
    const published = events.filter(({ stream }) => stream === PUBLICATIONS).length;
    if (rows.length === 0 && published === 0) return;
    const versions = await versionsAt(client, log, events.at(-1)!.position);
    const telling = await tellingBy(studies, log, versions);
    await replaceProgress(client, log, rows, telling);
    const before = versions - published;
    if (before === versions) return;
    const isOther = before === 0 || !isDeepStrictEqual(telling, await tellingBy(studies, log, before));
    if (isOther) await sumAgain(client, log, telling);
  };
}

/** The same from the whole log. */
export function progressAnew(studies: Studies): Anew {
  return async (log) => {
    const { versions } = await studies.publications(log);
    let summing: Summing | undefined;
    return {
      async rowsOf({ stream, state }) {
        if (!stream.startsWith(SUBJECTS)) return [];
        const casebook = state as Casebook;
        const row = progressRow(log, casebook, await studies.version(log, casebook.definition));
        summing ??= new Summing(log, await tellingBy(studies, log, versions.length));
        summing.add(row);
        return [{ model: progressRows, rows: [row] }];
      },
      rest: () => (summing ? [summing.rows()] : []),
    };
  };
}

async function versionsAt(client: ClientBase, log: string, position: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'versions at',
    text: 'SELECT count(*)::integer AS count FROM event WHERE log = $1 AND stream = $2 AND position <= $3',
    values: [log, PUBLICATIONS, position],
  });
  return rows[0]!.count;
}

function bySubject(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  return grouped(
    events.filter(({ stream }) => stream.startsWith(SUBJECTS)),
    ({ stream }) => stream,
  );
}

function progressRow(study: string, casebook: Casebook, definition: Parameters<typeof visitProgress>[1]) {
  const { subject, site } = casebook;
  return { study, subject, site, visits: visitProgress(casebook, definition) };
}

export interface PastSubject {
  readonly row: ProgressRow;
  readonly consented: string;
}

/** Every subject as of a position, folded from the log: for looking back, not for every day. */
export async function subjectsAsOf(
  { pool, streams, studies }: { pool: Pool; streams: Streams; studies: Studies },
  study: string,
  position: number,
): Promise<PastSubject[]> {
  const { rows } = await pool.query<{ stream: string }>(
    `SELECT stream FROM event WHERE log = $1 AND revision = 0 AND position <= $2 AND starts_with(stream, $3)`,
    [study, position, SUBJECTS],
  );
  const subjects: PastSubject[] = [];
  for (const { stream } of rows) {
    const { state } = await streams.asOf(study, stream, casebooks, position);
    const row = progressRow(study, state, await studies.version(study, state.definition));
    subjects.push({ row, consented: state.consentDate });
  }
  return subjects;
}
