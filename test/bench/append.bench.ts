import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Pool } from 'pg';
import { connectPipelined, EventStore, salts, serviceConnection } from '#event-store';
import type { Finding } from './finding.js';
import { closedLoop, type Measure, median, medianRound } from './measure.js';

const ROUNDS = 5;
const MILLISECONDS = 1500;
const GOALS: Record<number, number> = { 1: 0.7, 8: 1.3, 32: 2.5 };
const data = { text: 'x'.repeat(250), value: 42 };

/**
 * Durable appends through the event store against one-row-per-commit INSERTs of the same row, by prepared
 * statements, from the same process, over as many connections as there are writers. Interleaved rounds.
 */
export async function benchAppend(url: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const writers of [1, 8, 32]) {
    const ours: Measure[] = [];
    const reference: Measure[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      reference.push(await insertRows(url, writers));
      ours.push(await appendEvents(url, writers));
    }
    const ratio = median(ours.map((one, i) => one.rate / reference[i]!.rate));
    findings.push({
      name: `append, ${writers} writer(s)`,
      goal: `≥ ${GOALS[writers]} × one INSERT per commit`,
      ratio,
      met: ratio >= GOALS[writers]!,
      ours: medianRound(ours),
      reference: medianRound(reference),
    });
  }
  return findings;
}

async function appendEvents(url: string, writers: number): Promise<Measure> {
  const pool = new Pool({ ...serviceConnection(url), max: 2 });
  const store = new EventStore(pool, {
    connect: () => connectPipelined(url),
    now: () => new Date(),
    salt: salts(randomBytes),
  });
  const log = `B${randomBytes(2).toString('hex')}`;
  const revisions = Array.from({ length: writers }, () => -1);
  const measure = await closedLoop(writers, MILLISECONDS, async (writer) => {
    const appended = await store.append(log, {
      stream: `stream-${writer}`,
      expectedRevision: revisions[writer]!,
      actor: { user: 'bench', role: 'coordinator' },
      command: { key: randomUUID(), type: 'Bench', fingerprint: 'bench' },
      events: [{ type: 'ItemsEntered', data }],
    });
    if (appended === 'refused') throw new Error('refused');
    revisions[writer]! += 1;
  });
  await store.close();
  await pool.end();
  return measure;
}

async function insertRows(url: string, writers: number): Promise<Measure> {
  const clients = await Promise.all(
    Array.from({ length: writers }, async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  await clients[0]!.query('DROP TABLE IF EXISTS bench_row');
  await clients[0]!.query(`CREATE TABLE bench_row (
    log text NOT NULL, position bigserial, revision integer NOT NULL, recorded_at timestamptz NOT NULL, key uuid,
    leaf_hash bytea NOT NULL, stream text NOT NULL, type text NOT NULL, entry text NOT NULL, PRIMARY KEY (log, position))`);
  await clients[0]!.query('CREATE UNIQUE INDEX ON bench_row (log, stream, revision)');
  await clients[0]!.query('CREATE UNIQUE INDEX ON bench_row (log, key)');
  const entry = JSON.stringify({
    ...data,
    actor: { role: 'coordinator', user: 'bench' },
    salt: randomBytes(16).toString('base64'),
  });
  const hash = randomBytes(32);
  const revisions = Array.from({ length: writers }, () => 0);
  const measure = await closedLoop(writers, MILLISECONDS, async (writer) => {
    await clients[writer]!.query({
      name: 'insert',
      text: `INSERT INTO bench_row (log, revision, recorded_at, key, leaf_hash, stream, type, entry)
             VALUES ('BENCH', $1, now(), $2, $3, $4, 'ItemsEntered', $5)`,
      values: [revisions[writer]!++, randomUUID(), hash, `stream-${writer}`, entry],
    });
  });
  await Promise.all(clients.map((client) => client.end()));
  return measure;
}
