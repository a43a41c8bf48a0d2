import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#embedded-postgres';
import { startChild } from '../child.js';
import type { Finding } from './finding.js';
import { type Measure, median } from './measure.js';

const ROUNDS = 5;
const GOAL = 3;

/** From nothing running to ready on an existing data directory, against the start of its PostgreSQL alone. */
export async function benchStart(): Promise<Finding[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'daybook-bench-start-'));
  const environment = { DATA_DIR: dataDir, PORT: '0' };
  try {
    await (await startChild('dist/apps/server/src/main.js', environment)).stop();
    const ours: number[] = [];
    const reference: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      reference.push(
        await timed(async () => {
          const server = await startEmbeddedPostgres({
            dataDir: join(dataDir, 'pg'),
            newPassword: () => randomBytes(8).toString('hex'),
          });
          return () => server.stop();
        }),
      );
      ours.push(
        await timed(async () => {
          const child = await startChild('dist/apps/server/src/main.js', environment);
          return () => child.stop();
        }),
      );
    }
    const ratio = median(ours) / median(reference);
    const measure = (times: number[]): Measure => ({
      rate: 1000 / median(times),
      p50: median(times),
      p99: Math.max(...times),
    });
    return [
      {
        name: 'cold start to ready',
        goal: `≤ ${GOAL} × the start of its PostgreSQL alone`,
        ratio,
        met: ratio <= GOAL,
        ours: measure(ours),
        reference: measure(reference),
      },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Milliseconds to start; what was started is stopped again. */
async function timed(start: () => Promise<() => Promise<unknown>>): Promise<number> {
  const before = performance.now();
  const stop = await start();
  const after = performance.now();
  await stop();
  return after - before;
}
