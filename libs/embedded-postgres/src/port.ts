import { once } from 'node:events';
import { createServer } from 'node:net';

export const HOST = '127.0.0.1';

/** The given port if it is free, else an error that says so; a free one if none is given. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen(wanted, HOST), 'listening');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`port ${wanted} on ${HOST} is in use`, { cause });
  }
  const { port } = server.address() as { port: number };
  await once(server.close(), 'close');
  return port;
}
