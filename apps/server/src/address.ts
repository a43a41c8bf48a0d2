import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Settings, StartError } from '#installation';

type Address = Pick<Settings, 'host' | 'port'>;

/**
 * Asked before anything is made: a start that fails at its doors would have made the first administrator, and
 * would never tell the password.
 *
 * @throws StartError when the address cannot be listened on
 */
export async function refuseTakenAddress(address: Address): Promise<void> {
  const probe = createServer().listen(address.port, address.host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw listenFault(error as NodeJS.ErrnoException, address);
  }
  probe.close();
  await once(probe, 'close');
}

export function listenFault({ code, message }: NodeJS.ErrnoException, { host, port }: Address): StartError {
  if (code === 'EADDRINUSE') return new StartError(`port ${port} on ${host} is in use: set PORT to another`);
  if (code === 'EACCES')
    return new StartError(`port ${port} on ${host} may not be used by this account: set PORT to another`);
  return new StartError(`cannot listen on ${host}:${port}: ${message}`);
}
