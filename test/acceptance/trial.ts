import { randomBytes } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { readSettings, type Secrets, secretsFrom } from '#installation';
import { type Started, start } from '../../apps/server/src/start.js';
import { freshDatabase } from '../database.js';
import { ApiClient } from './client.js';

/** Everybody’s in a trial. */
export const PASSWORD = 'tall green mountains 9';

/** People of the trial: role, sites, and whether they may tell the arms apart. */
const people = {
  investigator: { role: 'investigator', sites: ['FR01'] },
  coordinator: { role: 'coordinator', sites: ['FR01'] },
  otherCoordinator: { role: 'coordinator', sites: ['DE01'] },
  monitor: { role: 'monitor', sites: ['FR01'] },
  dataManager: { role: 'data-manager' },
  statistician: { role: 'statistician' },
  unblindedStatistician: { role: 'statistician', unblinded: true },
  inspector: { role: 'inspector' },
} as const;

export type Person = keyof typeof people | 'administrator' | 'nobody';

export interface Trial {
  readonly databaseUrl: string;
  readonly started: Started;
  /** The API's base: paths begin after `/api/v1`. */
  as(person: Person): ApiClient;
  /** The server's root, for health and documents. */
  readonly root: ApiClient;
  userId(person: keyof typeof people): string;
  /** The server’s own keys: for forging what only it can make. */
  readonly secrets: Secrets;
  /** How many events each log has, but for refusals, which are recorded too: what changes when anything is done. */
  logSizes(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** A server of its own on a fresh database: the siNET study with two sites, and one person for each role. */
export async function startTrial(
  log: Logger = pino({ level: 'silent' }),
  environment: Record<string, string> = {},
): Promise<Trial> {
  const { url, drop } = await freshDatabase();
  const settings = readSettings({
    PORT: '0',
    DATABASE_URL: url,
    DAYBOOK_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DAYBOOK_ADMIN_PASSWORD: PASSWORD,
    ...environment,
  });
  const started = await start(settings, log);
  const base = `${started.server.url}/api/v1`;
  const signIn = async (email: string) => {
    const { status, body, text } = await new ApiClient(base).post('/auth/token', {
      email,
      password: PASSWORD,
    });
    if (status !== 200) throw new Error(`sign-in of ${email}: ${text}`);
    return new ApiClient(base, body.accessToken);
  };

  const administrator = await signIn(settings.adminEmail);
  for (const [site, country] of [
    ['FR01', 'FR'],
    ['DE01', 'DE'],
  ]) {
    await accepted(administrator.post('/studies/SINET/sites', { site, name: `Centre ${site}`, country }));
  }
  const clients: Partial<Record<Person, ApiClient>> = { administrator, nobody: new ApiClient(base) };
  const ids: Record<string, string> = {};
  for (const [person, { role, ...rest }] of Object.entries(people)) {
    const email = emailOf(person);
    const user = await accepted(administrator.post('/users', { email, name: person, password: PASSWORD }));
    ids[person] = user.id;
    await accepted(administrator.post('/studies/SINET/grants', { user: user.id, role, ...rest }));
    clients[person as Person] = await signIn(email);
  }

  return {
    databaseUrl: url,
    started,
    as: (person) => clients[person]!,
    root: new ApiClient(started.server.url),
    userId: (person) => ids[person]!,
    secrets: secretsFrom(settings.keyEncryptionKey!),
    logSizes: async () => {
      const { rows } = await started.installation.pool.query(
        `SELECT log, count(*)::int AS size FROM event WHERE type <> 'AccessRefused' GROUP BY log`,
      );
      return Object.fromEntries(rows.map(({ log, size }) => [log, size]));
    },
    close: async () => {
      await started.close();
      await drop();
    },
  };
}

export const emailOf = (person: string) => `${person.toLowerCase()}@trial.example`;

/** The body of an answer that must be a success. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server said
export async function accepted(answer: ReturnType<ApiClient['get']>): Promise<any> {
  const { status, body, text } = await answer;
  if (status >= 300) throw new Error(`expected success, got ${status}: ${text}`);
  return body;
}
