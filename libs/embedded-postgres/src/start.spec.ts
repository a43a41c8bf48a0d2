import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOf } from './account.js';
import { clusterIn } from './cluster.js';
import { stopOrphan } from './orphan.js';
import { processMark } from './process-mark.js';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.js';

const fast = { fsync: 'off' };
/** Holds the data directories and the program of the child servers. Mode 0700, as mkdtemp makes it. */
const home = realpathSync(mkdtempSync(join(tmpdir(), 'embedded-postgres-')));
const program = join(home, 'server.js');

/** A data directory that the tests use in turn, unless they need a new one. */
let dataDir = join(home, 'data');
let servers: EmbeddedPostgres[] = [];
let children: ChildProcess[] = [];

beforeAll(() => {
  for (const name of readdirSync(import.meta.dirname).filter((name) => !name.endsWith('.spec.ts'))) {
    const { code } = transformFileSync(join(import.meta.dirname, name), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    });
    writeFileSync(join(home, name.replace(/ts$/, 'js')), code);
  }
  writeFileSync(join(home, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(home, 'node_modules'));
  writeFileSync(
    program,
    `import { startEmbeddedPostgres } from './index.js';
     process.on('SIGINT', () => process.send('interrupted'));
     for (const end of ['message', 'disconnect']) process.on(end, () => process.exit());
     await startEmbeddedPostgres({ dataDir: process.argv[2], newPassword: () => 'secret', settings: { fsync: 'off' } })
       .then(({ url, pid }) => process.send({ url, pid }), ({ message }) => process.send({ message }));`,
  );
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(children.filter(running).map(killed));
  await stopOrphan(dataDir);
  servers = [];
  children = [];
  dataDir = join(home, 'data');
});

afterAll(() => rmSync(home, { recursive: true }));

const newDataDir = () => mkdtempSync(join(home, 'data-'));

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    newPassword: () => 'pass/word',
    settings: fast,
    ...options,
  });
  servers.push(server);
  return server;
}

/** What a child process says of its attempt to start a server on the data directory. */
type Answer = { url: string; pid: number; message?: undefined } | { message: string; url?: undefined };

async function startInChild(): Promise<{ child: ChildProcess; answer: Answer }> {
  const child = fork(program, [dataDir], { execArgv: [], detached: true });
  children.push(child);
  const [answer] = (await once(child, 'message')) as [Answer];
  return { child, answer };
}

async function serveInChild(): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const { child, answer } = await startInChild();
  if (answer.url === undefined) throw new Error(answer.message);
  return { child, ...answer };
}

const running = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Commits something of its own to the database; `holds` tells whether it is there. */
async function commit(url: string): Promise<string> {
  const table = randomUUID();
  await query(url, `CREATE TABLE "${table}" ()`);
  return table;
}

async function holds(url: string, table: string): Promise<boolean> {
  const found = await query(url, `SELECT FROM pg_tables WHERE tablename = '${table}'`);
  return found.length === 1;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('an embedded PostgreSQL', () => {
  it('keeps its data from one start to the next', async () => {
    dataDir = join(newDataDir(), 'made', 'when missing');
    const first = await start();
    const kept = await commit(first.url);
    await first.stop();
    const second = await start({ newPassword: () => expect.fail('the cluster is there already') });
    expect(await holds(second.url, kept)).toBe(true);
    await second.stop();
    expect(readdirSync(dataDir).filter((name) => /^(owner|postgres\.pid)/.test(name))).toEqual([]);
  });

  it('is durable, in UTF-8, UTC and the C locale unless told otherwise', async () => {
    const { url } = await start({ settings: { max_connections: '7' } });
    const names = [
      'fsync',
      'full_page_writes',
      'synchronous_commit',
      'server_encoding',
      'TimeZone',
      'lc_messages',
      'max_connections',
    ];
    const [row] = await query(
      url,
      `SELECT ${names.map((name) => `current_setting('${name}') "${name}"`).join()}`,
    );
    expect(Object.values(row!)).toEqual(['on', 'on', 'on', 'UTF8', 'UTC', 'C', '7']);
    const [{ datcollate } = {}] = await query(
      url,
      "SELECT datcollate FROM pg_database WHERE datname = 'postgres'",
    );
    expect(datcollate).toBe('C');
  });

  it('lets nobody in without the password, which only the owner of its file can read', async () => {
    const { url } = await start();
    for (const password of ['', 'wrong']) {
      const guess = new URL(url);
      guess.password = password;
      await expect(query(guess.href, 'SELECT')).rejects.toThrow(/password/);
    }
    expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
    expect(statSync(clusterIn(dataDir)).mode & 0o777).toBe(0o700);
  });

  it('refuses a port in use and leaves the directory free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    await once(other.close(), 'close');
    const { url } = await start({ port });
    expect(new URL(url).port).toBe(String(port));
  });

  it('tells why PostgreSQL did not start', async () => {
    await expect(start({ settings: { ...fast, no_such_setting: '1' } })).rejects.toThrow(/no_such_setting/);
    await start();
  });

  it('tells when the server ends unasked, and recovers what was committed', async () => {
    const lines: string[] = [];
    const first = await start();
    const kept = await commit(first.url);
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const second = await start({ onLine: (line) => lines.push(line) });
    expect(await holds(second.url, kept)).toBe(true);
    expect(lines.join('\n')).toMatch(/automatic recovery/);
  });

  it('makes the cluster anew when the first attempt was cut short', async () => {
    dataDir = newDataDir();
    mkdirSync(join(dataDir, 'cluster.new-abc', 'base'), { recursive: true });
    writeFileSync(join(dataDir, 'password'), 'half a pass');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('cluster'))).toEqual(['cluster']);
  });
});

describe('one data directory', () => {
  it('serves one start at a time in a process', async () => {
    await start();
    await expect(start()).rejects.toThrow(`data directory ${dataDir} is in use by process ${process.pid}`);
  });

  it('is refused while another process uses it', async () => {
    const { child, url } = await serveInChild();
    await expect(start()).rejects.toThrow(`data directory ${dataDir} is in use by process ${child.pid}`);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('goes to exactly one of several that start at the same time', async () => {
    dataDir = newDataDir();
    const answers = await Promise.all([startInChild(), startInChild(), startInChild()]);
    expect(answers.filter(({ answer }) => answer.url !== undefined)).toHaveLength(1);
    for (const { answer } of answers)
      if (answer.url === undefined) expect(answer.message).toMatch(/is in use by process/);
  });

  it('is taken over, with its data, from a process that was killed', async () => {
    const { child, url, pid } = await serveInChild();
    const kept = await commit(url);
    await killed(child);
    expect(processMark(pid)).toBeDefined();
    const successor = await start();
    expect(processMark(pid)).toBeUndefined();
    expect(await holds(successor.url, kept)).toBe(true);
  });

  it('can be used after both the process and its server were killed', async () => {
    const { child, url, pid } = await serveInChild();
    const kept = await commit(url);
    process.kill(child.pid!, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await killed(child);
    const successor = await start();
    expect(await holds(successor.url, kept)).toBe(true);
  });

  it('can be used when an uninvolved process has come by the killed server’s id', async () => {
    await (await start()).stop();
    const cluster = clusterIn(dataDir);
    const bystander = spawn('sleep', ['60'], { ...accountOf(cluster) });
    children.push(bystander);
    writeFileSync(join(dataDir, 'postgres.pid'), `${bystander.pid} another-start`);
    writeFileSync(join(cluster, 'postmaster.pid'), `${bystander.pid}\n${cluster}\n`);
    await start();
    expect(running(bystander)).toBe(true);
  });
});

describe('a server and the process that started it', () => {
  it('end together when the process exits without a word', async () => {
    const { child, pid } = await serveInChild();
    const exit = once(child, 'exit');
    child.send('exit');
    await exit;
    await expect.poll(() => processMark(pid)).toBeUndefined();
  });

  it('do not share the terminal’s Ctrl-C', async () => {
    const { child, url } = await serveInChild();
    const interrupted = once(child, 'message');
    process.kill(-child.pid!, 'SIGINT');
    expect(await interrupted).toEqual(['interrupted', undefined]);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
