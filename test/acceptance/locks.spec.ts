import { randomUUID } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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
import { accepted, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const coordinator = trial.as('coordinator');
const monitor = trial.as('monitor');
const manager = trial.as('dataManager');
const FORM = { visit: 'V_SCR', form: 'DM' };
let subject: string;
let path: string;
let dm: string;
beforeEach(async () => {
  subject = await enrol(coordinator);
  path = subjectPath(subject);
  dm = formPath(subject, 'V_SCR', 'DM');
  await accepted(coordinator.put(dm, { items: { 'I.DM.WEIGHT': 70, 'I.DM.SEX': 'F' }, complete: true }));
});

const correct = async (items: object = { 'I.DM.WEIGHT': 71 }) =>
  coordinator.patch(dm, { items, reason }, ifMatch(await coordinator.get(dm)));
const ask = (body: object = FORM) => monitor.post(`${path}/queries`, { ...body, text: 'Sure?' });
const lift = (kind: string, body: object = {}) => manager.delete(`${path}/${kind}`, { ...body, reason });
const formOf = async () => accepted(monitor.get(dm));
const places = {
  casebook: {},
  visit: { visit: 'V_SCR' },
  form: FORM,
  item: { ...FORM, item: 'I.DM.WEIGHT' },
};

describe('frozen data', () => {
  it.each(Object.entries(places))('are not corrected, but queries go on: %s', async (level, place) => {
    const answer = await manager.post(`${path}/freezes`, { ...place, reason: 'Cleaned' });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({
      ...{ subjectKey: subject, level: level === 'casebook' ? 'subject' : level, frozen: true },
      ...{ by: trial.userId('dataManager'), reason: { code: 'other', text: 'Cleaned' } },
    });
    const refused = await correct();
    expectProblem(refused, 409, 'frozen');
    expect(refused.body).toMatchObject({ ...place, by: trial.userId('dataManager'), at: answer.body.at });
    const { query } = await accepted(ask({ ...FORM, item: 'I.DM.WEIGHT' }));
    for (const [step, person] of [
      ['answer', coordinator],
      ['close', monitor],
    ] as const)
      await accepted(person.post(`${STUDY}/queries/${query}/${step}`, { text: 'So.' }));
    await accepted(lift('freezes', place));
    await accepted(correct());
  });

  it('are signed', async () => {
    await accepted(manager.post(`${path}/freezes`, {}));
    const body = { scope: 'casebook', meaning: 'Reviewed', password: PASSWORD };
    expect((await trial.as('investigator').post(`${path}/signatures`, body)).status).toBe(201);
  });

  it('leave the rest of the casebook as it is', async () => {
    await accepted(manager.post(`${path}/freezes`, places.item));
    await accepted(correct({ 'I.DM.SEX': 'M' }));
    await accepted(coordinator.put(formPath(subject, 'V_SCR', 'CS'), { items: {} }));
  });
});

describe('locked data', () => {
  it.each(Object.entries(places))('change in no way: %s', async (_, place) => {
    const { query } = await accepted(ask({ ...FORM, item: 'I.DM.WEIGHT' }));
    const { at } = await accepted(manager.post(`${path}/locks`, { ...place, reason }));
    const before = await trial.logSizes();
    for (const answer of [
      await correct(),
      await ask({ ...FORM, item: 'I.DM.WEIGHT' }),
      await coordinator.post(`${STUDY}/queries/${query}/answer`, { text: 'So.' }),
    ]) {
      expectProblem(answer, 409, 'locked');
      expect(answer.body).toMatchObject({ ...place, by: trial.userId('dataManager'), at });
    }
    expect((await trial.logSizes()).SINET).toBe(before.SINET);
    await accepted(lift('locks', place));
    await accepted(correct());
  });

  it('are neither signed, nor is the subject withdrawn or allocated', async () => {
    await accepted(manager.post(`${path}/locks`, {}));
    const password = PASSWORD;
    const signing = { scope: 'casebook', meaning: 'Reviewed', password };
    expectProblem(await trial.as('investigator').post(`${path}/signatures`, signing), 409, 'locked');
    expectProblem(
      await coordinator.post(`${path}/withdrawal`, { date: '2024-02-01', reason }),
      409,
      'locked',
    );
    expectProblem(
      await coordinator.post(`${path}/allocation`, { arm: 'A', date: '2024-02-01' }),
      409,
      'locked',
    );
    const empty = formPath(subject, 'V_SCR', 'CS');
    expectProblem(await coordinator.put(empty, { items: {}, complete: true }), 409, 'locked');
  });

  it.each([
    ['visits/V_SCR', { level: 'visit', visit: 'V_SCR' }],
    ['visits/V_SCR~1/forms/DM', { level: 'form', ...FORM }],
  ])('are named by their path as well: %s', async (nested, place) => {
    const answer = await manager.post(`${path}/${nested}/locks`, {});
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({ ...place, locked: true });
    expectProblem(await correct(), 409, 'locked');
    expect(await accepted(manager.delete(`${path}/${nested}/locks`, { reason }))).toMatchObject({
      ...{ ...place, locked: false },
    });
    expect((await manager.post(`${path}/${nested}/freezes`, undefined)).status).toBe(201);
    expectProblem(await correct(), 409, 'frozen');
  });

  it('of a site or a study take every casebook with them, and new ones', async () => {
    for (const [place, level] of [
      [`${STUDY}/sites/FR01`, 'site'],
      [STUDY, 'study'],
    ] as const) {
      const locked = await manager.post(`${place}/locks`, { reason: 'Database lock' });
      expect(locked.status, locked.text).toBe(201);
      expect(locked.body).toMatchObject({ study: 'SINET', level, locked: true });
      const refused = await correct({ 'I.DM.WEIGHT': 90 });
      expectProblem(refused, 409, 'locked');
      expect(refused.body).toMatchObject({ level, by: trial.userId('dataManager'), at: locked.body.at });
      expectProblem(
        await coordinator.post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }),
        409,
        'locked',
      );
      expect(await formOf()).toMatchObject({
        frozen: false,
        locked: true,
        locks: [{ kind: 'locked', level }],
      });
      const sites = (await accepted(monitor.get(`${STUDY}/sites`))).items;
      const lockedSites = sites
        .filter((one: { locked: boolean }) => one.locked)
        .map((one: { site: string }) => one.site);
      expect(lockedSites).toEqual(level === 'site' ? ['FR01'] : []);
      expect((await accepted(monitor.get(STUDY))).locked).toBe(level === 'study');
      const elsewhere = await trial
        .as('otherCoordinator')
        .post(`${STUDY}/subjects`, { site: 'DE01', consentDate: '2024-01-10' });
      expect(elsewhere.status).toBe(level === 'site' ? 201 : 409);
      await accepted(manager.delete(`${place}/locks`, { reason: 'Reopened for a late report' }));
      await accepted(manager.post(`${place}/freezes`, {}));
      expectProblem(await correct({ 'I.DM.WEIGHT': 90 }), 409, 'frozen');
      await accepted(ask());
      await accepted(manager.delete(`${place}/freezes`, { reason }));
      await accepted(correct({ 'I.DM.WEIGHT': level === 'site' ? 71 : 72 }));
    }
  });
});

describe('another version of the definition', () => {
  it('is not adopted by a casebook of which anything is locked or frozen; the others are not kept waiting', async () => {
    const definition = await accepted(manager.get(`${STUDY}/definitions/1`));
    definition.visits[0].label = 'First visit';
    const { version } = await accepted(manager.post(`${STUDY}/definitions`, definition));
    await accepted(manager.post(`${path}/locks`, places.item));
    expectProblem(await manager.post(`${path}/migration`, { definition: version }), 409, 'locked');
    const all = await accepted(manager.post(`${STUDY}/migrations`, { definition: version, site: 'FR01' }));
    expect(all.locked).toContain(subject);
    expect(all.adopted).toBeGreaterThan(0);
    await accepted(lift('locks', places.item));
    await accepted(manager.post(`${path}/migration`, { definition: version }));
  });
});

describe('the views', () => {
  it('tell what is frozen and locked, by whom and why, now and as of then', async () => {
    const at = positionOf(await manager.post(`${path}/locks`, { ...FORM, reason }));
    await accepted(manager.post(`${path}/freezes`, { visit: 'V_SCR' }));
    const form = await formOf();
    expect(form).toMatchObject({ frozen: true, locked: true });
    expect(form.locks).toEqual([
      {
        kind: 'locked',
        level: 'form',
        ...FORM,
        by: trial.userId('dataManager'),
        at: expect.any(String),
        reason,
      },
      {
        kind: 'frozen',
        level: 'visit',
        visit: 'V_SCR',
        by: trial.userId('dataManager'),
        at: expect.any(String),
      },
    ]);
    const casebook = await accepted(monitor.get(path));
    expect(casebook).toMatchObject({ frozen: false, locked: false });
    expect(casebook.locks).toHaveLength(2);
    const visit = casebook.visits.find((one: { visit: string }) => one.visit === 'V_SCR');
    expect(visit).toMatchObject({ frozen: true, locked: false });
    const lockedForms = visit.forms.filter((one: { locked: boolean }) => one.locked);
    expect(lockedForms.map((one: { form: string }) => one.form)).toEqual(['DM']);
    expect(await accepted(monitor.get(`${dm}?asOf=${at}`))).toMatchObject({ frozen: false, locked: true });
    expect(await accepted(monitor.get(`${dm}?asOf=${at - 1}`))).toMatchObject({ locked: false, locks: [] });
  });

  it('tell the audit trail in words', async () => {
    await accepted(manager.post(`${path}/locks`, places.item));
    await accepted(lift('locks', places.item));
    await accepted(manager.post(`${path}/freezes`, {}));
    const { items } = await accepted(trial.as('inspector').get(`${STUDY}/audit?subject=${subject}`));
    const texts = items.map(({ text }: { text: string }) => text);
    expect(texts.slice(-3)).toEqual([
      expect.stringMatching(/^Locked Body weight|^Locked .*[Ww]eight/),
      expect.stringMatching(/^Lifted the lock of .*[Ww]eight.*transcription-error/),
      'Froze the casebook',
    ]);
  });
});

describe('a freeze or lock', () => {
  it('is lifted with a reason, and only where it is', async () => {
    await accepted(manager.post(`${path}/locks`, FORM));
    expectProblem(await manager.delete(`${path}/locks`, FORM), 422, 'reason-required');
    expectProblem(await lift('locks'), 409, 'conflict');
    expectProblem(await lift('freezes', FORM), 409, 'conflict');
    expectProblem(await manager.post(`${path}/locks`, FORM), 409, 'conflict');
    await accepted(lift('locks', FORM));
    expectProblem(await lift('locks', FORM), 409, 'conflict');
  });

  it('is told again to whoever sends it again, and so is an entry from before it', async () => {
    const [entry, key] = [randomUUID(), randomUUID()];
    const body = { items: { 'I.DM.WEIGHT': 71 }, reason };
    const seen = ifMatch(await coordinator.get(dm));
    const first = await coordinator.patch(dm, body, { ...seen, key: entry });
    const locked = await manager.post(`${path}/locks`, FORM, { key });
    const again = await manager.post(`${path}/locks`, FORM, { key });
    expect(again.body).toEqual(locked.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const retried = await coordinator.patch(dm, body, { ...seen, key: entry });
    expect(retried.status, retried.text).toBe(200);
    expect(retried.headers.get('idempotent-replayed')).toBe('true');
    expect(retried.headers.get('daybook-position')).toBe(first.headers.get('daybook-position'));
  });

  it('is of something that there is', async () => {
    for (const [place, status, code] of [
      [{ visit: 'V_NONE' }, 404, 'not-found'],
      [{ visit: '~' }, 404, 'not-found'],
      [{ visit: 'V_SCR', form: 'EN' }, 404, 'not-found'],
      [{ form: 'DM' }, 422, 'invalid-value'],
      [{ ...FORM, item: 'I.FU.WEIGHT' }, 422, 'invalid-value'],
      [{ ...FORM, rowKey: '1' }, 422, 'invalid-value'],
      [{ ...FORM, reason: { text: 'no code' } }, 422, 'invalid-value'],
    ] as const)
      expectProblem(await manager.post(`${path}/locks`, place), status, code);
    for (const other of [{ visit: 'V_INC' }, { form: 'EN' }])
      expectProblem(await manager.post(`${path}/visits/V_SCR/forms/DM/locks`, other), 422, 'invalid-value');
    expectProblem(await manager.post(`${STUDY}/sites/NONE/locks`, {}), 404, 'not-found');
    expectProblem(await manager.post('/studies/NONE/locks', {}), 404, 'not-found');
  });

  it.each(['administrator', 'investigator', 'coordinator', 'monitor', 'statistician', 'inspector'] as const)(
    'is the data manager’s: %s',
    async (person: Person) => {
      const before = await trial.logSizes();
      for (const place of [path, `${path}/visits/V_SCR`, `${STUDY}/sites/FR01`, STUDY])
        for (const kind of ['freezes', 'locks']) {
          expectProblem(await trial.as(person).post(`${place}/${kind}`, {}), 403, 'not-permitted');
          expectProblem(await trial.as(person).delete(`${place}/${kind}`, { reason }), 403, 'not-permitted');
        }
      expect((await trial.logSizes()).SINET).toBe(before.SINET);
    },
  );
});
