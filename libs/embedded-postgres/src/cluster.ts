import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Account, accountForNew, nameFromInside } from './account.js';
import { spawnProgram } from './programs.js';

/** The superuser that owns the cluster and the databases in it. */
export const OWNER = 'daybook_owner';

const DRAFT = 'cluster.new-';

export const clusterIn = (dataDir: string) => join(dataDir, 'cluster');
const passwordFileIn = (dataDir: string) => join(dataDir, 'password');

/** The owner's password, as set when the cluster was made. */
export const passwordIn = (dataDir: string) => readFileSync(passwordFileIn(dataDir), 'utf8');

/**
 * Makes the cluster if there is none yet. It takes its name only when complete and on disk, so a cluster by that name
 * is whole whenever the process was killed. With `sync` false nothing is forced to disk.
 */
export async function ensureCluster(
  programs: string,
  dataDir: string,
  { newPassword, sync }: { newPassword: () => string; sync: boolean },
): Promise<void> {
  if (existsSync(clusterIn(dataDir))) return;
  for (const name of readdirSync(dataDir).filter((name) => name.startsWith(DRAFT)))
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: 5 });
  const account = accountForNew();
  writePassword(dataDir, newPassword(), account);
  const draft = mkdtempSync(join(dataDir, DRAFT));
  if (account) chownSync(draft, account.uid, account.gid);
  await initdb(programs, draft, { passwordFile: passwordFileIn(dataDir), account, sync });
  renameSync(draft, clusterIn(dataDir));
  if (sync) syncDirectory(dataDir);
}

function writePassword(dataDir: string, password: string, account: Account): void {
  const file = passwordFileIn(dataDir);
  rmSync(file, { force: true });
  writeFileSync(file, password, { flag: 'wx', mode: 0o600, flush: true });
  if (account) chownSync(file, account.uid, account.gid);
}

async function initdb(
  programs: string,
  directory: string,
  { passwordFile, account, sync }: { passwordFile: string; account: Account; sync: boolean },
): Promise<void> {
  const password = openSync(passwordFile, 'r');
  const args = [
    `--pgdata=${nameFromInside(directory)}`,
    `--username=${OWNER}`,
    `--pwfile=${account ? '/dev/stdin' : passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
    ...(sync ? [] : ['--no-sync']),
  ];
  try {
    const child = spawnProgram(programs, 'initdb', args, {
      cwd: directory,
      stdio: [password, 'pipe', 'pipe'],
      ...account,
    });
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output += chunk));
    const [code, signal] = await once(child, 'close');
    if (code !== 0) throw new Error(`initdb ended with ${signal ?? code}:\n${output.trim()}`);
  } finally {
    closeSync(password);
  }
}

/** A rename lasts once the directory it happened in is on disk; Windows has no such call and needs none. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
