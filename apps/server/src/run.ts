import { readSettings, type Settings, StartError } from '#installation';
import { openLog } from './json-logger.js';
import { type Started, start } from './start.js';

const MOST_TIME_TO_CLOSE_MS = 10_000;

/**
 * A server process from its first line to its exit: reads the environment, starts, says where things are,
 * and closes on SIGINT or SIGTERM. Exit status 1, and one line on standard error, when it cannot start.
 */
export async function run(
  environment: NodeJS.ProcessEnv,
  fill?: (settings: Settings) => Parameters<typeof start>[2],
): Promise<void> {
  try {
    const settings = readSettings(environment);
    const log = openLog(settings.logLevel);
    const started = await start(settings, log, fill?.(settings));
    const isClosing = closeOnSignal(started);
    started.databaseEnded.then(() => {
      if (isClosing()) return;
      log.fatal('the embedded PostgreSQL ended');
      process.exit(1);
    });
    process.stdout.write(await greeting(started));
  } catch (error) {
    process.stderr.write(
      `daybook: ${error instanceof StartError ? error.message : (error as Error).stack}\n`,
    );
    process.exit(1);
  }
}

async function greeting({ server, installation, setUp }: Started): Promise<string> {
  const api = `${server.url}/api/v1`;
  const { studies, administrator } = setUp;
  const lines = [
    `API             ${api}`,
    `API reference   ${server.url}/api/docs`,
    ...(await Promise.all(
      studies.map(
        async (study) =>
          `Log's key       ${await installation.signingKeys.verifierKey(study)}  (${api}/studies/${study}/log/keys)`,
      ),
    )),
    ...(administrator
      ? [
          `Administrator   ${administrator.email}  ${administrator.password ?? '(password from the environment)'}`,
        ]
      : []),
    `ready ${server.url}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns whether closing has begun. A second signal ends the process at once. */
function closeOnSignal(started: Started): () => boolean {
  let closing = false;
  const end = () => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => process.exit(1), MOST_TIME_TO_CLOSE_MS).unref();
    started.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return () => closing;
}
