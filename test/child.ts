import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server in a process of its own, once it has said that it is ready. */
export interface Child {
  readonly url: string;
  /** Everything it printed before. */
  readonly lines: readonly string[];
  readonly process: ChildProcess;
  /** Asks it to end. @returns its exit code */
  stop(): Promise<number | null>;
}

/** Starts a compiled script and waits for its `ready URL`. @throws Error with what it printed when it ends instead */
export async function startChild(script: string, environment: Record<string, string>): Promise<Child> {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const faults: string[] = [];
  child.stderr.on('data', (chunk) => faults.push(String(chunk)));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('ready ')) resolve(line.slice(6));
    });
    child.once('exit', (code) =>
      reject(new Error(`${script} ended with ${code}: ${lines.join('\n')}${faults.join('')}`)),
    );
  });
  const url = await ready;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  };
  return { url, lines, process: child, stop };
}

/** Runs a compiled script to its end. */
export function runToEnd(
  script: string,
  parameters: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(process.execPath, [script, ...parameters], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}
