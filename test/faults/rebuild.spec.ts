import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, formPath, ifMatch, reason, STUDY, subjectPath } from '../acceptance/casebook.js';
import { accepted, PASSWORD, startTrial } from '../acceptance/trial.js';
import { runToEnd } from '../child.js';
import { differences, tablesOf } from '../tables.js';

const trial = await startTrial();
afterAll(() => trial.close());

const administrator = trial.as('administrator');
const coordinator = trial.as('coordinator');
const monitor = trial.as('monitor');
const dataManager = trial.as('dataManager');

/** Something of everything that can happen to a subject. */
async function live(nth: number): Promise<void> {
  const subject = await enrol(coordinator);
  const arm = nth % 2 ? 'A' : 'B';
  await accepted(coordinator.post(`${subjectPath(subject)}/allocation`, { arm, date: '2024-02-01' }));
  const dm = formPath(subject, 'V_SCR', 'DM');
  const items = {
    ...{ 'I.DM.NAME': `Name ${nth}`, 'I.DM.WEIGHT': 400, 'I.DM.SEX': 'F' },
    ...{ 'I.DM.BIRTHDT': '1961-04', 'I.DM.MRN': `Number ${nth}` },
  };
  // A third of them lose what is not sent again.
  const corrected = { ...(nth % 3 && items), 'I.DM.WEIGHT': 70 };
  const entered = await coordinator.put(dm, { items, missing: { 'I.DM.HEIGHT': 'not-done' } });
  await accepted(coordinator.put(dm, { items: corrected, reason, complete: true }, ifMatch(entered)));
  await accepted(
    coordinator.put(formPath(subject, 'V_INC', 'EN'), {
      items: { 'I.EN.ENDAT': '2024-02-01', 'I.EN.ARM': arm },
    }),
  );
  const im = formPath(subject, 'V_UNS~2', 'IM~3');
  const row = (rowKey: string, size: number) => ({ rowKey, items: { 'I.IM.TLDIAM': size } });
  const rows = await coordinator.put(im, { rows: { 'IG.IM.TL': [row('b', 20), row('a', 30)] } });
  await accepted(coordinator.put(im, { rows: { 'IG.IM.TL': [row('a', 31)] }, reason }, ifMatch(rows)));
  const raised = { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', text: `Query ${nth}` };
  const { query } = await accepted(monitor.post(`${subjectPath(subject)}/queries`, raised));
  const step = (name: string) => `${STUDY}/queries/${query}/${name}`;
  if (nth % 3) await accepted(coordinator.post(step('answer'), { text: 'Looked up.' }));
  else {
    const because = { items: { 'I.DM.SEX': 'M' }, reason, query };
    await accepted(coordinator.patch(dm, because, ifMatch(await coordinator.get(dm))));
  }
  if (nth % 3 === 2) await accepted(monitor.post(step('close'), { text: 'Thank you.' }));
  if (nth % 2) await accepted(monitor.post(`${subjectPath(subject)}/verifications`, { visits: ['V_SCR'] }));
  if (nth % 4 === 0) {
    const dd = formPath(subject, 'COMMON', 'DD');
    const dead = await coordinator.put(dd, { items: { 'I.DD.DTHDAT': '2024-06' } });
    if (nth % 8 === 0)
      await accepted(coordinator.patch(dd, { items: { 'I.DD.DTHDAT': null }, reason }, ifMatch(dead)));
  } else if (nth % 4 === 1) {
    await accepted(coordinator.post(`${subjectPath(subject)}/withdrawal`, { date: '2024-07-01', reason }));
    if (nth % 8 === 1) await accepted(coordinator.post(`${subjectPath(subject)}/reinstatement`, { reason }));
  } else if (nth % 4 === 2) await moveAbout(subject);
  else if (nth % 8 === 3) await accepted(dataManager.post(`${subjectPath(subject)}/erasure`, { reason }));
}

/** Leaves a site twice, the second time with an open query, which is answered where the subject is then. */
async function moveAbout(subject: string): Promise<void> {
  const move = (site: string) =>
    accepted(dataManager.post(`${subjectPath(subject)}/transfer`, { site, date: '2024-03-01', reason }));
  await move('DE01');
  const there = trial.as('otherCoordinator');
  const fu = formPath(subject, 'V_M06', 'FU');
  await accepted(there.put(fu, { items: { 'I.FU.LASTALIVE': '2024-08-01' } }));
  await move('FR01');
  const raised = { visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT', text: 'Before the move.' };
  const { query } = await accepted(monitor.post(`${subjectPath(subject)}/queries`, raised));
  await move('DE01');
  await accepted(there.post(`${STUDY}/queries/${query}/answer`, { text: 'Here.' }));
}

async function hireAndDismiss(nth: number): Promise<void> {
  const email = `temp${nth}@trial.example`;
  const user = await accepted(
    administrator.post('/users', { email, name: `Temp ${nth}`, password: PASSWORD }),
  );
  const grant = { user: user.id, role: 'monitor', sites: ['FR01', 'DE01'] };
  const given = await accepted(administrator.post(`${STUDY}/grants`, grant));
  await accepted(administrator.post(`${STUDY}/grants`, { user: user.id, role: 'inspector' }));
  if (nth % 2) await administrator.delete(`${STUDY}/grants/${given.grant}`, { reason: 'Moved' });
  else await accepted(administrator.post(`/users/${user.id}/deactivation`, { reason: 'Left' }));
}

beforeAll(async () => {
  await Promise.all(Array.from({ length: 16 }, (_, nth) => live(nth)));
  await Promise.all(Array.from({ length: 4 }, (_, nth) => hireAndDismiss(nth)));
  await accepted(administrator.patch(`${STUDY}/sites/DE01`, { name: 'Another name', open: false }));
  const { followers, store } = trial.started.installation;
  for (const log of ['SINET', '.installation']) {
    const last = (await store.size(log)) - 1;
    for (const follower of Object.values(followers))
      expect(await follower.reached(log, last, 500)).toBe(true);
  }
});

const READ_MODELS = [
  'study',
  'site',
  'subject',
  'form',
  'query',
  'adjudication',
  'verification',
  'progress',
  'app_user',
  'departure',
  'subject_fingerprint',
  'outcome',
  'audit_entry',
] as const;

describe('a rebuild', () => {
  const environment = () => ({
    DATABASE_URL: trial.databaseUrl,
    DAYBOOK_KEY_ENCRYPTION_KEY: trial.secrets.keyEncryptionKey.toString('base64'),
  });
  const rebuild = () => runToEnd('dist/apps/cli/src/main.js', ['rebuild'], environment());

  it('of everything, beside the running service, leaves every table byte for byte as it was', async () => {
    const before = await tablesOf(trial.databaseUrl);
    for (const table of READ_MODELS) expect(before[table]?.length, table).toBeGreaterThan(0);
    const { code, stdout, stderr } = await rebuild();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^inline: rebuilt from \d+ events\noutcomes, audit, verification, progress, identity: rebuilt from \d+ events\n$/,
    );
    const after = await tablesOf(trial.databaseUrl);
    for (const table of Object.keys(before)) expect(differences(table, before, after), table).toEqual([]);
  });

  it('puts right what was damaged or lost', async () => {
    const before = await tablesOf(trial.databaseUrl);
    const { pool } = trial.started.installation;
    await pool.query(`UPDATE subject SET status = 'dead', openqueries = 99`);
    await pool.query(`UPDATE form SET complete = NOT complete, state = '{}'`);
    await pool.query(`UPDATE app_user SET grants = '{}'`);
    await pool.query('DELETE FROM outcome');
    await pool.query(`DELETE FROM audit_entry WHERE position % 2 = 0`);
    expect((await rebuild()).code).toBe(0);
    const after = await tablesOf(trial.databaseUrl);
    for (const table of READ_MODELS) expect(differences(table, before, after), table).toEqual([]);
  });

  it('leaves the service as it was', async () => {
    const subject = await enrol(coordinator);
    const { items } = await accepted(coordinator.get(`${STUDY}/subjects?q=${subject}`));
    expect(items).toHaveLength(1);
  });
});
