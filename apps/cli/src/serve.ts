import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

export const serveCommand = new Command('serve')
  .description('start the server: what npm start does')
  .action(async () => {
    const server = spawn(
      process.execPath,
      [fileURLToPath(new URL('../../server/src/main.js', import.meta.url))],
      { stdio: 'inherit' },
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal));
    const [code] = await once(server, 'exit');
    process.exitCode = code ?? 1;
  });
