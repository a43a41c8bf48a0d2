import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../acceptance/client.js';
import { accepted } from '../acceptance/trial.js';
import { type Child, runToEnd, startChild } from '../child.js';

const LOG = '/studies/SINET/log';
const administrator = { email: 'admin@daybook.invalid', password: 'tall green mountains 9' };
const inspector = { email: 'inspector@daybook.invalid', password: 'deep blue rivers 12' };

const directory = await mkdtemp(join(tmpdir(), 'daybook-restore-'));
const [data, backup] = [join(directory, 'data'), join(directory, 'backup')];
const file = (name: string) => join(directory, name);
let running: Child | undefined;
afterAll(async () => {
  await running?.stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(): Promise<Child> {
  running = await startChild('dist/apps/server/src/main.js', {
    PORT: '0',
    DATA_DIR: data,
    DAYBOOK_ADMIN_EMAIL: administrator.email,
    DAYBOOK_ADMIN_PASSWORD: administrator.password,
  });
  return running;
}

async function as(who: typeof administrator, { url }: Child): Promise<ApiClient> {
  const api = `${url}/api/v1`;
  const { accessToken } = await accepted(new ApiClient(api).post('/auth/token', who));
  return new ApiClient(api, accessToken);
}

const openSite = async (child: Child, site: string) =>
  accepted(
    (await as(administrator, child)).post('/studies/SINET/sites', { site, name: 'Centre', country: 'FR' }),
  );

/** Keeps what the server gives of its log, as whoever checks it later would. */
async function keep(child: Child, ...names: ('checkpoint' | 'keys' | 'entries')[]): Promise<void> {
  const client = await as(inspector, child);
  for (const name of names) await writeFile(file(name), (await client.get(`${LOG}/${name}`)).text);
}

const verify = () =>
  runToEnd(
    'dist/apps/cli/src/main.js',
    ['verify', file('entries'), '--checkpoint', file('checkpoint'), '--keys', file('keys')],
    {},
  );

/** With the owners of the files. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);

describe('a backup', () => {
  it('C-20 C-21: restored, is shown to be whole up to the checkpoint that was kept with it, without the server', async () => {
    const first = await start();
    const { id: user } = await accepted(
      (await as(administrator, first)).post('/users', { ...inspector, name: 'Inspector' }),
    );
    await accepted(
      (await as(administrator, first)).post('/studies/SINET/grants', { user, role: 'inspector' }),
    );
    await openSite(first, 'FR01');
    await keep(first, 'checkpoint', 'keys');
    await first.stop();
    copy(data, backup);

    const second = await start();
    await openSite(second, 'FR02');
    await second.stop();

    await rm(data, { recursive: true });
    copy(backup, data);
    const restored = await start();
    await keep(restored, 'entries');
    await restored.stop();
    expect(await verify()).toMatchObject({ code: 0, stdout: 'verified: 2 entries are as signed\n' });
  });

  it('C-21: is found to lack what was signed after it was made', async () => {
    await rm(data, { recursive: true });
    copy(backup, data);
    const later = await start();
    await openSite(later, 'FR03');
    await keep(later, 'checkpoint');
    await later.stop();
    expect(await verify()).toMatchObject({
      code: 1,
      stdout: 'missing-at-end at position 2: The checkpoint has 3 entries, and here are 2.\nNOT verified\n',
    });
  });
});
