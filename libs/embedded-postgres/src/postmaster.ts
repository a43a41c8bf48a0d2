import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { accountOf, nameFromInside } from './account.js';
import { HOST } from './port.js';
import { spawnProgram } from './programs.js';

const READY = /database system is ready to accept (read-only )?connections/;
const STILL_ENDING = /pre-existing shared memory block .* is still in use/;
const PAUSE_MS = 100;
const ATTEMPTS = 100;

export interface Launch {
  programs: string;
  cluster: string;
  port: number;
  settings: Record<string, string>;
  onLine: (line: string) => void;
  /** Called at once with each process started. */
  onSpawn: (child: ChildProcess) => void;
}

/**
 * Starts PostgreSQL and resolves once it accepts connections. The backends of one that was killed take a moment to
 * notice and end; PostgreSQL refuses to start beside them, so they are waited for.
 */
export async function launch(how: Launch): Promise<ChildProcess> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(how);
    } catch (error) {
      if (attempt === ATTEMPTS || !STILL_ENDING.test(String(error))) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

function launchOnce({ programs, cluster, port, settings, onLine, onSpawn }: Launch): Promise<ChildProcess> {
  const fixed = { port: String(port), listen_addresses: HOST, unix_socket_directories: '' };
  const child = spawnProgram(
    programs,
    'postgres',
    [
      '-D',
      nameFromInside(cluster),
      ...Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    // A session of its own, so that the terminal's Ctrl-C reaches us alone and we decide when it stops.
    {
      cwd: cluster,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...accountOf(cluster),
    },
  );
  if (child.pid !== undefined) onSpawn(child);
  return new Promise((resolve, reject) => {
    let output: string[] | undefined = [];
    createInterface({ input: child.stderr! }).on('line', (line) => {
      onLine(line);
      output?.push(line);
      if (!READY.test(line)) return;
      output = undefined;
      resolve(child);
    });
    child.on('error', reject);
    child.once('close', () => reject(new Error(`PostgreSQL did not start:\n${output?.join('\n')}`)));
  });
}
