import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { processMark } from './process-mark.js';

const PATIENCE_MS = 1000;
const PAUSE_MS = 20;

/**
 * Claims the directory for this process until the returned function is called or the process ends, however it ends.
 * Throws if another live process holds it.
 *
 * Each claimant announces itself in a file of its own and only then looks for others, so that no file of a live
 * process is ever removed and of two who meet at least one sees the other. Of two who see each other the higher
 * process id gives way; the lower waits for that, and gives up only if the other stays, for then it holds the claim.
 */
export async function claim(directory: string): Promise<() => void> {
  const mine = `owner.${process.pid}.${processMark(process.pid)}`;
  announce(directory, mine);
  const release = () => rmSync(join(directory, mine), { force: true });
  try {
    for (let waited = 0; ; waited += PAUSE_MS) {
      const rival = rivalOf(directory, mine);
      if (rival === undefined) return release;
      if (rival < process.pid || waited >= PATIENCE_MS) throw inUse(directory, rival);
      await setTimeout(PAUSE_MS);
    }
  } catch (error) {
    release();
    throw error;
  }
}

function announce(directory: string, mine: string): void {
  try {
    writeFileSync(join(directory, mine), '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw inUse(directory, process.pid);
    throw error;
  }
}

/** The lowest id of another live claimant. Announcements of processes that have ended are cleared away. */
function rivalOf(directory: string, mine: string): number | undefined {
  const rivals: number[] = [];
  for (const name of readdirSync(directory)) {
    const [, pid, mark] = /^owner\.(\d+)\.(.+)$/.exec(name) ?? [];
    if (pid === undefined || name === mine) continue;
    if (processMark(Number(pid)) === mark) rivals.push(Number(pid));
    else rmSync(join(directory, name), { force: true });
  }
  return rivals.sort((a, b) => a - b)[0];
}

const inUse = (directory: string, pid: number) =>
  new Error(`data directory ${directory} is in use by process ${pid}`);
