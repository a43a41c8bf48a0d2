import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, freshStore } from '../../../test/database.js';
import type { Append } from './batch.js';
import { connectPipelined, ownerConnection } from './connection.js';
import type { RecordedEvent } from './entry.js';
import { GroupCommit, type LogWriter } from './group-commit.js';
import type { ReadModel, RowSet } from './read-model.js';

const shown: ReadModel = { table: 'shown', columns: ['stream', 'text'], key: ['stream'] };

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
  await asOwner(
    fresh.url,
    'CREATE TABLE shown (stream text PRIMARY KEY, text text); GRANT SELECT, INSERT, UPDATE ON shown TO daybook_service',
  );
});
const opened: GroupCommit[] = [];
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await fresh.close();
});

/** One node's writer of a log, at its own time. */
function node(log: string, writer: Partial<LogWriter> = {}): GroupCommit {
  const connect = () => connectPipelined(fresh.url);
  const salt = () => randomBytes(16).toString('base64');
  const commit = new GroupCommit(log, { connect, now: () => new Date(), salt, ...writer });
  opened.push(commit);
  return commit;
}

const happened = { type: 'Happened', data: {} };
const append = (stream: string, more: Partial<Append> = {}): Append => ({
  stream,
  expectedRevision: -1,
  actor: { system: 'test' },
  command: { key: randomUUID(), type: 'Test' },
  events: [happened],
  ...more,
});

async function recorded(log: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const entry of fresh.store.entries(log, 0, Number.MAX_SAFE_INTEGER))
    events.push(JSON.parse(entry));
  return events;
}

describe('an append that cannot be written', () => {
  const project = (rows: () => readonly RowSet[]) => append('bad', { project: rows });
  const throws = (what: unknown) => () => {
    throw what;
  };
  const cases: [string, Append][] = [
    ['data without a canonical form', append('bad', { events: [{ type: 'Happened', data: '\ud800' }] })],
    ['a key that is no UUID', append('bad', { command: { key: 'none', type: 'Test' } })],
    ['a stream without a name', append('')],
    ['a stream with the separator in its name', append('a\x1eb')],
    ['a type with NUL in its name', append('bad', { events: [{ type: 'a\0', data: {} }] })],
    ['a name that is too long for the index', append(randomBytes(9000).toString('hex'))],
    ['no events', append('bad', { events: [] })],
    ['a projection that throws', project(throws(new Error('cannot be shown')))],
    ['a projection that throws nothing in particular', project(throws(undefined))],
    ['a row that is not JSON', project(() => [{ model: shown, rows: [{ stream: 'bad', text: 1n }] }])],
    [
      'a row that the table cannot hold',
      project(() => [{ model: shown, rows: [{ stream: 'bad', text: '\0' }] }]),
    ],
  ];

  it.each(cases)('fails alone, and leaves nothing: %s', async (name, bad) => {
    const commit = node(name);
    const results = await Promise.allSettled(
      [append('a'), bad, append('b')].map((one) => commit.append(one)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await recorded(name)).map(({ stream }) => stream)).toEqual(['a', 'b']);
    await expect(commit.append(bad).then(() => 'accepted')).rejects.not.toBe('accepted');
    expect(await fresh.store.size(name)).toBe(2);
  });
});

describe('recorded time', () => {
  it('never falls, though another node’s clock is ahead and its write is where a guess has it', async () => {
    const here = node('T', { now: () => new Date('2024-01-01T00:00:00Z') });
    const there = node('T', { now: () => new Date('2024-01-01T00:01:00Z') });
    await here.append(append('s1'));
    await there.append(append('s2'));
    // Sent one behind the other: the first is placed where the other node wrote, the second right behind.
    const first = here.append(append('s3'));
    await setImmediate();
    await Promise.all([first, here.append(append('s4'))]);
    const times = (await recorded('T')).map(({ recordedAt }) => recordedAt);
    expect(times).toHaveLength(4);
    expect(times).toEqual([...times].sort());
  });
});

describe('a log that lost events', () => {
  it('takes nothing more from who had them acknowledged', async () => {
    const commit = node('lost');
    for (const stream of ['s1', 's2', 's3']) await commit.append(append(stream));
    await asOwner(
      fresh.url,
      `ALTER TABLE event DISABLE TRIGGER append_only;
       DELETE FROM event WHERE log = 'lost' AND position > 0;
       ALTER TABLE event ENABLE TRIGGER append_only`,
    );
    for (const stream of ['x', 'y'])
      await expect(commit.append(append(stream))).rejects.toThrow('lost events');
    expect((await recorded('lost')).map(({ stream }) => stream)).toEqual(['s1']);
  });
});

async function isWaiting(backend: number): Promise<boolean> {
  const { rows } = await fresh.pool.query('SELECT FROM pg_locks WHERE pid = $1 AND NOT granted', [backend]);
  return rows.length > 0;
}

/** Someone who keeps all others from appending to a log, until released. */
async function holderOf(log: string) {
  const client = await fresh.pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT lock_log($1)', [log]);
  return async () => {
    await client.query('ROLLBACK');
    client.release();
  };
}

/** A writer of a log, and what it has sent. */
function listenedTo(log: string): { commit: GroupCommit; sent: string[]; backend: () => number } {
  const sent: string[] = [];
  let backend = 0;
  const connect = async () => {
    const client = await connectPipelined(fresh.url);
    backend = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const query = client.query.bind(client);
    const listening = (statement: string | { name?: string; text: string }, values?: unknown[]) => {
      sent.push(typeof statement === 'string' ? statement : (statement.name ?? statement.text));
      return query(statement as string, values);
    };
    client.query = listening as typeof client.query;
    return client;
  };
  return { commit: node(log, { connect }), sent, backend: () => backend };
}

/** As many as go out behind a commit that is under way. */
const several = (name: string) => Array.from({ length: 8 }, (_, i) => `${name}-${i}`);

describe('a writer whose backend is terminated again and again', () => {
  it('has written each append exactly once, rows and all, when its retry is answered', async () => {
    const { commit, backend } = listenedTo('K');
    let broken = 0;
    const write = async (stream: string): Promise<void> => {
      const one = append(stream, { project: () => [{ model: shown, rows: [{ stream, text: stream }] }] });
      while (!(await commit.append(one).catch(() => undefined))) broken++;
    };
    await write('s-first');
    for (let round = 0; round < 20; round++) {
      // In every other round the commit is held up, so that it is cut for certain; else wherever it is by then.
      const release = round % 2 === 0 ? await holderOf('K') : undefined;
      const writes = Array.from({ length: 10 }, (_, i) => write(`s${round}-${i}`));
      while (release && !(await isWaiting(backend())));
      await asOwner(fresh.url, `SELECT pg_terminate_backend(${backend()})`);
      await release?.();
      await Promise.all(writes);
    }
    expect(broken).toBeGreaterThanOrEqual(100);
    const events = await recorded('K');
    expect(events.map(({ position }) => position)).toEqual(events.map((_, i) => i));
    const { rows } = await fresh.pool.query("SELECT stream FROM shown WHERE stream LIKE 's%-%'");
    expect(rows.map(({ stream }) => stream).sort()).toEqual(events.map(({ stream }) => stream).sort());
    expect(events).toHaveLength(201);
  });
});

describe('a batch that comes while another is being made durable', () => {
  it('is sent behind it, without the log being locked', async () => {
    const { commit, sent, backend } = listenedTo('P');
    await commit.append(append('s-first'));
    sent.length = 0;
    const release = await holderOf('P');
    const first = commit.append(append('before'));
    while (!(await isWaiting(backend())));
    const second = several('behind').map((stream) => commit.append(append(stream)));
    while (sent.length < 2) await setImmediate();
    await release();
    await Promise.all([first, ...second]);
    expect(sent).toEqual(['append one', 'append']);
    expect((await recorded('P')).map(({ stream }) => stream)).toEqual([
      's-first',
      'before',
      ...several('behind'),
    ]);
  });

  it('is placed anew where the other one was not written', async () => {
    const { commit, sent } = listenedTo('Q');
    await commit.append(append('s-first'));
    await node('Q').append(append('s-other'));
    sent.length = 0;
    const first = commit.append(append('a'));
    await setImmediate();
    // Two of one stream at one revision: the second of them is refused, and the others of its batch stay.
    const behind = [...several('b'), 's-other'].map((stream) => commit.append(append(stream)));
    const results = await Promise.all([first, ...behind]);
    expect(results.map((result) => result === 'refused')).toEqual([
      false,
      ...several('b').map(() => false),
      true,
    ]);
    expect((await recorded('Q')).map(({ stream }) => stream)).toEqual([
      's-first',
      's-other',
      'a',
      ...several('b'),
    ]);
  });

  it('and a rebuild, which holds the log and then puts tables in place, do not wait for each other', async () => {
    const { commit, backend } = listenedTo('R');
    const write = (stream: string) =>
      commit.append(append(stream, { project: () => [{ model: shown, rows: [{ stream, text: stream }] }] }));
    await write('r-first');
    const rebuild = new Client(ownerConnection(fresh.url));
    await rebuild.connect();
    const { rows } = await rebuild.query('SELECT pg_backend_pid() AS pid');
    const release = await holderOf('R');
    const before = write('r-before');
    while (!(await isWaiting(backend())));
    const behind = several('r-behind').map(write);
    const rebuilt = rebuild
      .query('BEGIN; LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE')
      .then(() => rebuild.query('LOCK TABLE shown IN ACCESS EXCLUSIVE MODE; COMMIT'));
    while (!(await isWaiting(rows[0].pid)));
    await release();
    await Promise.all([before, ...behind, rebuilt]);
    expect((await recorded('R')).map(({ stream }) => stream)).toEqual([
      'r-first',
      'r-before',
      ...several('r-behind'),
    ]);
    await rebuild.end();
  });
});
