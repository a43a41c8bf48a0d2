import type { Pool } from 'pg';
import { casebooks, SUBJECTS } from '#casebook';
import { advance } from '#commands';
import type { RecordedEvent } from '#event-store';
import { Problem } from '#problem';
import { Lineage, type Studies } from '#study';
import type { StudyAt, SubjectAt } from './dataset.js';
import type { SubjectTwice } from './delta.js';

/** So many subjects are folded at a time: what is in memory at once. */
const PAGE = 25;
/** So many subjects are listed at a time. */
const LISTED = 1000;

/** When a version of the definition was published, and by whom. */
export interface Publication {
  readonly position: number;
  readonly at: string;
  readonly by: string;
  readonly type: string;
}

/** Reads a study's subjects, one after the other, as they were after any position of its log. */
export class StudyReader {
  constructor(
    private readonly pool: Pool,
    private readonly studies: Studies,
  ) {}

  /** @throws Problem not-found where nothing was published by then */
  async study(study: string, position: number): Promise<StudyAt> {
    const count = await this.published(study, position);
    if (count === 0) throw new Problem('not-found', 'There was no such study then.');
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const versions = await Promise.all(numbers.map((version) => this.studies.version(study, version)));
    return { oid: study, versions, lineage: new Lineage(versions) };
  }

  /** Every subject enrolled by a position, by subject key. */
  async *subjects(study: string, position: number): AsyncGenerator<SubjectAt> {
    for await (const page of this.ahead(this.pages(study, position), study, position))
      for (const events of page) yield folded(events);
  }

  /** Every subject that may differ between two positions, by subject key: where a definition was published, all. */
  async *between(study: string, from: number, to: number): AsyncGenerator<SubjectTwice> {
    const all = (await this.published(study, from)) !== (await this.published(study, to));
    const pages = all ? this.pages(study, to) : this.touched(study, from, to);
    for await (const page of this.ahead(pages, study, to)) {
      for (const events of page) {
        const known = events.filter(({ position }) => position <= from);
        const before = known.length > 0 ? folded(known) : undefined;
        yield { before, after: folded(events, before) };
      }
    }
  }

  /** After the first position, up to the other. */
  async publications(study: string, from: number, to: number): Promise<Publication[]> {
    const { rows } = await this.pool.query<{ entry: string }>(
      `SELECT entry FROM event WHERE log = $1 AND stream = 'definition' AND position > $2 AND position <= $3
       ORDER BY position`,
      [study, from, to],
    );
    return rows.map(({ entry }) => {
      const { position, recordedAt, actor, type }: RecordedEvent = JSON.parse(entry);
      return { position, at: recordedAt, by: 'user' in actor ? actor.user : actor.system, type };
    });
  }

  private async published(study: string, position: number): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM event WHERE log = $1 AND stream = 'definition' AND position <= $2`,
      [study, position],
    );
    return rows[0]!.count;
  }

  private async *pages(study: string, position: number): AsyncGenerator<string[]> {
    for (let after = SUBJECTS; ; ) {
      const { rows } = await this.pool.query<{ stream: string }>(
        `SELECT stream FROM event WHERE log = $1 AND revision = 0 AND position <= $2
           AND stream COLLATE "C" > $3 AND stream COLLATE "C" < 'subject0'
         ORDER BY stream COLLATE "C" LIMIT $4`,
        [study, position, after, LISTED],
      );
      if (rows.length === 0) return;
      yield* inPages(rows);
      after = rows.at(-1)!.stream;
    }
  }

  private async *touched(study: string, from: number, to: number): AsyncGenerator<string[]> {
    const { rows } = await this.pool.query<{ stream: string }>(
      `SELECT DISTINCT stream COLLATE "C" AS stream FROM event
       WHERE log = $1 AND position > $2 AND position <= $3 AND starts_with(stream, $4) ORDER BY 1`,
      [study, from, to, SUBJECTS],
    );
    yield* inPages(rows);
  }

  /** The events of the streams of each page; the next page is read while this one is worked on. */
  private async *ahead(
    pages: AsyncIterable<string[]>,
    study: string,
    upTo: number,
  ): AsyncGenerator<RecordedEvent[][]> {
    let reading: Promise<RecordedEvent[][]> | undefined;
    for await (const streams of pages) {
      const page = await reading;
      reading = this.read(study, streams, upTo);
      // Whoever stops listening does not wait for it, so its failure may go unheard.
      reading.catch(() => {});
      if (page) yield page;
    }
    if (reading) yield await reading;
  }

  /** The events of each stream, in the order of the streams. */
  private async read(study: string, streams: readonly string[], upTo: number): Promise<RecordedEvent[][]> {
    const { rows } = await this.pool.query<{ entry: string }>({
      name: 'events of streams',
      text: 'SELECT entry FROM event WHERE log = $1 AND stream = ANY($2) AND position <= $3 ORDER BY stream, revision',
      values: [study, streams, upTo],
    });
    const byStream = new Map<string, RecordedEvent[]>(streams.map((stream) => [stream, []]));
    for (const { entry } of rows) {
      const event: RecordedEvent = JSON.parse(entry);
      byStream.get(event.stream)!.push(event);
    }
    return [...byStream.values()];
  }
}

function* inPages(rows: readonly { stream: string }[]): Generator<string[]> {
  for (let i = 0; i < rows.length; i += PAGE) yield rows.slice(i, i + PAGE).map(({ stream }) => stream);
}

/** @param before the subject after the first of the events: what they do not change stays the same object */
function folded(events: readonly RecordedEvent[], before?: SubjectAt): SubjectAt {
  const from = { state: before?.casebook ?? casebooks.initial, revision: -1, position: -1 };
  return { casebook: advance(from, casebooks, events.slice(before?.events.length)).state, events };
}
