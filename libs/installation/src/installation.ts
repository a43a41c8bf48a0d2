import { Pool } from 'pg';
import { AccessTokens, type Caller, Callers, Credentials, Sessions, userCommands } from '#access';
import { foldAudit, SigningKeys } from '#audit';
import { CasebookFacts, CasebookReader, casebookCommands, SubjectKeys } from '#casebook';
import { Runner, Streams } from '#commands';
import { connectPipelined, EventStore, Follower, LogSignal, serviceConnection } from '#event-store';
import { Cursors } from '#http';
import { foldOutcomes } from '#outcomes';
import { Studies } from '#study';
import type { Secrets } from './secrets.js';

/** What a library must not reach for by itself. */
export interface Ambient {
  now(): Date;
  random(bytes: number): Buffer;
  uuid(): string;
  /** Told of what goes wrong where no request waits for an answer. */
  onFault(where: string, error: unknown): void;
}

export type Installation = Awaited<ReturnType<typeof openInstallation>>;

/**
 * Everything that stands behind the doors, put together on one database. Migrations are applied before.
 *
 * @throws Error when the database cannot be reached
 */
export async function openInstallation(url: string, secrets: Secrets, ambient: Ambient) {
  const pool = new Pool({ ...serviceConnection(url), max: 10 });
  let closing = false;
  pool.on('error', (error) => closing || ambient.onFault('an idle database connection', error));
  const store = new EventStore(pool, {
    connect: () => connectPipelined(url),
    now: ambient.now,
    salt: salts(ambient.random),
  });
  const signal = new LogSignal(() => connectPipelined(url));
  await signal.open();

  const streams = new Streams(store);
  const studies = new Studies(streams);
  const subjectKeys = new SubjectKeys(pool, secrets.keyEncryptionKey, ambient.random);
  const follow = (name: string, fold: ConstructorParameters<typeof Follower>[3]) =>
    new Follower(name, pool, signal, fold, (which, error) => ambient.onFault(`follower ${which}`, error));
  const followers = {
    outcomes: follow('outcomes', foldOutcomes(studies)),
    audit: follow('audit', foldAudit()),
  };
  for (const follower of Object.values(followers)) follower.start();

  return {
    uuid: ambient.uuid,
    pool,
    store,
    signal,
    streams,
    runner: new Runner<Caller>(store, streams, ambient.now),
    studies,
    subjectKeys,
    commands: casebookCommands(new CasebookFacts(studies, subjectKeys, pool)),
    reader: new CasebookReader(store, streams, ambient.now),
    signingKeys: new SigningKeys(pool, secrets.keyEncryptionKey, ambient.random),
    cursors: new Cursors(secrets.cursorKey),
    userCommands: userCommands(pool),
    accounts: {
      credentials: new Credentials(pool, ambient.random),
      sessions: new Sessions(pool, ambient.random),
      tokens: new AccessTokens(secrets.tokenKey, ambient.now),
      callers: new Callers(pool, signal, ambient.now),
      generatePassword: () => ambient.random(18).toString('base64url'),
    },
    followers,

    /** Finishes what is under way and lets go of the database. */
    async close(): Promise<void> {
      closing = true;
      await Promise.all(Object.values(followers).map((follower) => follower.stop()));
      await store.close();
      await signal.close();
      await pool.end();
    },
  };
}

const SALT_BYTES = 16;

/** Salts drawn many at a time: asking the system for randomness costs more than the randomness. */
function salts(random: (bytes: number) => Buffer): () => string {
  let drawn: Buffer = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = random(SALT_BYTES * 256);
    const salt = drawn.toString('base64', 0, SALT_BYTES);
    drawn = drawn.subarray(SALT_BYTES);
    return salt;
  };
}
