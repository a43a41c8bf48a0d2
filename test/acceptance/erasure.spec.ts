import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemCaller } from '#access';
import { verifyLog } from '#audit';
import { foldIdentity, SubjectKeys } from '#casebook';
import { Follower, LogPages } from '#event-store';
import { leafHash, openCheckpoint, parseVerifierKey, verifyInclusion } from '#merkle';
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

const coordinator = trial.as('coordinator');
const inspector = trial.as('inspector');
const erase = (subject: string, person: Person = 'dataManager') =>
  trial.as(person).post(`${subjectPath(subject)}/erasure`, { reason });
const identityFor = (subject: string, person: Person = 'coordinator') =>
  trial.as(person).get(`${subjectPath(subject)}/identity`);
const keyOf = async (subject: string) => {
  const { rows } = await trial.started.installation.pool.query(
    'SELECT key FROM subject_key WHERE study = $1 AND subject = $2',
    ['SINET', subject],
  );
  return rows[0]?.key;
};

async function known(name: string): Promise<{ subject: string; form: string; entered: number }> {
  const subject = await enrol(coordinator);
  const form = formPath(subject, 'V_SCR', 'DM');
  const items = { 'I.DM.NAME': name, 'I.DM.MRN': `MRN ${name}`, 'I.DM.SEX': 'F' };
  const answer = await coordinator.put(form, { items });
  expect(answer.status, answer.text).toBe(201);
  return { subject, form, entered: positionOf(answer) };
}

describe('C-25 what identifies a subject', () => {
  it('is told to the person who asks, by those who may know it, and that is recorded', async () => {
    const { subject } = await known('Ada Quux');
    const { body } = await identityFor(subject);
    expect(body).toMatchObject({ study: 'SINET', subjectKey: subject, site: 'FR01', erasedAt: null });
    const told = body.items.map(({ item, value }: { item: string; value: string }) => [item, value]);
    expect(told).toEqual([
      ['I.DM.NAME', 'Ada Quux'],
      ['I.DM.MRN', 'MRN Ada Quux'],
    ]);
    const trail = await accepted(trial.as('administrator').get('/audit?type=IdentityRead&limit=1000'));
    expect(trail.items.at(-1)).toMatchObject({ text: expect.stringContaining(subject) });
    for (const person of ['dataManager', 'statistician'] as Person[])
      expectProblem(await identityFor(subject, person), 403, 'not-permitted');
    expectProblem(await identityFor(subject, 'otherCoordinator'), 404, 'not-found');
  });

  it.each(['', '/history'])('is recorded when a form is read%s, not when it is read masked', async (path) => {
    const { form, subject } = await known('Bea Quux');
    const reads = async () =>
      (await accepted(trial.as('administrator').get('/audit?type=IdentityRead&limit=1000'))).items.filter(
        ({ text }: { text: string }) => text.includes(subject),
      ).length;
    await accepted(trial.as('dataManager').get(`${form}${path}`));
    expect(await reads()).toBe(0);
    for (const times of [1, 2]) {
      await accepted(trial.as('monitor').get(`${form}${path}`));
      expect(await reads()).toBe(times);
    }
  });
});

describe('C-25 an erasure', () => {
  let subject: string;
  let form: string;
  let entered: number;
  let before: string;
  beforeAll(async () => {
    ({ subject, form, entered } = await known('Cleo Quux'));
    before = (await inspector.get(`${STUDY}/log/entries`)).text;
    expect((await accepted(coordinator.get(form))).items['I.DM.NAME'].value).toBe('Cleo Quux');
    for (const person of ['investigator', 'coordinator', 'monitor', 'inspector'] as Person[])
      expectProblem(await erase(subject, person), 403, 'not-permitted');
    expect(await keyOf(subject)).toEqual(expect.any(Buffer));
    const answer = await erase(subject);
    expect(answer.body).toEqual({ subjectKey: subject, erasedAt: expect.any(String) });
  });

  it('destroys the key, and no other one is made', async () => {
    expect(await keyOf(subject)).toBeNull();
    await coordinator.get(form);
    expect(await keyOf(subject)).toBeNull();
    expectProblem(await erase(subject), 409, 'conflict');
  });

  it('masks what was known, at every door and at every time', async () => {
    for (const path of ['', `?asOf=${entered}`]) {
      const { items } = await accepted(coordinator.get(`${form}${path}`));
      expect(items['I.DM.NAME']).toMatchObject({ value: null, masked: 'erased' });
      expect(items['I.DM.SEX'].value).toBe('F');
    }
    const { items } = await accepted(coordinator.get(`${form}/history`));
    expect(items[0]).toMatchObject({ masked: 'erased' });
    expect((await identityFor(subject)).body.items[0]).toMatchObject({ value: null, masked: 'erased' });
    for (const door of [
      form,
      `${form}/history`,
      `${STUDY}/audit?subject=${subject}`,
      `${STUDY}/clinical-data`,
    ])
      expect((await coordinator.get(door)).text).not.toContain('Cleo');
  });

  it('lets nobody enter it again: 410; the rest goes on', async () => {
    const seen = await coordinator.get(form);
    const again = { items: { 'I.DM.NAME': 'Cleo Quux' }, reason };
    expectProblem(await coordinator.patch(form, again, ifMatch(seen)), 410, 'erased');
    const other = { items: { 'I.DM.SEX': 'M' }, reason };
    expect((await coordinator.patch(form, other, ifMatch(seen))).status).toBe(200);
  });

  it('leaves the log and its proofs: what was entered is still in the tree, and all of it verifies', async () => {
    const note = (await inspector.get(`${STUDY}/log/checkpoint`)).text;
    const keys = (await inspector.get(`${STUDY}/log/keys`)).text.trimEnd().split('\n');
    const { size, root } = openCheckpoint(note, keys.map(parseVerifierKey));
    const { hashes } = await accepted(
      inspector.get(`${STUDY}/log/proofs/inclusion?position=${entered}&size=${size}`),
    );
    const lines = (await inspector.get(`${STUDY}/log/entries?to=${size}`)).text;
    expect(lines.startsWith(before)).toBe(true);
    const leaf = leafHash(lines.split('\n')[entered]!);
    const path = hashes.map((hash: string) => Buffer.from(hash, 'base64'));
    expect(verifyInclusion(leaf, entered, size, path, root)).toBe(true);
    const verdict = await verifyLog({ entries: linesOf(lines), checkpoint: note, keys });
    expect(verdict).toEqual({ ok: true, size, faults: [] });
  });
});

describe('an erasure that a crash cut in two', () => {
  it('is an erasure from its event on, and its key is destroyed when a node comes up', async () => {
    const { installation } = trial.started;
    await installation.followers.identity.stop();
    const { subject, form } = await known('Dido Quux');
    const call = { log: 'SINET', caller: systemCaller('test'), key: randomUUID() };
    await installation.runner.run(installation.commands.EraseIdentity, { subject, reason }, call);
    expect(await keyOf(subject)).toEqual(expect.any(Buffer));
    expect((await accepted(coordinator.get(form))).items['I.DM.NAME']).toMatchObject({ masked: 'erased' });

    const { pool, signal, store, studies } = installation;
    const keys = new SubjectKeys(pool, trial.secrets.keyEncryptionKey, (bytes) => Buffer.alloc(bytes));
    const next = new Follower(
      'identity',
      { pool, signal, pages: new LogPages() },
      foldIdentity(studies, keys),
      (_, error) => {
        throw error;
      },
    );
    next.start();
    expect(await next.reached('SINET', (await store.size('SINET')) - 1)).toBe(true);
    await next.stop();
    expect(await keyOf(subject)).toBeNull();
  });
});

async function* linesOf(text: string) {
  yield* text.slice(0, -1).split('\n');
}
