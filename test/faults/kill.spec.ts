import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLog } from '#audit';
import type { RecordedEvent } from '#event-store';
import { enrol, formPath, ifMatch, positionOf, reason, STUDY } from '../acceptance/casebook.js';
import { type Answer, ApiClient } from '../acceptance/client.js';
import { accepted, PASSWORD } from '../acceptance/trial.js';
import { type Child, runToEnd, startChild } from '../child.js';
import { freshDatabase } from '../database.js';
import { differences, tablesOf } from '../tables.js';

const CLIENTS = 32;
const KILLS = 20;

/** One write that was acknowledged; `replayed` when an answer to it had been lost. */
interface Acknowledged {
  readonly key: string;
  readonly position: number;
  readonly replayed: boolean;
  /** A text that the write, and no other, put into the record. */
  readonly text?: string;
}

const database = await freshDatabase();
const environment = {
  PORT: '0',
  DATABASE_URL: database.url,
  DAYBOOK_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  DAYBOOK_ADMIN_PASSWORD: PASSWORD,
  DAYBOOK_RATE_LIMIT: 'off',
  LOG_LEVEL: 'fatal',
};
const start = () => startChild('dist/apps/server/src/main.js', environment);

/** The server that is up, or will be. */
let server: Promise<Child> = start();
afterAll(async () => {
  await (await server).stop();
  await database.drop();
});

const tokens: Record<string, string> = {};
const client = async (person: string) => new ApiClient(`${(await server).url}/api/v1`, tokens[person]);

async function signIn(person: string, email: string): Promise<void> {
  const nobody = new ApiClient(`${(await server).url}/api/v1`);
  tokens[person] = (await accepted(nobody.post('/auth/token', { email, password: PASSWORD }))).accessToken;
}

const acknowledged: Acknowledged[] = [];
let kills = 0;
let untilKill = 40;

/** Kills the server while the other clients' writes are under way, and starts it again. */
async function killNowAndThen(): Promise<void> {
  if (--untilKill > 0 || kills === KILLS) return;
  kills++;
  untilKill = 20 + ((kills * 37) % 90);
  const victim = await server;
  victim.process.kill('SIGKILL');
  server = start();
}

/** Writes as a client that retries with its key until it is answered. */
async function write(
  send: (client: ApiClient, key: string) => Promise<Answer>,
  text?: string,
): Promise<Answer> {
  const key = randomUUID();
  for (;;) {
    const answer = await send(await client('coordinator'), key).catch(() => undefined);
    if (!answer || answer.status === 503) continue;
    expect(answer.status, answer.text).toBeLessThan(300);
    const replayed = answer.headers.has('idempotent-replayed');
    acknowledged.push({ key, position: positionOf(answer), replayed, ...(text && { text }) });
    await killNowAndThen();
    return answer;
  }
}

/** Enrols a subject, then enters and corrects one form of it after the other until the last kill is over. */
async function work(nth: number): Promise<void> {
  const consent = { site: 'FR01', consentDate: '2024-01-10' };
  const enrolment = () => write((one, key) => one.post(`${STUDY}/subjects`, consent, { key }));
  const subject: string = (await enrolment()).body.subjectKey;
  for (let round = 1; kills < KILLS; round++) {
    const path = formPath(subject, `V_UNS~${round}`, 'LB');
    const text = `laboratory ${nth}.${round}`;
    // The amount raises a query of an edit check: the command has several events.
    const first = { items: { 'I.LB.LBLAB': text, 'I.LB.CGA': 200_000 } };
    const entered = await write((one, key) => one.put(path, first, { key }), text);
    const second = { items: { 'I.LB.CGA': 100, 'I.LB.HB': 10 }, reason };
    await write((one, key) => one.patch(path, second, { key, ...ifMatch(entered) }));
    if (round % 4 === 0) await enrolment();
  }
}

describe('a server that is killed twenty times under the writes of 32 clients', () => {
  let entries: string[];
  let events: RecordedEvent[];
  let checkpoint: string;
  let keys: string[];

  beforeAll(async () => {
    await signIn('administrator', 'admin@daybook.invalid');
    const administrator = await client('administrator');
    await accepted(administrator.post(`${STUDY}/sites`, { site: 'FR01', name: 'Centre', country: 'FR' }));
    for (const [person, grant] of [
      ['coordinator', { role: 'coordinator', sites: ['FR01'] }],
      ['inspector', { role: 'inspector' }],
    ] as const) {
      const email = `${person}@trial.example`;
      const user = await accepted(administrator.post('/users', { email, name: person, password: PASSWORD }));
      await accepted(administrator.post(`${STUDY}/grants`, { user: user.id, ...grant }));
      await signIn(person, email);
    }
    await Promise.all(Array.from({ length: CLIENTS }, (_, nth) => work(nth)));
    const inspector = await client('inspector');
    entries = (await inspector.get(`${STUDY}/log/entries`)).text.trimEnd().split('\n');
    events = entries.map((entry) => JSON.parse(entry));
    checkpoint = (await inspector.get(`${STUDY}/log/checkpoint`)).text;
    keys = (await inspector.get(`${STUDY}/log/keys`)).text.trimEnd().split('\n');
  }, 180_000);

  it('was killed so often, in the middle of much', () => {
    expect(kills).toBe(KILLS);
    expect(acknowledged.length).toBeGreaterThan(KILLS * 20);
    expect(acknowledged.filter(({ replayed }) => replayed).length).toBeGreaterThan(0);
  });

  it('has every acknowledged write exactly once, whole and where it was said to be', () => {
    const byKey = new Map<string, RecordedEvent[]>();
    for (const event of events) {
      if (event.command) byKey.set(event.command.key, [...(byKey.get(event.command.key) ?? []), event]);
    }
    for (const { key, position } of acknowledged) {
      const own = byKey.get(key) ?? [];
      expect(own.at(-1)?.position).toBe(position);
      expect(own.map((event) => event.position)).toEqual(own.map((_, i) => position - own.length + 1 + i));
    }
    const ofClients = [...byKey].filter(([, [event]]) => event!.stream.startsWith('subject/'));
    expect(ofClients).toHaveLength(acknowledged.length);

    const entered = events
      .filter(({ type }) => type === 'ItemsEntered')
      .map(({ data }) => JSON.stringify(data));
    for (const { text } of acknowledged.filter((one) => one.text))
      expect(
        entered.filter((data) => data.includes(`"${text}"`)),
        text,
      ).toHaveLength(1);
    // Each text came with a weight out of range: one such query each. Other checks ask what they will.
    const raised = events.filter(
      ({ type, data }) => type === 'QueryRaised' && (data as { check?: string }).check === 'range',
    );
    expect(raised).toHaveLength(acknowledged.filter((one) => one.text).length);
  });

  it('has positions from 0 on without a gap, and subjects numbered without one', () => {
    expect(events.map(({ position }) => position)).toEqual(events.map((_, i) => i));
    const subjects = events
      .filter(({ type }) => type === 'SubjectEnrolled')
      .map(({ data }) => (data as { subject: string }).subject);
    expect(subjects).toEqual(subjects.map((_, i) => `FR01-${String(i + 1).padStart(4, '0')}`));
  });

  it('has a log that its checkpoint was signed for', async () => {
    async function* lines() {
      yield* entries;
    }
    const verdict = await verifyLog({ entries: lines(), checkpoint, keys });
    expect(verdict).toEqual({ ok: true, size: entries.length, faults: [] });
  });

  it('goes on: the next subject has the next number', async () => {
    const { length } = events.filter(({ type }) => type === 'SubjectEnrolled');
    const subject = await enrol(await client('coordinator'));
    expect(subject).toBe(`FR01-${String(length + 1).padStart(4, '0')}`);
  });

  it('has read models that are those of a rebuild', async () => {
    const inspector = await client('inspector');
    for (const path of ['outcomes', 'audit', 'verifications/pending', 'progress'])
      await accepted(inspector.get(`${STUDY}/${path}?limit=1`));
    await accepted((await client('administrator')).get('/studies/.installation/audit'));
    await (await server).stop();
    const before = await tablesOf(database.url);
    const { code, stderr } = await runToEnd('dist/apps/cli/src/main.js', ['rebuild'], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const after = await tablesOf(database.url);
    expect(before.form!.length).toBeGreaterThan(100);
    for (const table of Object.keys(before).filter((one) => one !== 'bookmark'))
      expect(differences(table, before, after), table).toEqual([]);
  });
});
