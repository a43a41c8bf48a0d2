import { randomBytes, randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { migrate } from '#event-store';
import type { Settings } from '#installation';
import {
  type Installation,
  openDatabase,
  openInstallation,
  type SetUp,
  StartError,
  secretsFrom,
  setUp,
} from '#installation';
import { migrations } from '../../../migrations/index.js';
import { refuseTakenAddress } from './address.js';
import { type Server, serve } from './serve.js';

export interface Started {
  readonly server: Server;
  readonly installation: Installation;
  readonly setUp: SetUp;
  /** Resolves when the embedded database ended by itself. */
  readonly databaseEnded: Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Starts everything from the database up. `fill` runs before the doors open.
 *
 * @throws StartError in one line
 */
export async function start(
  settings: Settings,
  log: Logger,
  fill: (installation: Installation) => Promise<void> = async () => {},
): Promise<Started> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    await refuseTakenAddress(settings);
    const database = await openDatabase(settings, randomBytes);
    closing.push(() => database.stop());
    await migrate(database.url, migrations).catch(unreachable);
    const ambient = {
      now: () => new Date(),
      random: randomBytes,
      uuid: randomUUID,
      onFault: (where: string, error: unknown) => log.error({ err: error }, `fault in ${where}`),
    };
    const secrets = secretsFrom(database.keyEncryptionKey);
    const installation = await openInstallation(database.url, secrets, ambient, settings.issuer);
    closing.push(() => installation.close());
    await installation.signingKeys.current().catch(wrongKey);
    const done = await setUp(installation, { email: settings.adminEmail, password: settings.adminPassword });
    await fill(installation);
    installation.startWorkers();
    const server = await serve(installation, settings, log);
    closing.push(() => server.close());
    return { server, installation, setUp: done, databaseEnded: database.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Found before anything is sealed with a key that will not open it. */
function wrongKey(error: Error): never {
  throw new StartError(error.message);
}

function unreachable(error: Error & { code?: string }): never {
  const reason = error.message || error.code || 'no answer';
  throw new StartError(`the database cannot be used: ${reason.split('\n')[0]}`);
}
