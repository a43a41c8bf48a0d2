import { StartError } from './start-error.js';

/** One setting of the environment. */
interface Setting {
  readonly name: string;
  readonly meaning: string;
  readonly fallback?: string;
}

export const settings = [
  { name: 'PORT', meaning: 'Port to listen on', fallback: '3000' },
  { name: 'HOST', meaning: 'Address to listen on', fallback: '127.0.0.1' },
  {
    name: 'DATA_DIR',
    meaning: 'Where the embedded PostgreSQL and the generated key are kept',
    fallback: './data',
  },
  { name: 'DATABASE_URL', meaning: 'A PostgreSQL to use instead of the embedded one; its owner’s URL' },
  {
    name: 'DAYBOOK_ADMIN_EMAIL',
    meaning: 'E-mail of the first administrator',
    fallback: 'admin@daybook.invalid',
  },
  {
    name: 'DAYBOOK_ADMIN_PASSWORD',
    meaning: 'Password of the first administrator; generated and printed once without it',
  },
  {
    name: 'DAYBOOK_KEY_ENCRYPTION_KEY',
    meaning:
      '32 bytes, base64 or hex: wraps all other keys. Required with DATABASE_URL; generated in DATA_DIR otherwise',
  },
  {
    name: 'DAYBOOK_OIDC_ISSUER',
    meaning:
      'An OpenID Connect issuer whose access tokens are accepted too, for accounts with the verified e-mail',
  },
  { name: 'DAYBOOK_OIDC_AUDIENCE', meaning: 'Whom the issuer’s tokens must be for', fallback: 'daybook' },
  { name: 'DAYBOOK_RATE_LIMIT', meaning: '`off` lifts the limits on requests, for benches', fallback: 'on' },
  { name: 'LOG_LEVEL', meaning: 'fatal, error, warn, info, debug or trace', fallback: 'info' },
] as const satisfies readonly Setting[];

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly adminEmail: string;
  readonly adminPassword: string | undefined;
  readonly keyEncryptionKey: Buffer | undefined;
  readonly issuer: { readonly url: string; readonly audience: string } | undefined;
  readonly rateLimit: boolean;
  readonly logLevel: string;
}

type Name = (typeof settings)[number]['name'];

/** @throws StartError naming the setting that cannot be used */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const read = (name: Name): string | undefined => {
    const setting: Setting = settings.find((one) => one.name === name)!;
    return environment[name] || setting.fallback;
  };
  const databaseUrl = databaseOf(read('DATABASE_URL'));
  const key = read('DAYBOOK_KEY_ENCRYPTION_KEY');
  if (databaseUrl && !key) {
    throw new StartError(
      'DAYBOOK_KEY_ENCRYPTION_KEY is missing: with DATABASE_URL, give 32 bytes in base64 or hex',
    );
  }
  return {
    port: portOf(read('PORT')!),
    host: read('HOST')!,
    dataDir: read('DATA_DIR')!,
    databaseUrl,
    adminEmail: read('DAYBOOK_ADMIN_EMAIL')!,
    adminPassword: read('DAYBOOK_ADMIN_PASSWORD'),
    keyEncryptionKey: key === undefined ? undefined : keyOf(key),
    issuer: issuerOf(read('DAYBOOK_OIDC_ISSUER'), read('DAYBOOK_OIDC_AUDIENCE')!),
    rateLimit: read('DAYBOOK_RATE_LIMIT') !== 'off',
    logLevel: levelOf(read('LOG_LEVEL')!),
  };
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new StartError(`PORT is ${text}, not a port`);
  return port;
}

/** What is none is not repeated: it may hold a password. */
function databaseOf(text: string | undefined): string | undefined {
  if (text === undefined || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new StartError(
    'DATABASE_URL is not the URL of a PostgreSQL: postgres://USER:PASSWORD@HOST:PORT/DATABASE',
  );
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (key.length !== 32) throw new StartError('DAYBOOK_KEY_ENCRYPTION_KEY is not 32 bytes in base64 or hex');
  return key;
}

/** Keys that come unprotected could be anyone’s: only an issuer on this machine may do without TLS. */
function issuerOf(url: string | undefined, audience: string): Settings['issuer'] {
  if (url === undefined) return undefined;
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && isLocal)) return { url, audience };
  throw new StartError(`DAYBOOK_OIDC_ISSUER is ${url}, not an https address`);
}

function levelOf(text: string): string {
  if (['fatal', 'error', 'warn', 'info', 'debug', 'trace'].includes(text)) return text;
  throw new StartError(`LOG_LEVEL is ${text}, not one of fatal, error, warn, info, debug, trace`);
}
