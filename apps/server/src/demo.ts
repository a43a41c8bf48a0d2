import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterTrial } from '#simulation';
import { hire } from './demo-staff.js';
import { run } from './run.js';

const SEED = 2026;

/** `npm run demo`: the server on a data directory of its own, with a simulated trial in it. */
const environment = { ...process.env, DATA_DIR: process.env.DATA_DIR || './demo-data' };
const subjects = Number(process.env.DEMO_SUBJECTS || 300);
if (!Number.isInteger(subjects) || subjects < 1 || subjects > 100_000) {
  process.stderr.write('daybook: DEMO_SUBJECTS is not a whole number from 1 to 100000\n');
  process.exit(1);
}

await run(environment, ({ dataDir }) => async (installation) => {
  const file = join(dataDir, 'demo-accounts.json');
  // The file is written last: where it is, the trial is complete.
  if (!existsSync(file)) {
    const { staff, accounts } = await hire(installation, randomBytes(12).toString('base64url'));
    await enterTrial(installation, staff, { seed: SEED, subjects, onProgress });
    writeFileSync(file, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
    for (const { role, email, password, unblinded } of onePerRole(accounts)) {
      process.stdout.write(
        `${`${role}${unblinded ? ', unblinded' : ''}`.padEnd(25)} ${email}  ${password}\n`,
      );
    }
  }
  process.stdout.write(`All log-ins are in ${file}\n`);
});

/** A bar where somebody watches, a line every tenth where nobody does. */
function onProgress(done: number, total: number): void {
  const width = 40;
  const filled = Math.round((width * done) / total);
  if (process.stderr.isTTY) {
    const bar = '█'.repeat(filled) + '░'.repeat(width - filled);
    process.stderr.write(`\r${bar} ${done} of ${total} subjects${done === total ? '\n' : ''}`);
  } else if (Math.floor((10 * done) / total) > Math.floor((10 * (done - 1)) / total)) {
    process.stderr.write(`${done} of ${total} subjects entered\n`);
  }
}

function onePerRole<T extends { role: string; unblinded: boolean }>(accounts: readonly T[]): T[] {
  return accounts.filter(
    (one, i) =>
      accounts.findIndex(({ role, unblinded }) => role === one.role && unblinded === one.unblinded) === i,
  );
}
