import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Pool, type Submittable } from 'pg';
import { type Caller, systemCaller } from '#access';
import { Runner, Streams } from '#commands';
import { connectPipelined, EventStore, salts, serviceConnection } from '#event-store';
import { datasetsOf, readChanges, rowsOf, type SeenDataset, StudyReader, seenBy } from '#snapshots';
import { Studies, shippedStudies, studyCommands } from '#study';
import { csv } from '#tabular';
import { runToEnd } from '../child.js';
import type { Finding } from './finding.js';
import { actor, enrolSubjects, ITEMS_EACH, subjectKey } from './log-of-forms.js';
import { median } from './measure.js';

/** By study. */
const SIZES = { SMALL: 10_000, LARGE: 1_000_000 };
const ROUNDS = 3;

/**
 * The item-level dataset, made from the log as it is read, against PostgreSQL's own `COPY … TO STDOUT` of the
 * same columns; and what a delta of some rows costs in a small and in a large study.
 */
export async function benchDatasets(url: string): Promise<Finding[]> {
  const pool = new Pool({ ...serviceConnection(url), max: 4 });
  const store = new EventStore(pool, {
    connect: () => connectPipelined(url),
    now: () => new Date(),
    salt: salts(randomBytes),
  });
  try {
    const streams = new Streams(store);
    const runner = new Runner<Caller>(store, streams, () => new Date());
    const reader = new StudyReader(pool, new Studies(streams));
    for (const [log, size] of Object.entries(SIZES)) {
      const definition = { ...shipped, study: { ...shipped.study, oid: log } };
      const call = { log, caller: systemCaller('bench'), key: randomUUID() };
      await runner.run(studyCommands.CreateStudy, { definition }, call);
      await enrolSubjects(store, log, size / ITEMS_EACH);
    }
    const seen = await itemsOf(reader);
    await copyTable(url, reader, seen, await store.size('LARGE'));

    const ours: number[] = [];
    const reference: number[] = [];
    const peaks = { small: 0, large: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      reference.push(await copied(url));
      ours.push(await streamed(reader, seen, store));
      peaks.small = Math.max(peaks.small, await peakOf(url, 'SMALL'));
      peaks.large = Math.max(peaks.large, await peakOf(url, 'LARGE'));
    }
    const delta = await deltas(store, reader, seen);
    const ratio = median(ours.map((rate, i) => rate / reference[i]!));
    const rate = (value: number) => ({ rate: value, p50: 1000 / value, p99: 1000 / value });
    const growth = (peaks.large - peaks.small) / 2 ** 20;
    const dearer = delta.large / delta.small;
    return [
      {
        name: '1,000,000 rows as CSV',
        goal: '≥ 0.4 × COPY TO STDOUT of the same columns (rows/s)',
        ratio,
        met: ratio >= 0.4,
        ours: rate(median(ours)),
        reference: rate(median(reference)),
      },
      {
        name: `peak memory of 1,000,000 rows over that of 10,000, MiB`,
        goal: '≤ 64 MiB more',
        ratio: growth,
        met: growth <= 64,
        ours: rate(peaks.large / 2 ** 20),
        reference: rate(peaks.small / 2 ** 20),
      },
      {
        name: 'delta of 100 rows, at 1,000,000 rows over at 10,000',
        goal: '≤ 1.5 × the time',
        ratio: dearer,
        met: dearer <= 1.5,
        ours: rate(1000 / delta.large),
        reference: rate(1000 / delta.small),
      },
    ];
  } finally {
    await store.close();
    await pool.end();
  }
}

async function itemsOf(reader: StudyReader): Promise<SeenDataset> {
  const dataset = datasetsOf(await reader.study('LARGE', 0)).find(({ name }) => name === 'ITEMS')!;
  return seenBy(dataset, 'unblinded')!;
}

const shipped = shippedStudies()[0]!;

/** Milliseconds to read what 100 corrections in as many subjects changed, the two studies in turn. */
async function deltas(store: EventStore, reader: StudyReader, seen: SeenDataset) {
  const times = { SMALL: [] as number[], LARGE: [] as number[] };
  const from = { SMALL: (await store.size('SMALL')) - 1, LARGE: (await store.size('LARGE')) - 1 };
  for (const log of ['SMALL', 'LARGE'] as const)
    for (let number = 0; number < 100; number++) await correct(store, log, number);
  for (let round = 0; round < 20; round++) {
    for (const log of ['SMALL', 'LARGE'] as const) {
      const started = performance.now();
      let count = 0;
      const states = { before: seen, after: seen };
      for await (const _ of readChanges(states, reader.between(log, from[log], from[log] + 100))) count++;
      if (count !== 100) throw new Error(`${count} changes`);
      times[log].push(performance.now() - started);
    }
  }
  return { small: median(times.SMALL), large: median(times.LARGE) };
}

function correct(store: EventStore, log: string, number: number) {
  const changes = [{ item: 'I.LB.CGA', from: { value: 10 }, to: { value: 20 } }];
  const data = { visit: 'V_SCR', form: 'LB', changes, reason: { code: 'x', text: 'x' } };
  const stream = `subject/${subjectKey(number)}`;
  return store.append(log, {
    stream,
    expectedRevision: 2,
    actor,
    events: [{ type: 'ItemsCorrected', data }],
  });
}

/** Rows a second. */
async function streamed(reader: StudyReader, seen: SeenDataset, store: EventStore): Promise<number> {
  const last = (await store.size('LARGE')) - 1;
  const started = performance.now();
  let lines = -1;
  for await (const bytes of csv(seen.table, rowsOf(seen, reader.subjects('LARGE', last))))
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return (lines / (performance.now() - started)) * 1000;
}

/** The most memory that a process held which did nothing but stream the dataset of a study, in bytes. */
async function peakOf(url: string, log: string): Promise<number> {
  const { code, stdout, stderr } = await runToEnd('dist/test/bench/stream-items.js', [log], {
    DATABASE_URL: url,
  });
  if (code !== 0) throw new Error(stderr);
  return Number.parseInt(stdout, 10) * 1024;
}

/** The same rows as a table. */
async function copyTable(url: string, reader: StudyReader, seen: SeenDataset, size: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const types = {
    string: 'text',
    integer: 'integer',
    decimal: 'float8',
    boolean: 'boolean',
    date: 'date',
    datetime: 'timestamptz',
  };
  const columns = seen.table.columns.map(({ name, type }) => `"${name.toLowerCase()}" ${types[type]}`);
  await client.query(`CREATE TABLE bench_items (${columns.join(', ')})`);
  const names = seen.table.columns.map(({ name }) => name.toLowerCase());
  for await (const batch of rowsOf(seen, reader.subjects('LARGE', size - 1))) {
    const rows = batch.map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at]])));
    await client.query(
      'INSERT INTO bench_items SELECT * FROM json_populate_recordset(NULL::bench_items, $1)',
      [JSON.stringify(rows)],
    );
  }
  await client.end();
}

async function copied(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const started = performance.now();
  const lines = await new Promise<number>((resolve, reject) => {
    client.query(
      new CopyOut('COPY bench_items TO STDOUT (FORMAT csv)', resolve, reject) as unknown as Submittable,
    );
  });
  const rate = (lines / (performance.now() - started)) * 1000;
  await client.end();
  return rate;
}

/** Counts the rows of a COPY as they arrive. */
class CopyOut {
  private rows = 0;

  constructor(
    private readonly text: string,
    private readonly done: (rows: number) => void,
    private readonly fail: (error: Error) => void,
  ) {}

  submit(connection: { query(text: string): void }): void {
    connection.query(this.text);
  }

  handleCopyData(): void {
    this.rows += 1;
  }

  handleError(error: Error): void {
    this.fail(error);
  }

  handleReadyForQuery(): void {
    this.done(this.rows);
  }

  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
