import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../acceptance/client.js';
import { accepted } from '../acceptance/trial.js';
import { type Child, runToEnd, startChild } from '../child.js';
import { freshDatabase } from '../database.js';

const SERVER = 'dist/apps/server/src/main.js';
const PASSWORD = 'tall green mountains 9';

const directory = await mkdtemp(join(tmpdir(), 'daybook-start-'));
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a server that cannot start ends with status 1 and says why in one line', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  const key = randomBytes(32).toString('base64');
  async function expectRefusal(environment: Record<string, string>, reason: RegExp): Promise<void> {
    const { code, stdout, stderr } = await runToEnd(SERVER, [], { PORT: '0', ...environment });
    expect(stderr).toMatch(reason);
    expect(stderr.match(/\n/g)).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  }

  it('when its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const environment = { DATABASE_URL: database.url, DAYBOOK_KEY_ENCRYPTION_KEY: key, PORT: String(port) };
    await expectRefusal(environment, new RegExp(`port ${port} .* in use`));
    other.close();
  });

  it('when its address is not one of this machine, and then has made no administrator', async () => {
    const environment = { HOST: '192.0.2.1', DATABASE_URL: database.url, DAYBOOK_KEY_ENCRYPTION_KEY: key };
    await expectRefusal(environment, /cannot listen on 192\.0\.2\.1/);
    const next = await startChild(SERVER, { ...environment, HOST: '127.0.0.1', PORT: '0' });
    expect(await next.stop()).toBe(0);
    expect(next.lines.filter((line) => line.startsWith('Administrator'))).toHaveLength(1);
  });

  it('when the database cannot be reached', async () => {
    for (const url of [
      'postgres://somebody:secret@127.0.0.1:1/none',
      database.url.replace(/\/test_.*/, '/none'),
    ])
      await expectRefusal({ DATABASE_URL: url, DAYBOOK_KEY_ENCRYPTION_KEY: key }, /database/);
    const wrong = new URL(database.url);
    wrong.password = 'not-the-password';
    const environment = { DATABASE_URL: wrong.href, DAYBOOK_KEY_ENCRYPTION_KEY: key };
    const { stderr } = await runToEnd(SERVER, [], { PORT: '0', ...environment });
    expect(stderr).not.toContain('not-the-password');
  });

  it('when the key is missing, or is none', async () => {
    await expectRefusal({ DATABASE_URL: database.url }, /DAYBOOK_KEY_ENCRYPTION_KEY/);
    for (const bad of ['short', randomBytes(31).toString('base64'), randomBytes(33).toString('hex')])
      await expectRefusal(
        { DATABASE_URL: database.url, DAYBOOK_KEY_ENCRYPTION_KEY: bad },
        /DAYBOOK_KEY_ENCRYPTION_KEY/,
      );
  });

  it('when the key is not the one that the database was made with', async () => {
    const environment = (text: string) => ({
      PORT: '0',
      DATABASE_URL: database.url,
      DAYBOOK_KEY_ENCRYPTION_KEY: text,
      DAYBOOK_ADMIN_PASSWORD: PASSWORD,
    });
    const first = await startChild(SERVER, environment(key));
    expect(await first.stop()).toBe(0);
    await expectRefusal(environment(randomBytes(32).toString('base64')), /key/);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_URL', 'localhost:5432/trial'],
  ])('when %s is %s', async (name, value) => {
    await expectRefusal({ [name]: value, DATA_DIR: '/nowhere' }, new RegExp(`^daybook: ${name} is `));
  });

  it('when its directory cannot be one', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expectRefusal({ DATA_DIR: file }, /embedded PostgreSQL/);
    await expectRefusal({ DATA_DIR: join(file, 'data') }, /embedded PostgreSQL/);
  });
});

describe('a server with its own database', () => {
  const dataDir = join(directory, 'data');
  const started: Child[] = [];
  async function start(): Promise<Child> {
    const child = await startChild(SERVER, { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' });
    started.push(child);
    return child;
  }
  afterAll(() => Promise.all(started.map((child) => child.stop())));
  const postgresPid = () => Number(readFileSync(join(dataDir, 'pg/postgres.pid'), 'utf8').split(' ')[0]);

  let password: string;
  async function administrator({ url }: Child): Promise<ApiClient> {
    const body = { email: 'admin@daybook.invalid', password };
    const { accessToken } = await accepted(new ApiClient(`${url}/api/v1`).post('/auth/token', body));
    return new ApiClient(`${url}/api/v1`, accessToken);
  }
  async function sitesOf(child: Child): Promise<string[]> {
    const { items } = await accepted((await administrator(child)).get('/studies/SINET/sites'));
    return items.map(({ site }: { site: string }) => site);
  }
  const openSite = async (child: Child, site: string) =>
    accepted(
      (await administrator(child)).post('/studies/SINET/sites', { site, name: 'Centre', country: 'FR' }),
    );

  it('tells the first administrator’s password once, and is ready', async () => {
    const child = await start();
    const line = child.lines.find((one) => one.startsWith('Administrator'))!;
    password = line.trim().split(/\s+/).at(-1)!;
    expect(child.lines.at(-1)).toBe(`ready ${child.url}`);
    expect((await fetch(`${child.url}/health/ready`)).status).toBe(200);
    await openSite(child, 'FR01');
    const pid = postgresPid();
    expect(process.kill(pid, 0)).toBe(true);

    expect(await child.stop()).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    await expect(fetch(`${child.url}/health/live`)).rejects.toThrow();
  });

  it('finds its data when it is started again, and tells no password', async () => {
    const child = await start();
    expect(child.lines.some((one) => one.startsWith('Administrator'))).toBe(false);
    expect(await sitesOf(child)).toEqual(['FR01']);
    await openSite(child, 'FR02');

    const pid = postgresPid();
    child.process.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await once(child.process, 'exit');
  });

  it('finds its data after it and its database were killed', async () => {
    const child = await start();
    expect(await sitesOf(child)).toEqual(['FR01', 'FR02']);
    await openSite(child, 'FR03');
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
  });

  it('finds its data after it alone was killed, and its database left behind', async () => {
    const orphan = postgresPid();
    expect(process.kill(orphan, 0)).toBe(true);
    const child = await start();
    expect(postgresPid()).not.toBe(orphan);
    expect(await sitesOf(child)).toEqual(['FR01', 'FR02', 'FR03']);
    expect(await child.stop()).toBe(0);
  });

  it('ends with an error when its database ends by itself', async () => {
    const child = await start();
    process.kill(postgresPid(), 'SIGKILL');
    const [code] = await once(child.process, 'exit');
    expect(code).toBe(1);
  });
});
