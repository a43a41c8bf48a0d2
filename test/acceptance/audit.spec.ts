import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditLine } from '#audit';
import { asOwner } from '../database.js';
import {
  enrol,
  expectProblem,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const AUDIT = `${STUDY}/audit`;
const coordinator = trial.as('coordinator');
const monitor = trial.as('monitor');

let subject: string;
let correction: number;
beforeAll(async () => {
  subject = await enrol(coordinator);
  const dm = formPath(subject, 'V_SCR', 'DM');
  const first = { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 400, 'I.DM.NAME': 'Ada Sentinel' } };
  const entered = await coordinator.put(dm, first);
  const second = { items: { 'I.DM.WEIGHT': 70, 'I.DM.NAME': 'Eda Sentinel' }, reason };
  correction = positionOf(await trial.as('investigator').patch(dm, second, ifMatch(entered)));
  const ae = formPath(subject, 'COMMON', 'AE~2');
  await accepted(coordinator.put(ae, { items: { 'I.AE.AETERM': '=cmd|"/c calc"!A1,\nnext' } }));
  await accepted(coordinator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: '2024-02-01' }));
  const raised = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', text: 'Sure?' };
  const { query } = await accepted(monitor.post(`${subjectPath(subject)}/queries`, raised));
  await accepted(coordinator.post(`${STUDY}/queries/${query}/answer`, { text: 'Yes.' }));
  await enrol(trial.as('otherCoordinator'), 'DE01');
});

async function trail(filter = '', person: Person = 'inspector'): Promise<AuditLine[]> {
  return (await accepted(trial.as(person).get(`${AUDIT}?limit=1000&${filter}`))).items;
}

describe('the audit trail', () => {
  it('C-01 C-03 tells of a correction who, when, what, old value, new value and why', async () => {
    const lines = await trail(`subject=${subject}&type=ItemsCorrected`);
    const line = lines.find(({ item }) => item === 'I.DM.WEIGHT')!;
    expect(line).toEqual({
      position: expect.any(Number),
      line: expect.any(Number),
      recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      user: trial.userId('investigator'),
      userName: 'investigator',
      role: 'investigator',
      system: null,
      type: 'ItemsCorrected',
      subjectKey: subject,
      site: 'FR01',
      visit: 'V_SCR',
      form: 'DM',
      item: 'I.DM.WEIGHT',
      group: null,
      row: null,
      oldValue: 400,
      oldMissing: null,
      newValue: 70,
      newMissing: null,
      masked: null,
      reasonCode: reason.code,
      reason: reason.text,
      text: `Corrected Weight from 400 kg to 70 kg: ${reason.code}, ${reason.text}`,
    });
    expect(line.position).toBeLessThanOrEqual(correction);
  });

  it('C-01 has a line for every event of the log, in its order', async () => {
    const lines = await trail();
    const positions = [...new Set(lines.map(({ position }) => position))];
    expect(positions).toEqual(Array.from({ length: (await trial.logSizes()).SINET! }, (_, i) => i));
    for (const { text, recordedAt } of lines) expect([text, recordedAt].every(Boolean)).toBe(true);
  });

  it('C-06 tells what the system did by itself from what people did', async () => {
    const lines = await trail(`subject=${subject}&user=edit check`.replace(' ', '%20'));
    expect(lines.map(({ type, system, user }) => [type, system, user])).toEqual([
      ['QueryRaised', 'edit check', null],
      ['QueryClosed', 'edit check', null],
    ]);
    expect(lines.map(({ text }) => text).join()).toMatch(/Weight .*400 kg/);
  });

  it('C-05 is told in words', async () => {
    const texts = (await trail(`subject=${subject}`)).map(({ text }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        `Enrolled subject ${subject} at site FR01, consent on 2024-01-10`,
        'Entered Sex: Female',
        'Allocated arm A (Resection of the primary as initial strategy) on 2024-02-01',
        expect.stringMatching(/^Raised query .* on Sex: “Sure\?”$/),
        expect.stringMatching(/^Answered query .* on Sex: “Yes\.”$/),
      ]),
    );
  });

  it('C-05 is filtered by each of its columns, and by all together', async () => {
    const all = await trail();
    const cases: [string, (line: AuditLine) => boolean][] = [
      [`subject=${subject}`, (line) => line.subjectKey === subject],
      ['site=DE01', (line) => line.site === 'DE01'],
      [`user=${trial.userId('coordinator')}`, (line) => line.user === trial.userId('coordinator')],
      ['type=ItemsEntered', (line) => line.type === 'ItemsEntered'],
      ['visit=COMMON', (line) => line.visit === 'COMMON'],
      ['visit=COMMON~1', (line) => line.visit === 'COMMON'],
      ['form=AE~2', (line) => line.form === 'AE~2'],
      ['item=I.DM.SEX', (line) => line.item === 'I.DM.SEX'],
      [`from=${correction}`, (line) => line.position >= correction],
      [`to=${correction}`, (line) => line.position < correction],
      [
        `subject=${subject}&type=ItemsEntered&item=I.DM.WEIGHT&to=${correction}`,
        (line) => line.type === 'ItemsEntered' && line.item === 'I.DM.WEIGHT',
      ],
    ];
    for (const [filter, fits] of cases) {
      const expected = all.filter(fits);
      expect(expected.length, filter).toBeGreaterThan(0);
      expect(await trail(filter), filter).toEqual(expected);
    }
    expect(await trail('type=NoSuchThing')).toEqual([]);
  });

  it('C-05 C-07 is filtered by instants of recording', async () => {
    const all = await trail();
    const at = all.find(({ position }) => position === correction)!.recordedAt;
    expect(await trail(`from=${at}`)).toEqual(all.filter(({ recordedAt }) => recordedAt >= at));
    expect(await trail(`to=${at}`)).toEqual(all.filter(({ recordedAt }) => recordedAt < at));
    for (const bad of ['from=yesterday', 'to=2024-02-30T00:00:00Z'])
      expectProblem(await trial.as('inspector').get(`${AUDIT}?${bad}`), 400, 'invalid-request');
  });

  it('C-05 C-19 is exported whole, for machines as NDJSON and for spreadsheets as CSV', async () => {
    const all = await trail();
    const ndjson = await trial.as('inspector').get(AUDIT, { Accept: 'application/x-ndjson' });
    expect(ndjson.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const lines = ndjson.text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(all);

    const csv = await trial.as('inspector').get(`${AUDIT}?item=I.AE.AETERM`, { Accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    const [header, ...rest] = csv.text.split('\r\n');
    expect(header).toMatch(/^position,line,recordedAt,user,.*oldValue,.*newValue,.*reason,text$/);
    // A formula is not run, and what CSV would break at is quoted.
    expect(rest.join('\r\n')).toContain(`"'=cmd|""/c calc""!A1,\nnext"`);
    expectProblem(await trial.as('inspector').get(AUDIT, { Accept: 'image/png' }), 406, 'not-acceptable');
  });

  it('C-09 shows each the sites of their grants, and what is of no site', async () => {
    const sites = async (person: Person) => [...new Set((await trail('', person)).map(({ site }) => site))];
    expect(await sites('otherCoordinator')).toEqual([null, 'DE01']);
    expect(await sites('monitor')).toEqual([null, 'FR01']);
    expectProblem(await monitor.get(`${AUDIT}?site=DE01`), 404, 'not-found');
    expect(await trail(`subject=${subject}`, 'otherCoordinator')).toEqual([]);
  });

  it('C-25 masks identifying values for whoever may not see them', async () => {
    const names = (person: Person) => trail(`item=I.DM.NAME&type=ItemsCorrected`, person);
    expect(await names('monitor')).toMatchObject([{ oldValue: 'Ada Sentinel', newValue: 'Eda Sentinel' }]);
    const masked = await names('dataManager');
    expect(masked).toMatchObject([{ oldValue: null, newValue: null, masked: 'identifying' }]);
    expect(JSON.stringify(masked)).not.toContain('Sentinel');
    for (const type of ['application/x-ndjson', 'text/csv']) {
      const { text } = await trial.as('dataManager').get(AUDIT, { Accept: type });
      expect(text).not.toContain('Sentinel');
      expect(text).toContain('not shown');
    }
  });

  it('C-09 of the installation tells of accounts and grants, to the administrator', async () => {
    const { items } = await accepted(
      trial.as('administrator').get('/studies/.installation/audit?limit=1000&type=GrantGiven'),
    );
    const texts = items.map(({ text }: AuditLine) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Granted monitor the role monitor in study SINET, sites FR01/),
      ]),
    );
  });
});

describe('C-04 the audit trail stays on and stays as it is', () => {
  it.each([
    'administrator',
    'dataManager',
    'investigator',
    'coordinator',
    'monitor',
    'statistician',
    'inspector',
  ] as Person[])('no door lets the %s change it', async (person) => {
    const sizes = await trial.logSizes();
    for (const path of [
      AUDIT,
      `${AUDIT}/1`,
      `${STUDY}/log/entries`,
      `${STUDY}/log/entries/1`,
      `${STUDY}/log`,
    ])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await trial.as(person).raw(method, path, '{}');
        expect([404, 405], `${method} ${path}`).toContain(answer.status);
      }
    expect(await trial.logSizes()).toEqual(sizes);
  });

  it('no address of the API writes to it or turns it off', async () => {
    const { paths } = await accepted(trial.root.get('/api/openapi.json'));
    const writing = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'get')
        .map((method) => `${method} ${path}`),
    );
    expect(writing.length).toBeGreaterThan(10);
    expect(writing.filter((one) => /audit|\/log\b|setting/.test(one))).toEqual([]);
  });

  it('the database refuses it to the service, and to its owner too', async () => {
    const { pool } = trial.started.installation;
    for (const statement of [
      `UPDATE event SET entry = '{}' WHERE position = 1`,
      'DELETE FROM event WHERE position = 1',
      'TRUNCATE event',
    ]) {
      await expect(pool.query(statement)).rejects.toThrow(/permission denied/);
      await expect(asOwner(trial.databaseUrl, statement)).rejects.toThrow(/append-only/);
    }
    await expect(pool.query('ALTER TABLE event DISABLE TRIGGER append_only')).rejects.toThrow(/owner/);
  });
});
