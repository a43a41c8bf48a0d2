import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { Streams } from '#commands';
import { connectPipelined, EventStore, salts, serviceConnection } from '#event-store';
import { datasetsOf, rowsOf, StudyReader, seenBy } from '#snapshots';
import { Studies } from '#study';
import { csv } from '#tabular';

/**
 * Streams the item-level dataset of a study as CSV, in a process that does nothing else, and prints the most
 * memory that it held (KiB, as the system counts it).
 */
const [log = ''] = process.argv.slice(2);
const url = process.env.DATABASE_URL ?? '';
const pool = new Pool({ ...serviceConnection(url), max: 4 });
const store = new EventStore(pool, {
  connect: () => connectPipelined(url),
  now: () => new Date(),
  salt: salts(randomBytes),
});
const reader = new StudyReader(pool, new Studies(new Streams(store)));
const items = datasetsOf(await reader.study(log, 0)).find(({ name }) => name === 'ITEMS')!;
const seen = seenBy(items, 'unblinded')!;
let bytes = 0;
for await (const part of csv(seen.table, rowsOf(seen, reader.subjects(log, (await store.size(log)) - 1))))
  bytes += part.length;
process.stdout.write(`${process.resourceUsage().maxRSS} KiB at most, ${bytes} bytes streamed\n`);
await pool.end();
