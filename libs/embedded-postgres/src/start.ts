import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { claim } from './claim.js';
import { clusterIn, ensureCluster, OWNER, passwordIn } from './cluster.js';
import { forgetPostgres, recordPostgres, stopOrphan } from './orphan.js';
import { freePort, HOST } from './port.js';
import { launch } from './postmaster.js';
import { installPrograms } from './programs.js';

export interface EmbeddedPostgresOptions {
  /** Made if missing. Holds the cluster, the owner's password and the programs; nothing else should be in it. */
  dataDir: string;
  /** Called when the cluster is made, for a password that cannot be guessed. */
  newPassword: () => string;
  /** Port on 127.0.0.1; 0 or none: any free one. */
  port?: number;
  /** Server settings that differ from PostgreSQL's defaults, such as `max_connections`. */
  settings?: Record<string, string>;
  /** Receives each line of the server's log. */
  onLine?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Connects the owner, a superuser, to the database `postgres`. Carries the password: not for logs. */
  url: string;
  pid: number;
  /** Resolves when the server has ended, whether it was stopped or failed. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends all sessions, writes everything to disk and waits until the server has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own on a data directory, which it makes at first. A server left behind by a process that
 * was killed is stopped first. Ends with this process, unless that is killed.
 * @throws Error if a live process uses the directory, the port is in use, or PostgreSQL does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const release = await claim(dataDir);
  try {
    const { child, url } = await prepareAndLaunch(dataDir, options);
    const exited = endOf(child).finally(release);
    const stop = async () => {
      child.kill('SIGINT');
      await exited;
    };
    return { url, pid: child.pid!, exited, stop };
  } catch (error) {
    release();
    throw error;
  }
}

async function prepareAndLaunch(
  dataDir: string,
  { newPassword, port: wanted, settings = {}, onLine = () => {} }: EmbeddedPostgresOptions,
): Promise<{ child: ChildProcess; url: string }> {
  await stopOrphan(dataDir);
  const programs = installPrograms(dataDir);
  await ensureCluster(programs, dataDir, { newPassword, sync: settings.fsync !== 'off' });
  const port = await freePort(wanted);
  const url = `postgres://${OWNER}:${encodeURIComponent(passwordIn(dataDir))}@${HOST}:${port}/postgres`;
  const onSpawn = (child: ChildProcess) => accompany(child, dataDir);
  const child = await launch({ programs, cluster: clusterIn(dataDir), port, settings, onLine, onSpawn });
  return { child, url };
}

/** Ties the server to this process: stopped when it exits, on record should it be killed. */
function accompany(child: ChildProcess, dataDir: string): void {
  const stop = () => child.kill('SIGINT');
  recordPostgres(dataDir, child.pid!);
  process.once('exit', stop);
  child.once('exit', () => {
    process.off('exit', stop);
    forgetPostgres(dataDir);
  });
}

function endOf(child: ChildProcess): EmbeddedPostgres['exited'] {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
