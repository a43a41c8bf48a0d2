import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tablesOf } from '../tables.js';
import { enrol, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, emailOf, PASSWORD, type Person, startTrial } from './trial.js';

const log: string[] = [];
const trial = await startTrial(pino({ level: 'trace' }, { write: (line: string) => log.push(line) }));
afterAll(() => trial.close());

/** Texts that stand nowhere else: what identifies the subjects of this file, first and corrected. */
const identifying = {
  name: 'Zoë Sentinel-Quux',
  otherName: 'Zoé Sentinel-Quuxe',
  mrn: 'MRN-55501-QUUX',
  otherMrn: 'MRN-55510-QUUX',
  phone: '+33 9 99 81 72 63',
  birth: '1931-07-19',
  death: 'Quuxville hospital, as told by the sister',
};
const secrets = Object.values(identifying);

let subject: string;
let dm: string;
beforeAll(async () => {
  const coordinator = trial.as('coordinator');
  subject = await enrol(coordinator);
  dm = formPath(subject, 'V_SCR', 'DM');
  const entered = await coordinator.put(dm, {
    items: {
      'I.DM.NAME': identifying.name,
      'I.DM.MRN': identifying.mrn,
      'I.DM.PHONE': identifying.phone,
      'I.DM.BIRTHDT': identifying.birth,
      'I.DM.SEX': 'F',
      'I.DM.WEIGHT': 400,
    },
    complete: true,
  });
  expect(entered.status, entered.text).toBe(201);
  const items = { 'I.DM.NAME': identifying.otherName, 'I.DM.MRN': identifying.otherMrn };
  const corrected = await coordinator.patch(dm, { items, reason }, ifMatch(entered));
  expect(corrected.status).toBe(200);
  await accepted(
    coordinator.put(formPath(subject, 'COMMON', 'DD'), {
      items: { 'I.DD.DTHDAT': '2024-05', 'I.DD.DTHTEXT': identifying.death },
    }),
  );
});

describe('C-25 identifying items', () => {
  it.each(['investigator', 'coordinator', 'monitor', 'inspector'] as Person[])(
    'are shown to the %s, with their history',
    async (person) => {
      const { items } = await accepted(trial.as(person).get(dm));
      expect(items['I.DM.NAME']).toMatchObject({ value: identifying.otherName, missing: null, version: 2 });
      expect(items['I.DM.BIRTHDT'].value).toBe(identifying.birth);
      const history = await accepted(trial.as(person).get(`${dm}/history`));
      const names = history.items.filter(({ item }: { item: string }) => item === 'I.DM.NAME');
      expect(names.map(({ value }: { value: string }) => value)).toEqual([
        identifying.name,
        identifying.otherName,
      ]);
    },
  );

  it.each(['dataManager', 'statistician', 'unblindedStatistician'] as Person[])(
    'are masked for the %s at every door',
    async (person) => {
      const client = trial.as(person);
      const form = await client.get(dm);
      for (const oid of ['I.DM.NAME', 'I.DM.MRN', 'I.DM.PHONE', 'I.DM.BIRTHDT'])
        expect(form.body.items[oid]).toMatchObject({ value: null, masked: 'identifying' });
      expect(form.body.items['I.DM.SEX'].value).toBe('F');
      const doors = [
        dm,
        `${dm}?asOf=${(await trial.logSizes()).SINET! - 1}`,
        `${dm}/history`,
        formPath(subject, 'COMMON', 'DD'),
        subjectPath(subject),
        `${STUDY}/subjects`,
        `${STUDY}/queries`,
        `${STUDY}/outcomes`,
        `${STUDY}/audit?limit=1000`,
        `${STUDY}/log/entries`,
      ];
      for (const door of doors)
        for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
          const { status, text } = await client.get(door, { Accept: accept });
          expect([200, 403], `${door} ${text}`).toContain(status);
          for (const secret of secrets) expect(text).not.toContain(secret);
        }
    },
  );

  it('are nowhere in the database in the clear, nor in hexadecimal or base64', async () => {
    const tables = await tablesOf(trial.databaseUrl);
    expect(Object.keys(tables)).toEqual(
      expect.arrayContaining(['event', 'form', 'query', 'subject', 'audit_entry', 'subject_key']),
    );
    const everything = Object.values(tables).flat().join('\n');
    // What is searched for would be found: an ordinary value of the same form is.
    expect(everything).toContain('I.DM.NAME');
    expect(everything).toContain('transcription-error');
    for (const secret of secrets) {
      for (const coding of ['utf8', 'hex', 'base64', 'base64url', 'utf16le'] as const) {
        const text =
          coding === 'utf16le' ? Buffer.from(secret, coding).toString('hex') : encoded(secret, coding);
        expect(everything.toLowerCase()).not.toContain(text.toLowerCase());
      }
    }
  });

  it('of two subjects are sealed differently, though they are the same', async () => {
    const twin = await enrol(trial.as('coordinator'));
    const items = { 'I.DM.NAME': identifying.otherName };
    await accepted(trial.as('coordinator').put(formPath(twin, 'V_SCR', 'DM'), { items }));
    const { pool } = trial.started.installation;
    const { rows } = await pool.query(
      `SELECT state->'items'->'I.DM.NAME'->'held'->'value'->>'sealed' AS sealed FROM form WHERE form = 'DM'`,
    );
    expect(rows).toHaveLength(2);
    expect(rows[0].sealed).toEqual(expect.any(String));
    expect(rows[0].sealed).not.toBe(rows[1].sealed);
  });

  it('a refused one is not told back', async () => {
    const long = `${identifying.name} `.repeat(20);
    const path = formPath(await enrol(trial.as('coordinator')), 'V_SCR', 'DM');
    const answer = await trial.as('coordinator').put(path, {
      items: { 'I.DM.NAME': long, 'I.DM.MRN': [identifying.mrn], 'I.DM.BIRTHDT': '1931-07-32' },
    });
    expect(answer.status).toBe(422);
    expect(answer.text).not.toMatch(/Sentinel|QUUX|1931/);
  });
});

describe('the server’s log', () => {
  it('has one JSON object a line, and no identifying value, password or token', async () => {
    const nobody = trial.as('nobody');
    const session = await accepted(
      nobody.post('/auth/token', { email: emailOf('monitor'), password: PASSWORD }),
    );
    const next = await accepted(nobody.post('/auth/refresh', { refreshToken: session.refreshToken }));
    await nobody.post('/auth/token', { email: emailOf('monitor'), password: 'a wrong one, 3 times' });
    await trial.as('coordinator').raw('PUT', dm, `{"items":{"I.DM.NAME":"${identifying.name}"`);
    await trial.as('coordinator').get(`${STUDY}/subjects?q=${encodeURIComponent(identifying.name)}`);
    await trial.as('coordinator').get(`/${encodeURIComponent(identifying.mrn)}`);

    expect(log.length).toBeGreaterThan(10);
    for (const line of log) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
    const everything = log.join('');
    expect(everything).toContain('"request"');
    for (const secret of [
      ...secrets,
      ...secrets.map(encodeURIComponent),
      PASSWORD,
      'a wrong one, 3 times',
      session.accessToken,
      session.refreshToken,
      next.refreshToken,
      trial.as('coordinator').token!,
      trial.secrets.keyEncryptionKey.toString('base64'),
    ])
      expect(everything).not.toContain(secret);
  });
});

const encoded = (text: string, coding: 'utf8' | 'hex' | 'base64' | 'base64url') =>
  // The last characters of base64 depend on what would follow.
  coding.startsWith('base64')
    ? Buffer.from(text).toString(coding).slice(0, -4)
    : Buffer.from(text).toString(coding);
