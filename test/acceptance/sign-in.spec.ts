import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { expectProblem, faultsOf, STUDY, subjectPath } from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const administrator = trial.as('administrator');
const nobody = trial.as('nobody');
const signIn = (email: string, password = PASSWORD) => nobody.post('/auth/token', { email, password });
const refresh = (refreshToken: string) => nobody.post('/auth/refresh', { refreshToken });
const clientOf = (accessToken: string) => new ApiClient(`${trial.started.server.url}/api/v1`, accessToken);

/** A new account with a session, an inspector in the study. */
async function newInspector() {
  const email = `${randomUUID()}@trial.example`;
  const { id } = await accepted(
    administrator.post('/users', { email, name: 'I. Spector', password: PASSWORD }),
  );
  const { grant } = await accepted(administrator.post(`${STUDY}/grants`, { user: id, role: 'inspector' }));
  const { accessToken, refreshToken } = await accepted(signIn(email));
  return { id, email, grant, refreshToken, client: clientOf(accessToken) };
}

describe('C-08 signing in', () => {
  it('gives tokens, and says who one is and what one may do', async () => {
    const answer = await signIn(emailOf('unblindedStatistician').toUpperCase());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.any(String),
      expiresIn: 900,
    });
    const me = await clientOf(answer.body.accessToken).get('/me');
    expect(me.body).toEqual({
      id: trial.userId('unblindedStatistician'),
      email: emailOf('unblindedStatistician'),
      name: 'unblindedStatistician',
      grants: [{ study: 'SINET', role: 'statistician', sites: 'all', unblinded: true }],
    });
  });

  it('does not tell an unknown account from a wrong password', async () => {
    const wrong = await signIn(emailOf('monitor'), 'not the password 1');
    const unknown = await signIn('nobody@trial.example', 'not the password 1');
    for (const answer of [wrong, unknown]) expectProblem(answer, 401, 'invalid-credentials');
    expect(unknown.text).toBe(wrong.text);
    expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()]);
  });

  it('C-15 slows down after repeated failures, even for who then knows the password', async () => {
    const { email } = await newInspector();
    const attempts = await Promise.all(
      Array.from({ length: 12 }, (_, i) => signIn(i % 2 ? email : email.toUpperCase(), `guess number ${i}`)),
    );
    expect(attempts.filter(({ status }) => status === 401)).toHaveLength(5);
    for (const attempt of attempts)
      if (attempt.status !== 401) expectProblem(attempt, 429, 'too-many-requests');
    const next = await signIn(email);
    expectProblem(next, 429, 'too-many-requests');
    expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(55);
    expect((await signIn(emailOf('monitor'))).status).toBe(200);
  });

  it('takes e-mail and password, and nothing else', async () => {
    for (const [body, pointer] of [
      [{ email: emailOf('monitor') }, '/password'],
      [{ password: PASSWORD }, '/email'],
      [{ email: emailOf('monitor'), password: PASSWORD, role: 'administrator' }, '/role'],
      [{ email: { $ne: null }, password: PASSWORD }, '/email'],
      [{ email: emailOf('monitor'), password: [PASSWORD] }, '/password'],
    ] as const) {
      const answer = await nobody.post('/auth/token', body);
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toContain(pointer);
      expect(answer.text).not.toContain(PASSWORD);
    }
  });
});

describe('a session', () => {
  it('goes on with a new refresh token each time', async () => {
    let { refreshToken } = await accepted(signIn(emailOf('monitor')));
    for (let i = 0; i < 3; i++) {
      const answer = await refresh(refreshToken);
      expect(answer.status).toBe(200);
      expect(answer.body.refreshToken).not.toBe(refreshToken);
      expect((await clientOf(answer.body.accessToken).get('/me')).status).toBe(200);
      refreshToken = answer.body.refreshToken;
    }
  });

  it('ends when a refresh token is used twice, for the thief and for the robbed', async () => {
    const first = await accepted(signIn(emailOf('monitor')));
    const second = await accepted(refresh(first.refreshToken));
    expectProblem(await refresh(first.refreshToken), 401, 'unauthenticated');
    expectProblem(await refresh(second.refreshToken), 401, 'unauthenticated');
  });

  it('ends when one token is used by many at the same time: at most one goes on, and not for long', async () => {
    const { refreshToken } = await accepted(signIn(emailOf('monitor')));
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    const through = answers.filter(({ status }) => status === 200);
    expect(through.length).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectProblem(answer, 401, 'unauthenticated');
    expectProblem(await refresh(through[0]!.body.refreshToken), 401, 'unauthenticated');
  });

  it('ends with logout, and no other one with it', async () => {
    const one = await accepted(signIn(emailOf('monitor')));
    const other = await accepted(signIn(emailOf('monitor')));
    expect((await nobody.post('/auth/logout', { refreshToken: one.refreshToken })).status).toBe(204);
    expectProblem(await refresh(one.refreshToken), 401, 'unauthenticated');
    expect((await refresh(other.refreshToken)).status).toBe(200);
    expect((await nobody.post('/auth/logout', { refreshToken: 'no such token' })).status).toBe(204);
  });

  it('ends with a change of the password', async () => {
    const { id, email, refreshToken } = await newInspector();
    const password = 'other hills are blue 4';
    expect((await administrator.put(`/users/${id}/password`, { password })).status).toBe(204);
    expectProblem(await refresh(refreshToken), 401, 'unauthenticated');
    expectProblem(await signIn(email), 401, 'invalid-credentials');
    expect((await signIn(email, password)).status).toBe(200);
  });
});

describe('C-09 what is taken away is taken away at once', () => {
  it('a deactivated account can neither go on, nor refresh, nor sign in', async () => {
    const { id, email, refreshToken, client } = await newInspector();
    expect((await client.get(`${STUDY}/subjects`)).status).toBe(200);
    await accepted(administrator.post(`/users/${id}/deactivation`, { reason: 'Left the centre' }));
    expectProblem(await client.get(`${STUDY}/subjects`), 401, 'unauthenticated');
    expectProblem(await client.get('/me'), 401, 'unauthenticated');
    expectProblem(await refresh(refreshToken), 401, 'unauthenticated');
    expectProblem(await signIn(email), 401, 'invalid-credentials');
    expectProblem(
      await administrator.post(`/users/${id}/deactivation`, { reason: 'Again' }),
      409,
      'conflict',
    );
  });

  it('a withdrawn grant gives nothing more', async () => {
    const { grant, client } = await newInspector();
    const withdrawal = await administrator.delete(`${STUDY}/grants/${grant}`, { reason: 'Moved' });
    expect(withdrawal.status).toBe(204);
    expectProblem(await client.get(`${STUDY}/subjects`), 404, 'not-found');
    expect((await client.get('/me')).body.grants).toEqual([]);
    expect((await client.get('/studies')).body.items).toEqual([]);
    const { items } = await accepted(administrator.get(`${STUDY}/grants`));
    expect(items.map((one: { grant: string }) => one.grant)).not.toContain(grant);
    expectProblem(
      await administrator.delete(`${STUDY}/grants/${grant}`, { reason: 'Again' }),
      404,
      'not-found',
    );
  });

  it('a grant given gives at once', async () => {
    const { id, client } = await newInspector();
    expectProblem(await client.get('/audit'), 404, 'not-found');
    await accepted(administrator.post('/studies/*/grants', { user: id, role: 'inspector' }));
    expect((await client.get('/audit')).status).toBe(200);
    expect((await client.get('/me')).body.grants).toHaveLength(2);
  });
});

describe('C-15 a password', () => {
  const create = (password: string, email = `${randomUUID()}@trial.example`) =>
    administrator.post('/users', { email, name: 'A. Person', password });

  it.each([
    ['short', 'abcdefg 123'],
    ['one of the first to be tried', 'Password1234567'],
    ['the same few characters', 'abababababababab'],
    ['too long', `${'long words '.repeat(19)}`],
  ])('%s is refused', async (_, password) => {
    const answer = await create(password);
    expectProblem(answer, 422, 'invalid-value');
    expect(Object.keys(faultsOf(answer))).toEqual(['/password']);
    expect(answer.text).not.toContain(password);
  });

  it('that contains the e-mail is refused', async () => {
    const answer = await create('marie.dupont 2024!', 'marie.dupont@trial.example');
    expect(faultsOf(answer)).toEqual({ '/password': 'weak-password' });
  });

  it('of length needs no kinds of characters', async () => {
    expect((await create('correct horse battery staple')).status).toBe(201);
  });

  it('is never stored or told readably', async () => {
    const { rows } = await trial.started.installation.pool.query('SELECT hash FROM credential');
    expect(rows.length).toBeGreaterThan(5);
    for (const { hash } of rows) expect(hash).toMatch(/^\$argon2id\$/);
    const { text } = await administrator.get(`/users/${trial.userId('monitor')}`);
    expect(text).not.toMatch(/hash|password|argon/i);
  });
});

describe('accounts', () => {
  it('C-08 are one a person: an e-mail is taken once, whatever its case and however many ask', async () => {
    const email = `${randomUUID()}@trial.example`;
    const create = (as: string) => administrator.post('/users', { email: as, name: 'A', password: PASSWORD });
    const answers = await Promise.all([email, email.toUpperCase(), email].map(create));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expectProblem(await create(email), 409, 'already-exists');
  });

  it('C-17 are given no rights by what a body adds', async () => {
    const body = { email: `${randomUUID()}@trial.example`, name: 'A', password: PASSWORD };
    for (const extra of [
      { role: 'administrator' },
      { grants: [{ study: '*', role: 'administrator' }] },
      { id: randomUUID() },
      { active: true },
    ]) {
      const answer = await administrator.post('/users', { ...body, ...extra });
      expectProblem(answer, 422, 'invalid-value');
      expect(faultsOf(answer)).toEqual({ [`/${Object.keys(extra)[0]}`]: 'unknown-property' });
    }
    const enrolment = await trial
      .as('investigator')
      .post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10', subject: 'FR01-0099', arm: 'A' });
    expect(faultsOf(enrolment)).toEqual({ '/subject': 'unknown-property', '/arm': 'unknown-property' });
    const grant = await administrator.post(`${STUDY}/grants`, {
      user: trial.userId('monitor'),
      role: 'monitor',
      study: '*',
    });
    expect(faultsOf(grant)).toEqual({ '/study': 'unknown-property' });
  });

  it('C-10 grants keep to what a role may have', async () => {
    const user = trial.userId('monitor');
    for (const [study, body, pointer] of [
      ['SINET', { role: 'administrator' }, '/role'],
      ['SINET', { role: 'superuser' }, '/role'],
      ['SINET', { role: 'investigator' }, '/sites'],
      ['SINET', { role: 'coordinator', sites: 'all' }, '/sites'],
      ['SINET', { role: 'statistician', sites: ['FR01'] }, '/sites'],
      ['SINET', { role: 'monitor', sites: [] }, '/sites'],
      ['SINET', { role: 'monitor', sites: 'some' }, '/sites'],
      ['SINET', { role: 'monitor', sites: ['FR01'], unblinded: true }, '/unblinded'],
      ['SINET', { role: 'statistician', unblinded: 'yes' }, '/unblinded'],
    ] as const) {
      const answer = await administrator.post(`/studies/${study}/grants`, { user, ...body });
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    }
    expectProblem(
      await administrator.post(`${STUDY}/grants`, { user: randomUUID(), role: 'inspector' }),
      404,
      'not-found',
    );
  });

  it('C-09 are listed with their grants, page by page', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const page = await accepted(administrator.get(`/users?limit=3${cursor}`));
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ email }: { email: string }) => email));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
    const { rows } = await trial.started.installation.pool.query('SELECT email FROM app_user');
    expect(seen).toEqual(rows.map(({ email }) => email).sort());
    expectProblem(await administrator.get(`/users/${randomUUID()}`), 404, 'not-found');
    expectProblem(await administrator.get('/users/no-uuid'), 404, 'not-found');
  });

  it('change one another only by name: a casebook knows who of them wrote', async () => {
    const subject = await accepted(
      trial.as('investigator').post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }),
    );
    const form = `${subjectPath(subject.subjectKey)}/visits/V_SCR/forms/DM`;
    await accepted(trial.as('coordinator').put(form, { items: { 'I.DM.ECOG': 1 } }));
    const { body } = await trial.as('investigator').get(form);
    expect(body.items['I.DM.ECOG'].enteredBy).toBe(trial.userId('coordinator'));
  });
});
