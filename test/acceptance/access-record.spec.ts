import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner } from '../database.js';
import { enrol, expectProblem, STUDY, subjectPath } from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

let subject: string;
beforeAll(async () => {
  subject = await enrol(trial.as('investigator'));
});

interface Line {
  type: string;
  text: string;
  system: string | null;
  user: string | null;
  role: string | null;
}
const trail = async (person: Person, query = ''): Promise<Line[]> =>
  (await accepted(trial.as(person).get(`/audit?limit=1000${query}`))).items;
const refusals = async () => (await trail('administrator', '&type=AccessRefused')).map(({ text }) => text);

describe('C-17 attempts beyond one’s rights', () => {
  it('are recorded: writes and reads, of another site and in another role', async () => {
    const other = trial.as('otherCoordinator');
    expectProblem(await other.get(subjectPath(subject)), 404, 'not-found');
    expectProblem(await trial.as('statistician').get(`${STUDY}/audit`), 403, 'not-permitted');
    const enrolment = { site: 'FR01', consentDate: '2024-01-10' };
    expectProblem(await trial.as('monitor').post(`${STUDY}/subjects`, enrolment), 403, 'not-permitted');
    expectProblem(await other.post(`${STUDY}/subjects`, enrolment), 404, 'not-found');
    expectProblem(await trial.as('monitor').get('/users'), 404, 'not-found');
    const recorded = await refusals();
    for (const text of [
      'Refused otherCoordinator: GET /api/v1/studies/:study/subjects/:subject (404)',
      'Refused statistician: GET /api/v1/studies/:study/audit (403)',
      'Refused monitor: POST /api/v1/studies/:study/subjects (403)',
      'Refused otherCoordinator: POST /api/v1/studies/:study/subjects (404)',
      'Refused monitor: GET /api/v1/users (404)',
    ])
      expect(recorded).toContain(text);
  });

  it('are refused all the same where they cannot be recorded', async () => {
    await asOwner(trial.databaseUrl, 'REVOKE INSERT ON event FROM daybook_service');
    try {
      const form = `${subjectPath(subject)}/visits/V_SCR/forms/DM`;
      expectProblem(await trial.as('otherCoordinator').get(form), 404, 'not-found');
    } finally {
      await asOwner(trial.databaseUrl, 'GRANT INSERT ON event TO daybook_service');
    }
  });

  it('are recorded once a minute, however many there are, and nothing of what the caller wrote', async () => {
    const before = (await refusals()).length;
    const client = trial.as('investigator');
    for (let i = 0; i < 20; i++) await client.get(`/studies/OWN-TEXT-${i}/subjects`);
    expect((await refusals()).length).toBe(before + 1);
    const { rows } = await trial.started.installation.pool.query('SELECT entry FROM event');
    expect(JSON.stringify(rows)).not.toContain('OWN-TEXT');
  });

  it('are not what was merely not there, or not well formed', async () => {
    const before = await refusals();
    expectProblem(await trial.as('administrator').get('/users/none'), 404, 'not-found');
    expectProblem(await trial.as('dataManager').get(`${STUDY}/definitions/99`), 404, 'not-found');
    expectProblem(await trial.as('dataManager').get(`${STUDY}/subjects?limit=x`), 400, 'invalid-request');
    expect(await refusals()).toEqual(before);
  });
});

describe('C-09 the trail of the installation', () => {
  it('tells who was given which rights by whom', async () => {
    const given = (await trail('administrator', '&type=GrantGiven')).map(
      ({ text, role }) => `${role}: ${text}`,
    );
    expect(given).toContain(
      'administrator: Granted investigator the role investigator in study SINET, sites FR01',
    );
  });

  it('is the administrator’s and the inspector’s of all studies, and nobody else’s', async () => {
    for (const person of ['investigator', 'monitor', 'dataManager', 'inspector'] as const)
      expectProblem(await trial.as(person).get('/audit'), 404, 'not-found');
    const body = { user: trial.userId('inspector'), role: 'inspector' };
    await accepted(trial.as('administrator').post('/studies/*/grants', body));
    expect(await trail('inspector')).toEqual(await trail('administrator'));
    const csv = await trial.as('inspector').get('/audit?type=GrantGiven', { Accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
  });
});
