import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCaller } from '#access';
import { openInstallation } from '#installation';
import {
  enrol,
  expectProblem,
  faultsOf,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
} from './casebook.js';
import type { ApiClient } from './client.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
const { installation } = trial.started;
const other = await openInstallation(trial.databaseUrl, trial.secrets, {
  now: () => new Date(),
  random: randomBytes,
  uuid: randomUUID,
  onFault: (where, error) => {
    throw new Error(where, { cause: error });
  },
});
afterAll(async () => {
  await other.close();
  await trial.close();
});

const CHECK = 'C30.DUPLICATE';
/** A second or two: a node looks every second for what is due. */
const SOON = { timeout: 10_000 };
const person = (mrn: string, birth = '1951-02-03') => ({
  'I.DM.MRN': mrn,
  'I.DM.BIRTHDT': birth,
  'I.DM.SEX': 'F',
});
const dm = (subject: string) => formPath(subject, 'V_SCR', 'DM');

async function entered(client: ApiClient, site: string, items: object): Promise<string> {
  const subject = await enrol(client, site);
  await accepted(client.put(dm(subject), { items }));
  return subject;
}
const queriesOf = async (client: ApiClient, subject: string) =>
  (await accepted(client.get(`${STUDY}/queries?subject=${subject}&check=${CHECK}`))).items;
const statusesOf = async (client: ApiClient, subject: string) =>
  (await queriesOf(client, subject)).map(({ status }: { status: string }) => status);
const pairs = async () => {
  const head = (await trial.logSizes()).SINET! - 1;
  const { items } = await accepted(
    trial.as('dataManager').get(`${STUDY}/duplicates?limit=1000`, { 'Daybook-Min-Position': String(head) }),
  );
  return items;
};

const [here, there] = [trial.as('coordinator'), trial.as('otherCoordinator')];

describe('two subjects alike, at two sites', () => {
  let first: string;
  let second: string;
  beforeAll(async () => {
    first = await entered(here, 'FR01', person('AB-12.345'));
    second = await entered(there, 'DE01', person(' ab12345'));
  });

  it('are asked about at both, however the number was typed', async () => {
    await expect.poll(() => statusesOf(here, first), SOON).toEqual(['open']);
    await expect.poll(() => statusesOf(there, second), SOON).toEqual(['open']);
    const [query] = await queriesOf(here, first);
    expect(query).toMatchObject({ form: 'DM', items: ['I.DM.MRN', 'I.DM.BIRTHDT', 'I.DM.SEX'] });
  });

  it('are not told to each other', async () => {
    for (const [client, own, foreign] of [
      [here, first, second],
      [there, second, first],
    ] as const) {
      for (const door of [
        `${STUDY}/queries`,
        `${STUDY}/audit?subject=${own}`,
        subjectPath(own),
        `${dm(own)}/history`,
      ]) {
        const { text } = await client.get(door);
        expect(text).not.toContain(foreign);
        expect(text).not.toContain(foreign.slice(0, 4));
      }
      expectProblem(await client.get(`${STUDY}/duplicates`), 403, 'not-permitted');
    }
  });

  it('are a pair to the data manager and the inspector, without what is alike', async () => {
    const pair = {
      subjects: [
        { subjectKey: second, site: 'DE01' },
        { subjectKey: first, site: 'FR01' },
      ],
      items: ['I.DM.BIRTHDT', 'I.DM.MRN', 'I.DM.SEX'],
    };
    expect(await pairs()).toEqual([pair]);
    expect((await accepted(trial.as('inspector').get(`${STUDY}/duplicates`))).items).toEqual([pair]);
    for (const who of ['monitor', 'statistician'] as Person[])
      expectProblem(await trial.as(who).get(`${STUDY}/duplicates`), 403, 'not-permitted');
  });

  it('stay settled at the site whose query a person settled, and no fingerprint is in the log', async () => {
    const [query] = await queriesOf(here, first);
    await accepted(
      trial.as('dataManager').post(`${STUDY}/queries/${query.query}/cancel`, { text: 'A twin.' }),
    );
    const third = await entered(here, 'FR01', person('ab-12345'));
    await expect.poll(() => statusesOf(here, third), SOON).toEqual(['open']);
    expect(await statusesOf(here, first)).toEqual(['cancelled']);
    const { rows } = await installation.pool.query('SELECT DISTINCT hash FROM subject_fingerprint');
    const { text } = await trial.as('inspector').get(`${STUDY}/log/entries`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { hash } of rows) expect(text).not.toContain(hash);
  });
});

describe('a query on a duplicate', () => {
  it('closes itself at both sites when the data are no longer alike', async () => {
    const first = await entered(here, 'FR01', person('CD-1'));
    const second = await entered(there, 'DE01', person('CD-1'));
    await expect.poll(() => statusesOf(there, second), SOON).toEqual(['open']);
    const items = { 'I.DM.MRN': 'CD-2' };
    await accepted(there.patch(dm(second), { items, reason }, ifMatch(await there.get(dm(second)))));
    await expect.poll(() => statusesOf(there, second), SOON).toEqual(['closed']);
    await expect.poll(() => statusesOf(here, first), SOON).toEqual(['closed']);
  });

  it('closes itself when one of them is erased, whose fingerprint goes too', async () => {
    const first = await entered(here, 'FR01', person('EF-1'));
    const second = await entered(there, 'DE01', person('EF-1'));
    await expect.poll(() => statusesOf(here, first), SOON).toEqual(['open']);
    await accepted(trial.as('dataManager').post(`${subjectPath(second)}/erasure`, { reason }));
    await expect.poll(() => statusesOf(here, first), SOON).toEqual(['closed']);
    const { rows } = await installation.pool.query('SELECT FROM subject_fingerprint WHERE subject = $1', [
      second,
    ]);
    expect(rows).toEqual([]);
  });

  it('is not raised where one thing differs or is missing', async () => {
    const subjects = [
      await entered(here, 'FR01', person('GH-1')),
      await entered(there, 'DE01', person('GH-1', '1951-02-04')),
      await entered(there, 'DE01', { 'I.DM.MRN': 'GH-1', 'I.DM.SEX': 'F' }),
    ];
    const told = (await pairs()).flatMap(({ subjects }: { subjects: { subjectKey: string }[] }) =>
      subjects.map(({ subjectKey }) => subjectKey),
    );
    for (const subject of subjects) expect(told).not.toContain(subject);
  });

  it('comes for both when two nodes take them at the same time', async () => {
    const subjects = [await enrol(here, 'FR01'), await enrol(there, 'DE01')];
    const enterOn = ({ runner, commands }: typeof other, subject: string) =>
      runner.run(
        commands.EnterForm,
        {
          ...{ subject, visit: 'V_SCR', form: 'DM', whole: false },
          ...{ items: person('IJ-1'), missing: {}, rows: {} },
        },
        { log: 'SINET', caller: systemCaller('test'), key: randomUUID() },
      );
    await Promise.all([enterOn(installation, subjects[0]!), enterOn(other, subjects[1]!)]);
    await expect.poll(() => statusesOf(here, subjects[0]!), SOON).toEqual(['open']);
    await expect.poll(() => statusesOf(there, subjects[1]!), SOON).toEqual(['open']);
  });
});

describe('what duplicates are found by', () => {
  it('is items that there are, of one form, under a name that no check has', async () => {
    const dataManager = trial.as('dataManager');
    const current = await accepted(dataManager.get(`${STUDY}/definitions/1`));
    const publish = (duplicates: object) =>
      dataManager.post(`${STUDY}/definitions`, { ...(current.definition ?? current), duplicates });
    const answer = await publish({
      check: 'C15.SURGERY',
      keys: [
        ['I.DM.MRN', 'I.DM.NONE'],
        ['I.DM.MRN', 'I.EN.ENDAT'],
      ],
    });
    expect(answer.status).toBe(422);
    expect(faultsOf(answer)).toEqual({
      '/duplicates/check': 'duplicate',
      '/duplicates/keys/0/1': 'dangling',
      '/duplicates/keys/1/1': 'not-applicable',
    });
    const changed = await publish({ check: CHECK, keys: [['I.DM.NATID']] });
    expect(changed.status, changed.text).toBe(201);
    expect(positionOf(changed)).toBeGreaterThan(0);
  });
});
