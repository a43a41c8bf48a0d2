import type { ClientBase, Pool } from 'pg';
import type { RecordedEvent } from './entry.js';

/** Events that are read at once. */
const PAGE = 1000;

/**
 * Every stream of a log as it was at a position, in the order of their names: its events from the first one on. The
 * next events are read while these are worked on, and each is parsed when its turn comes: few are held at once.
 */
export async function* readHistories(pool: Pool, log: string, upTo: number): AsyncGenerator<RecordedEvent[]> {
  const client = await pool.connect();
  let isOver = false;
  try {
    // In the order of the index: without statistics, all might be sorted for each page.
    await client.query('BEGIN READ ONLY; SET LOCAL enable_sort = off');
    let history: RecordedEvent[] = [];
    for await (const entries of pages(client, log, upTo)) {
      for (const entry of entries) {
        const event: RecordedEvent = JSON.parse(entry);
        if (history.length > 0 && history[0]!.stream !== event.stream) {
          yield history;
          history = [];
        }
        history.push(event);
      }
    }
    if (history.length > 0) yield history;
    await client.query('COMMIT');
    isOver = true;
  } finally {
    client.release(!isOver);
  }
}

async function* pages(client: ClientBase, log: string, upTo: number): AsyncGenerator<string[]> {
  let reading = readPage(client, log, upTo, { stream: '', revision: -1 });
  for (;;) {
    const entries = await reading;
    const isLast = entries.length < PAGE;
    if (!isLast) {
      reading = readPage(client, log, upTo, JSON.parse(entries.at(-1)!));
      // It is awaited later: that it fails before is not unheard.
      reading.catch(() => {});
    }
    yield entries;
    if (isLast) return;
  }
}

async function readPage(
  client: ClientBase,
  log: string,
  upTo: number,
  { stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>,
): Promise<string[]> {
  const { rows } = await client.query<{ entry: string }>({
    name: 'histories',
    text: `SELECT entry FROM event
           WHERE log = $1 AND position <= $2 AND (stream, revision) > ($3, $4)
           ORDER BY stream, revision LIMIT ${PAGE}`,
    values: [log, upTo, stream, revision],
  });
  return rows.map(({ entry }) => entry);
}
