import { Pool } from 'pg';
import {
  AccessRecord,
  AccessTokens,
  type Caller,
  Callers,
  ClientSecrets,
  Credentials,
  ForeignTokens,
  type Issuer,
  Lockouts,
  SecondFactors,
  ServerSecret,
  Sessions,
  userCommands,
} from '#access';
import { SigningKeys } from '#audit';
import {
  CasebookFacts,
  CasebookReader,
  casebookCommands,
  DailyChecks,
  DuplicateWatch,
  SubjectKeys,
} from '#casebook';
import { Runner, Streams } from '#commands';
import {
  connectPipelined,
  EventStore,
  Follower,
  LogPages,
  LogSignal,
  salts,
  serviceConnection,
} from '#event-store';
import { Cursors } from '#http';
import { SnapshotMaker, StudyReader, snapshotCommands } from '#snapshots';
import { Studies } from '#study';
import { followsOf } from './follows.js';
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
export async function openInstallation(url: string, secrets: Secrets, ambient: Ambient, issuer?: Issuer) {
  let closing = false;
  const openPool = (max: number) =>
    new Pool({ ...serviceConnection(url), max }).on(
      'error',
      (error) => closing || ambient.onFault('an idle database connection', error),
    );
  const pool = openPool(10);
  // What goes on in the background never takes a connection that a request waits for.
  const background = openPool(6);
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
  const followed = { pool: background, signal, pages: new LogPages() };
  const follows = followsOf({ streams, studies, subjectKeys });
  const followers = Object.fromEntries(
    Object.entries(follows).map(([name, { fold }]) => [
      name,
      new Follower(name, followed, fold, (which, error) => ambient.onFault(`follower ${which}`, error)),
    ]),
  ) as Record<keyof typeof follows, Follower>;
  for (const follower of Object.values(followers)) follower.start();

  const runner = new Runner<Caller>(store, streams, ambient.now);
  const commands = casebookCommands(new CasebookFacts(studies, subjectKeys, pool));
  const ofItself = { ...{ pool: background, studies, runner, commands }, ...ambient };
  const serverSecret = new ServerSecret(secrets.serverSecret);
  const accessRecord = new AccessRecord(runner, pool, ambient);
  const signingKeys = new SigningKeys(pool, secrets.keyEncryptionKey, ambient.random);
  const studyReader = new StudyReader(pool, studies);
  const snapshots = snapshotCommands(store);
  const workers = [
    new DuplicateWatch(ofItself),
    new DailyChecks(ofItself),
    new SnapshotMaker({
      ...{ pool: background, store, runner, uuid: ambient.uuid, onFault: ambient.onFault },
      reader: new StudyReader(background, studies),
      clinical: { pool: background, store, studies, keys: subjectKeys },
      keys: signingKeys,
      commands: snapshots,
    }),
  ];

  return {
    uuid: ambient.uuid,
    pool,
    store,
    signal,
    streams,
    runner,
    studies,
    subjectKeys,
    commands,
    reader: new CasebookReader(store, streams, ambient.now),
    signingKeys,
    studyReader,
    snapshotCommands: snapshots,
    cursors: new Cursors(secrets.cursorKey),
    userCommands: userCommands(pool),
    accounts: {
      credentials: new Credentials(pool, ambient.random),
      sessions: new Sessions(pool, ambient.random),
      tokens: new AccessTokens(secrets.tokenKey, ambient.now),
      foreignTokens: new ForeignTokens(issuer, pool, ambient.now),
      callers: new Callers(pool, signal, ambient.now),
      clients: new ClientSecrets(pool),
      factors: new SecondFactors(pool, secrets.keyEncryptionKey, ambient.random, ambient.now),
      lockouts: new Lockouts(pool, serverSecret, ambient.now),
      record: accessRecord,
      serverSecret,
      generatePassword: () => ambient.random(18).toString('base64url'),
    },
    followers,

    /** Begins what a service does of itself, beside following the logs: not for a command that soon ends. */
    startWorkers(): void {
      for (const worker of workers) worker.start();
    },

    /** Finishes what is under way and lets go of the database. */
    async close(): Promise<void> {
      closing = true;
      await Promise.all([...Object.values(followers), ...workers].map((one) => one.stop()));
      await accessRecord.settled();
      await store.close();
      await signal.close();
      await Promise.all([pool.end(), background.end()]);
    },
  };
}
