import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#embedded-postgres';
import { migrate } from '#event-store';
import { migrations } from '../../migrations/index.js';
import { benchAppend } from './append.bench.js';
import { benchChecks } from './checks.bench.js';
import { benchCorrection } from './correction.bench.js';
import { benchDatasets } from './datasets.bench.js';
import type { Finding } from './finding.js';
import { benchLists } from './lists.bench.js';
import { benchRebuild } from './rebuild.bench.js';
import { benchStart } from './start.bench.js';

/** Each bench beside its reference in one run, on a durable PostgreSQL of the run's own. */
const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
const benches: Record<string, () => Promise<Finding[]>> = {
  append: () => onOwnDatabase(benchAppend),
  checks: () => onOwnDatabase(benchChecks),
  correction: () => onOwnDatabase(benchCorrection),
  datasets: () => onOwnDatabase(benchDatasets),
  lists: () => onOwnDatabase(benchLists),
  rebuild: () => onOwnDatabase(benchRebuild),
  start: benchStart,
};

const dataDir = await mkdtemp(join(tmpdir(), 'daybook-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir, newPassword: () => randomBytes(16).toString('hex') });
const findings: Finding[] = [];
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (values.only !== undefined && values.only !== name) continue;
    for (const finding of await bench()) {
      findings.push(finding);
      process.stdout.write(`${line(finding)}\n`);
    }
  }
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
if (values.json) await writeFile(values.json, `${JSON.stringify(findings, null, 2)}\n`);

async function onOwnDatabase(bench: (url: string) => Promise<Finding[]>): Promise<Finding[]> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const owner = new Client({ connectionString: postgres.url });
  await owner.connect();
  await owner.query(`CREATE DATABASE ${name}`);
  await owner.end();
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  await migrate(url.href, migrations);
  return bench(url.href);
}

function line({ name, goal, ratio, met, ours, reference }: Finding): string {
  const show = ({ rate, p50, p99 }: Finding['ours']) =>
    `${rate.toFixed(1)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  return `${met ? 'met   ' : 'MISSED'}  ${name}: ${ratio.toFixed(2)} × (goal ${goal})\n        ours ${show(ours)}\n        reference ${show(reference)}`;
}
