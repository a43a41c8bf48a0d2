import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** The account PostgreSQL runs under, where that is not our own. */
export type Account = { uid: number; gid: number } | undefined;

/** PostgreSQL refuses to run as root, so root makes new clusters as `nobody`. */
export function accountForNew(): Account {
  if (!isRoot()) return undefined;
  const id = (which: string) => Number(execFileSync('id', [which, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Root runs a cluster as the account that owns it, be it `nobody` or the user who made it.
 *
 * @throws Error for one that belongs to root, as after a copy that lost its owner
 */
export function accountOf(cluster: string): Account {
  if (!isRoot()) return undefined;
  const { uid, gid } = statSync(cluster);
  if (uid === 0)
    throw new Error(`it belongs to root, as which PostgreSQL does not run: chown -R nobody ${cluster}`);
  return { uid, gid };
}

/**
 * The name by which a program that runs in `directory` reaches it. The account that root gives a program may be
 * barred from the directories above, such as a home with mode 0700; Linux then still leads it in through its own
 * working directory, proc_pid_cwd(5).
 */
export function nameFromInside(directory: string): string {
  return isRoot() && process.platform === 'linux' ? '/proc/self/cwd' : directory;
}

export const isRoot = () => process.getuid?.() === 0;
