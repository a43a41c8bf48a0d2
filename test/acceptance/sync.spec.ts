import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../apps/cli/src/sync-api.js';
import type { SyncProgress } from '../../apps/cli/src/sync-progress.js';
import { type SyncRequest, syncStudy } from '../../apps/cli/src/sync-run.js';
import { runToEnd } from '../child.js';
import { enrol, formPath, ifMatch, positionOf, reason, STUDY } from './casebook.js';
import { accepted, emailOf, PASSWORD, startTrial, type Trial } from './trial.js';

const CLI = 'dist/apps/cli/src/main.js';
const quiet: SyncProgress = { dataset: () => {}, note: () => {}, end: () => {} };
const made: string[] = [];
let trial: Trial;
let credentials: Credentials;
let subject: string;
let directory: string;

beforeAll(async () => {
  trial = await startTrial();
  const administrator = trial.as('administrator');
  const { clientId, clientSecret } = await accepted(
    administrator.post('/service-accounts', { name: 'Sync' }),
  );
  await accepted(administrator.post('/studies/SINET/grants', { user: clientId, role: 'statistician' }));
  credentials = { clientId, clientSecret };
  subject = await enrol(trial.as('coordinator'));
  for (let i = 0; i < 3; i++) await laboratory(await enrol(trial.as('coordinator')), 40 + i);
  await laboratory(subject, 50);
});
afterAll(async () => {
  await trial?.close();
  await Promise.all(made.map((path) => rm(path, { recursive: true })));
});
beforeEach(async () => {
  directory = await fresh();
});

async function fresh(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'daybook-sync-'));
  made.push(path);
  return path;
}

async function laboratory(of: string, value: number) {
  const items = { 'I.LB.LBDAT': '2024-02-05', 'I.LB.LBLAB': 'Central', 'I.LB.CGA': value, 'I.LB.HB': 13.5 };
  return accepted(trial.as('coordinator').put(formPath(of, 'V_SCR', 'LB'), { items }));
}

async function correct(of: string, value: number): Promise<number> {
  const path = formPath(of, 'V_SCR', 'LB');
  const seen = await trial.as('coordinator').get(path);
  const body = { items: { 'I.LB.CGA': value }, reason };
  const answer = await trial.as('coordinator').patch(path, body, ifMatch(seen));
  expect(answer.status, answer.text).toBe(200);
  return positionOf(answer);
}

const sync = (more: Partial<SyncRequest> = {}) =>
  syncStudy({
    directory,
    url: trial.started.server.url,
    credentials,
    format: 'csv',
    wait: () => Promise.resolve(),
    progress: quiet,
    ...more,
  });

/** Every file of the copy, with what it should be: the server's answer at the copy's position. */
async function expectGenuine(position: number, datasets?: readonly string[]): Promise<void> {
  const statistician = trial.as('statistician');
  const { items } = await accepted(statistician.get(`${STUDY}/datasets?asOf=${position}`));
  const names: string[] = datasets ?? items.map(({ name }: { name: string }) => name);
  const files = (await readdir(directory)).filter((file) => !file.startsWith('.'));
  expect(files.sort()).toEqual(names.map((name) => `${name}.csv`).sort());
  for (const name of names) {
    const { text } = await statistician.get(`${STUDY}/datasets/${name}?asOf=${position}`, {
      Accept: 'text/csv',
    });
    expect(await readFile(join(directory, `${name}.csv`), 'utf8'), name).toBe(text);
  }
}

const read = (file: string) => readFile(join(directory, file), 'utf8');

describe('a copy', () => {
  it('has everything at first, later what changed, and is the server’s to the byte', async () => {
    const first = await sync();
    expect(first.study).toBe('SINET');
    expect(first.upserts).toBeGreaterThan(20);
    await expectGenuine(first.position);

    const nothing = await sync();
    expect(nothing).toMatchObject({ upserts: 0, deletes: 0, files: [] });

    const position = await correct(subject, 60);
    const second = await sync();
    expect(second.upserts).toBeLessThan(first.upserts / 4);
    expect(second.files).toEqual(expect.arrayContaining(['ITEMS.csv', 'LB.csv']));
    expect(second.files).not.toContain('SUBJECTS.csv');
    await expectGenuine(position);
    expect((await readdir(join(directory, '.daybook'))).filter((file) => file.endsWith('.part'))).toEqual([]);
  });

  it('takes out rows that are gone, in the midst of others', async () => {
    const path = formPath(subject, 'V_SCR', 'IM');
    const body = (...keys: string[]) => ({
      rows: {
        'IG.IM.TL': keys.map((rowKey) => ({
          rowKey,
          items: { 'I.IM.TLID': `T${rowKey}` },
        })),
      },
    });
    const first = await trial.as('coordinator').put(path, body('1', '2', '3'));
    expect(first.status, first.text).toBe(201);
    await sync();
    const seen = await trial.as('coordinator').get(path);
    await accepted(trial.as('coordinator').put(path, { ...body('1', '3'), reason }, ifMatch(seen)));
    const { position, deletes } = await sync();
    expect(deletes).toBe(1);
    await expectGenuine(position);
  });

  it('is rebuilt as of a position or an instant, and goes on from there', async () => {
    const before = await correct(subject, 61);
    const at = new Date().toISOString();
    const after = await correct(subject, 62);
    expect((await sync({ asOf: String(before) })).position).toBe(before);
    await expectGenuine(before);
    expect((await sync({ asOf: at })).position).toBe(before);
    expect((await sync()).position).toBe(after);
    await expectGenuine(after);
    await expect(sync({ asOf: String(before) })).rejects.toMatchObject({ code: 2 });
  });

  it('can be of some datasets, of which no row comes twice', async () => {
    await sync({ datasets: ['LB', 'ITEMS', 'SUBJECTS'] });
    await correct(subject, 63);
    const one = { upserts: 2, deletes: 0, files: ['ITEMS.csv', 'LB.csv'] };
    const changed = await sync({ datasets: ['LB', 'ITEMS', 'SUBJECTS'] });
    expect({ ...changed, files: [...changed.files].sort() }).toMatchObject(one);
    const { position } = await sync({ datasets: ['LB', 'SUBJECTS'] });
    await expectGenuine(position, ['LB', 'SUBJECTS']);
    await sync({ datasets: ['LB'] });
    await expectGenuine(position, ['LB']);
    await expect(sync({ datasets: ['NOPE'] })).rejects.toThrow(/no dataset NOPE/);
  });

  it('follows what the account may see', async () => {
    const person = (name: 'statistician' | 'unblindedStatistician') => ({
      email: emailOf(name),
      password: PASSWORD,
    });
    const arm = { arm: 'A', date: '2024-02-20' };
    await accepted(trial.as('coordinator').post(`${STUDY}/subjects/${subject}/allocation`, arm));
    await sync({ credentials: person('unblindedStatistician') });
    expect(await read('SUBJECTS.csv')).toContain(',A,2024-02-20');
    const notes: string[] = [];
    const progress = { ...quiet, note: (line: string) => notes.push(line) };
    const { position } = await sync({ credentials: person('statistician'), progress });
    await expectGenuine(position);
    expect(await read('SUBJECTS.csv')).not.toContain('2024-02-20');
    expect(notes).toContainEqual(expect.stringMatching(/^SU is there no more/));
  });

  it('gets the columns of a definition that was published since', async () => {
    await sync();
    const definition = await accepted(trial.as('dataManager').get(`${STUDY}/definitions/1`));
    const form = definition.forms.find(({ oid }: { oid: string }) => oid === 'LB');
    form.groups[0].items.push({ oid: 'I.LB.NEWONE', label: 'New', type: 'text', presence: 'optional' });
    await accepted(trial.as('dataManager').post(`${STUDY}/definitions`, definition));
    const { position } = await sync();
    await expectGenuine(position);
    expect((await read('LB.csv')).split('\r\n')[0]).toContain(',NEWONE');
  });

  it('can be queried with DuckDB', async () => {
    await sync({ format: 'duckdb', datasets: ['LB', 'SUBJECTS'] });
    const views = (await read('trial.sql')).replaceAll("read_parquet('", `read_parquet('${directory}/`);
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(views);
    const { value } = (
      await connection.runAndReadAll('SELECT count(*)::int AS value FROM "SUBJECTS"')
    ).getRowObjects()[0] as { value: number };
    expect(value).toBe((await accepted(trial.as('statistician').get(`${STUDY}/subjects`))).items.length);
    connection.closeSync();
  });
});

describe('a sync that is cut off', () => {
  class Killed extends Error {}
  const killedAt = (n: number): SyncProgress => ({
    ...quiet,
    dataset: (_, done) => {
      if (done === n) throw new Killed();
    },
  });

  it('leaves the earlier copy, and the next one finishes it before it looks for more', async () => {
    const first = await sync();
    const earlier = await read('.daybook/state.json');
    const position = await correct(subject, 70);
    await expect(sync({ progress: killedAt(4) })).rejects.toThrow(Killed);
    expect(await read('.daybook/state.json')).toBe(earlier);
    await expectGenuine(first.position);
    const later = await correct(subject, 71);
    const notes: string[] = [];
    const progress = { ...quiet, note: (line: string) => notes.push(line) };
    expect((await sync({ progress })).position).toBe(later);
    expect(notes.join('\n')).toContain(`finishing the sync to position ${position}`);
    await expectGenuine(later);
  });

  it('as the first of all leaves datasets that are not fetched again', async () => {
    const whole = await sync();
    directory = await fresh();
    await expect(sync({ progress: killedAt(6) })).rejects.toThrow(Killed);
    const rest = await sync();
    expect(rest.upserts).toBeLessThan(whole.upserts);
    await expectGenuine(rest.position);
  });

  it('by SIGKILL, at any dataset, is none the worse for the copy', async () => {
    await sync({ format: 'parquet' });
    for (const datasets of [1, 9]) {
      const position = await correct(subject, 80 + datasets);
      await killedChild(datasets);
      const { code, stderr, stdout } = await runToEnd(CLI, parameters(), environment());
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toContain(`SINET at position ${position}`);
      directory = await fresh();
    }
  });

  const parameters = () => ['sync', directory, '--url', trial.started.server.url, '--format', 'csv'];
  const environment = () => {
    const { clientId, clientSecret } = credentials as { clientId: string; clientSecret: string };
    return { DAYBOOK_CLIENT_ID: clientId, DAYBOOK_CLIENT_SECRET: clientSecret };
  };

  /** Kills the command as soon as it has begun with so many datasets. */
  async function killedChild(datasets: number): Promise<void> {
    const env = { ...process.env, ...environment() };
    const child = spawn(process.execPath, [CLI, ...parameters()], { env });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      if (said.split('\n').length > datasets) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
  }

  it('by a server that goes away, waits and does the dataset again', async () => {
    let broken = 0;
    // Stands before the server, and breaks off every other answer in its middle.
    const proxy = createServer(async (request, response) => {
      const chunks = await request.toArray();
      const answer = await fetch(trial.started.server.url + request.url, {
        method: request.method!,
        headers: request.headers as Record<string, string>,
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, {
        'Content-Type': answer.headers.get('content-type') ?? 'text/plain',
      });
      if (request.url!.includes('/changes?') && broken++ % 2 === 0) {
        response.write(body.subarray(0, body.length / 2), () => response.destroy());
      } else response.end(body);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const waited: number[] = [];
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const wait = async (seconds: number) => waited.push(seconds);
    const { position, datasets } = await sync({ url, wait });
    await expectGenuine(position);
    expect(waited).toEqual(Array(datasets).fill(1));
    proxy.close();
    proxy.closeAllConnections();
    await expect(sync({ url, wait })).rejects.toThrow(/no answer/);
    expect(waited.slice(datasets)).toEqual([1, 2, 4, 8, 16, 30]);
  });
});

describe('what is verified', () => {
  it('is that the log is signed by the pinned key', async () => {
    await sync({ datasets: ['LB'] });
    const pinned = await read('.daybook/keys');
    expect(pinned.trim()).toBe((await trial.as('statistician').get(`${STUDY}/log/keys`)).text.trim());
    const other = pinned.replace(/^(.*)\+[0-9a-f]{8}\+.*$/m, (_, name) => foreignKey(name));
    await writeFile(join(directory, '.daybook/keys'), other);
    await expect(sync()).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(/not signed by a key trusted/),
    });
  });

  it('is that the log goes on from where the copy was checked', async () => {
    await sync({ datasets: ['LB'] });
    const state = JSON.parse(await read('.daybook/state.json'));
    await correct(subject, 90);
    // What a server that tells two stories has signed: another root, or a log that was longer.
    for (const [size, said] of [
      [state.position + 1, /it was rewritten/],
      [state.position + 100, /it was cut short/],
    ] as const) {
      const checkpoint = await trial.started.installation.signingKeys.sign(
        'SINET',
        size,
        Buffer.alloc(32, 1),
      );
      await writeFile(join(directory, '.daybook/state.json'), JSON.stringify({ ...state, checkpoint }));
      await expect(sync()).rejects.toMatchObject({ code: 3, message: expect.stringMatching(said) });
    }
    await writeFile(join(directory, '.daybook/state.json'), JSON.stringify(state));
    await sync();
  });

  it('is what did not change, too: rows and files that were altered are put right', async () => {
    const { position } = await sync();
    const { datasets } = JSON.parse(await read('.daybook/state.json'));
    const rows = `.daybook/${datasets.LB.file}`;
    await writeFile(join(directory, rows), (await read(rows)).replace('Central', 'Forged'));
    await rm(join(directory, '.daybook', datasets.DM.file));
    await writeFile(join(directory, 'SUBJECTS.csv'), 'garbage');
    const { upserts, files } = await sync();
    expect(upserts).toBe(datasets.LB.rows + datasets.DM.rows);
    expect(files).toEqual(['SUBJECTS.csv']);
    expect(await read(rows)).not.toContain('Forged');
    await expectGenuine(position);
  });

  it('is every dataset that changed: one that was altered in the copy is fetched anew', async () => {
    await sync();
    const state = JSON.parse(await read('.daybook/state.json'));
    const file = `.daybook/${state.datasets.LB.file}`;
    await writeFile(join(directory, file), (await read(file)).replace('"Central"', '"Elsewhere"'));
    // Of another subject than the row that was altered.
    const position = await correct('FR01-0003', 95);
    await sync();
    await expectGenuine(position);
  });
});

describe('who may sync', () => {
  it('gives the account in the environment, or is told so', async () => {
    const none = { DAYBOOK_CLIENT_ID: '', DAYBOOK_EMAIL: '' };
    const parameters = ['sync', directory, '--url', trial.started.server.url];
    const { code, stderr } = await runToEnd(CLI, parameters, none);
    expect(code).toBe(2);
    expect(stderr).toContain('set DAYBOOK_CLIENT_ID');
    const wrong = { DAYBOOK_EMAIL: emailOf('statistician'), DAYBOOK_PASSWORD: 'wrong password 1' };
    expect(await runToEnd(CLI, parameters, wrong)).toMatchObject({ code: 1 });
  });

  it('is told by the exit code that the command was wrongly given', async () => {
    const format = ['sync', directory, '--url', trial.started.server.url, '--format', 'xls'];
    expect(await runToEnd(CLI, format, {})).toMatchObject({ code: 2 });
    expect(await runToEnd(CLI, ['sync', directory], {})).toMatchObject({ code: 2 });
    expect(await runToEnd(CLI, ['sync', '--help'], {})).toMatchObject({ code: 0 });
  });

  it('may read the datasets of the whole study', async () => {
    const monitor = { email: emailOf('monitor'), password: PASSWORD };
    await expect(sync({ credentials: monitor })).rejects.toThrow(/403/);
  });
});

function foreignKey(name: string): string {
  const key = Buffer.concat([Buffer.from([1]), Buffer.alloc(32, 7)]);
  const id = createHash('sha256').update(`${name}\n`).update(key).digest('hex').slice(0, 8);
  return `${name}+${id}+${key.toString('base64')}`;
}
