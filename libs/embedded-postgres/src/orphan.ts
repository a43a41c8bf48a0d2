import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { clusterIn } from './cluster.js';
import { processMark } from './process-mark.js';

const PAUSE_MS = 20;

const recordIn = (dataDir: string) => join(dataDir, 'postgres.pid');

/** Remembers which process serves the cluster, for whoever starts after us should we be killed. */
export function recordPostgres(dataDir: string, pid: number): void {
  writeFileSync(recordIn(dataDir), `${pid} ${processMark(pid)}`, { mode: 0o600 });
}

export function forgetPostgres(dataDir: string): void {
  rmSync(recordIn(dataDir), { force: true });
}

/** Stops a PostgreSQL that outlived the process that started it. The caller holds the claim on the directory. */
export async function stopOrphan(dataDir: string): Promise<void> {
  const record = read(recordIn(dataDir));
  if (record === undefined) return;
  const [id, mark] = record.split(' ');
  const pid = Number(id);
  const alive = () => processMark(pid) === mark;
  try {
    if (alive()) process.kill(pid, 'SIGINT');
  } catch (error) {
    if (alive()) throw error;
  }
  while (alive()) await setTimeout(PAUSE_MS);
  dropMisleadingLock(clusterIn(dataDir), pid);
  forgetPostgres(dataDir);
}

/**
 * PostgreSQL gives way to a lock file whose process id exists. When the PostgreSQL that wrote it has ended but the id
 * is still or again in use, by its uncollected remains or by another process, the file would stop it for ever. Any
 * other lock file is left for it to judge; it also looks for shared memory in use, so the file is not its only guard.
 */
function dropMisleadingLock(cluster: string, endedPid: number): void {
  const lock = join(cluster, 'postmaster.pid');
  const [holder] = read(lock)?.split('\n') ?? [];
  if (Number(holder) === endedPid && idExists(endedPid)) rmSync(lock);
}

function idExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
