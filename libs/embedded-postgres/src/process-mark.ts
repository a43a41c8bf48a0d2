import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a process from every other that has had, or will have, its id: when it started. Undefined once the
 * process has ended, also if nobody has collected its exit status yet. Safe to use in a file name.
 */
export function processMark(pid: number): string | undefined {
  return process.platform === 'linux' ? markFromProc(pid) : markFromTools(pid);
}

/** The boot and the clock tick since then: proc_pid_stat(5), fields 3 and 22, counted after the command's `)`. */
function markFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (ended(fields[0]!)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    return `${boot}-${fields[19]}`;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function markFromTools(pid: number): string | undefined {
  const [tool, ...args] =
    process.platform === 'win32'
      ? [
          'powershell',
          '-NoProfile',
          '-Command',
          `'R ' + (Get-Process -Id ${pid} -ErrorAction Stop).StartTime.Ticks`,
        ]
      : ['ps', '-o', 'stat=,lstart=', '-p', String(pid)];
  try {
    const [state, ...start] = execFileSync(tool!, args, { encoding: 'utf8', stdio: 'pipe' })
      .trim()
      .split(/\s+/);
    return ended(state!) ? undefined : start.join('-').replaceAll(':', '.');
  } catch (error) {
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}

const ended = (state: string) => /^[ZX]/.test(state);
