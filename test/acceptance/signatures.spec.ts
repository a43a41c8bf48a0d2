import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashOfSigned } from '#casebook';
import {
  enrol,
  expectProblem,
  formPath,
  ifMatch,
  positionOf,
  reason,
  STUDY,
  subjectPath,
  tagOf,
} from './casebook.js';
import { ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

/** Another investigator of the same site. */
let second: ApiClient;
beforeAll(async () => {
  const [administrator, email] = [trial.as('administrator'), emailOf('second')];
  const { id } = await accepted(administrator.post('/users', { email, name: 'Second', password: PASSWORD }));
  const grant = { user: id, role: 'investigator', sites: ['FR01'] };
  await accepted(administrator.post(`${STUDY}/grants`, grant));
  const { accessToken } = await accepted(
    trial.as('nobody').post('/auth/token', { email, password: PASSWORD }),
  );
  second = new ApiClient(`${trial.started.server.url}/api/v1`, accessToken);
});

const investigator = trial.as('investigator');
const coordinator = trial.as('coordinator');
const meaning = 'I reviewed these data and confirm that they are complete.';
let subject: string;
let dm: string;
let path: string;
beforeEach(async () => {
  subject = await enrol(coordinator);
  dm = formPath(subject, 'V_SCR', 'DM');
  path = `${subjectPath(subject)}/signatures`;
  await accepted(coordinator.put(dm, { items: { 'I.DM.WEIGHT': 70, 'I.DM.SEX': 'F' }, complete: true }));
});

const sign = (body: object = {}, person: Person = 'investigator', key = randomUUID()) =>
  trial.as(person).post(path, { scope: 'casebook', meaning, password: PASSWORD, ...body }, { key });
const correct = async (weight: number) => {
  const seen = await coordinator.get(dm);
  return accepted(coordinator.patch(dm, { items: { 'I.DM.WEIGHT': weight }, reason }, ifMatch(seen)));
};
const manifest = async (query = '', person: Person = 'inspector') =>
  (await accepted(trial.as(person).get(`${STUDY}/signatures?subject=${subject}${query}`))).items;

describe('an investigator', () => {
  it('C-12 C-13 signs with the password, and name, time, meaning and scope are shown wherever the data are', async () => {
    const answer = await sign();
    expect(answer.status, answer.text).toBe(201);
    const signature = {
      signature: `${subject}-S1`,
      by: trial.userId('investigator'),
      name: 'investigator',
      meaning,
      scope: [{ visit: 'V_SCR', form: 'DM', revision: expect.any(Number) }],
      hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      status: 'valid',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    };
    expect(answer.body).toMatchObject({ ...signature, subjectKey: subject });
    expect((await accepted(coordinator.get(subjectPath(subject)))).signatures).toMatchObject([signature]);
    expect((await accepted(coordinator.get(dm))).signatures).toMatchObject([signature]);
    expect(await manifest()).toMatchObject([
      { ...signature, subjectKey: subject, site: 'FR01', brokenAt: null },
    ]);
  });

  it('C-12 signs what a hash commits to that anyone can make again from the casebook', async () => {
    const { signature } = await accepted(sign());
    const { casebook } = await trial.started.installation.reader.read(
      {
        id: 'check',
        name: 'check',
        grants: [{ study: 'SINET', role: 'inspector', sites: 'all', unblinded: false }],
      },
      'SINET',
      subject,
      {},
    );
    const given = casebook.signatures[signature]!;
    expect(hashOfSigned(casebook, given)).toBe(given.hash);
  });

  it.each([
    ['the casebook', { casebook: true }],
    ['visits', { visits: ['V_SCR~1'] }],
    ['a visit', { visit: 'V_SCR' }],
    ['forms', { forms: [{ visit: 'V_SCR', form: 'DM~1' }] }],
    ['a form', { visit: 'V_SCR', form: 'DM' }],
  ])('signs %s', async (_, scope) => {
    expect(await accepted(sign({ scope }))).toMatchObject({ scope: [{ visit: 'V_SCR', form: 'DM' }] });
  });

  it('is refused a scope that says nothing, or another body', async () => {
    for (const scope of [
      undefined,
      null,
      [],
      {},
      'all',
      { visits: [] },
      { casebook: true, visits: ['V_SCR'] },
      { forms: [{ form: 'DM' }] },
      { visits: ['~'] },
    ])
      expectProblem(await sign({ scope }), 422, 'invalid-value');
    for (const empty of ['', ' \n']) expectProblem(await sign({ meaning: empty }), 422, 'invalid-value');
    expectProblem(await sign({ password: undefined }), 422, 'invalid-value');
    expectProblem(await sign({ scope: { forms: [{ visit: 'V_SCR', form: 'EN' }] } }), 404, 'not-found');
    for (const countersigns of ['constructor', '__proto__', `${subject}-S99`])
      expectProblem(await sign({ scope: undefined, countersigns }), 404, 'not-found');
  });

  it('C-16 signs complete forms only, and learns which are not', async () => {
    const seen = await coordinator.get(dm);
    await accepted(coordinator.patch(dm, { complete: false }, ifMatch(seen)));
    const answer = await sign();
    expectProblem(answer, 409, 'conflict');
    expect(answer.body.errors).toMatchObject([
      { code: 'incomplete-form', message: expect.stringContaining('DM') },
    ]);
  });

  it('C-13 gives no signature with a wrong password, nor with another’s', async () => {
    const before = await trial.logSizes();
    expectProblem(await sign({ password: 'not the password 1' }), 401, 'invalid-credentials');
    expect((await trial.logSizes()).SINET).toBe(before.SINET);
    await accepted(sign());
  });

  it('signs the state of a form that was seen, where the scope names it', async () => {
    const seen = async () => ({
      visit: 'V_SCR',
      form: 'DM',
      revision: Number(JSON.parse(tagOf(await investigator.get(dm)))),
    });
    const before = await seen();
    await correct(71);
    expectProblem(await sign({ scope: { forms: [before] } }), 412, 'stale');
    await accepted(sign({ scope: { forms: [await seen()] } }));
  });

  it('signs once, however often the request is sent', async () => {
    const key = randomUUID();
    const first = await sign({}, 'investigator', key);
    await correct(71);
    const again = await sign({}, 'investigator', key);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expectProblem(await sign({ meaning: 'Other' }, 'investigator', key), 422, 'idempotency-key-reused');
    expect(await manifest()).toHaveLength(1);
  });
});

describe('a signature', () => {
  it('C-14 breaks visibly with a later correction, which says whose it was', async () => {
    await accepted(sign());
    await correct(71);
    const broken = {
      signature: `${subject}-S1`,
      status: 'broken',
      brokenBy: trial.userId('coordinator'),
      brokenAt: expect.stringMatching(/Z$/),
      changed: [{ visit: 'V_SCR', form: 'DM', items: expect.arrayContaining(['I.DM.WEIGHT']) }],
    };
    expect((await accepted(coordinator.get(subjectPath(subject)))).signatures).toMatchObject([broken]);
    expect((await accepted(coordinator.get(dm))).signatures).toMatchObject([broken]);
    expect(await manifest('&status=broken')).toMatchObject([broken]);
    expect(await manifest('&status=valid')).toEqual([]);
    await accepted(sign());
    expect((await manifest()).map(({ status }: { status: string }) => status)).toEqual(['broken', 'valid']);
  });

  it('was valid at an earlier moment', async () => {
    const at = positionOf(await sign());
    await correct(71);
    expect(await manifest(`&asOf=${at}`)).toMatchObject([{ status: 'valid' }]);
    expect(await manifest(`&asOf=${at - 1}`)).toEqual([]);
    const then = await accepted(coordinator.get(`${subjectPath(subject)}?asOf=${at}`));
    expect(then.signatures).toMatchObject([{ status: 'valid' }]);
  });

  it('is confirmed by another with another meaning', async () => {
    await accepted(sign());
    const approval = { scope: undefined, countersigns: `${subject}-S1`, meaning: 'Approved' };
    const own = await sign(approval);
    expectProblem(own, 409, 'conflict');
    expect(own.body.detail).toContain('another person');
    const answer = await second.post(path, { ...approval, password: PASSWORD });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({
      signature: `${subject}-S2`,
      countersigns: `${subject}-S1`,
      meaning: 'Approved',
    });
    expect((await manifest()).map(({ name }: { name: string }) => name)).toEqual(['investigator', 'Second']);
    expectProblem(await sign({ scope: undefined, countersigns: `${subject}-S9` }), 404, 'not-found');
    expectProblem(await sign({ countersigns: `${subject}-S1` }), 422, 'invalid-value');
  });

  it('is told in the audit trail in words', async () => {
    await accepted(sign());
    await correct(71);
    const { items } = await accepted(trial.as('inspector').get(`${STUDY}/audit?subject=${subject}`));
    const texts = items.map(({ text }: { text: string }) => text);
    expect(texts).toContain(`Signed 1 form (signature ${subject}-S1): “${meaning}”`);
    expect(texts).toContain(`Signature ${subject}-S1 no longer holds: 1 signed form changed`);
    expect(JSON.stringify(items)).not.toContain(PASSWORD);
  });
});

describe('nobody else', () => {
  it.each(['coordinator', 'monitor', 'dataManager', 'statistician', 'inspector', 'administrator'] as const)(
    'signs: %s',
    async (person) => {
      expectProblem(await sign({}, person), 403, 'not-permitted');
      expect(await manifest()).toEqual([]);
    },
  );

  it('outside the site even knows of it', async () => {
    await accepted(sign());
    expectProblem(await sign({}, 'otherCoordinator'), 404, 'not-found');
    expect(await manifest('', 'otherCoordinator')).toEqual([]);
    expectProblem(await trial.as('administrator').get(`${STUDY}/signatures`), 403, 'not-permitted');
    expectProblem(await trial.as('inspector').get(`${STUDY}/signatures?status=any`), 400, 'invalid-request');
  });
});
