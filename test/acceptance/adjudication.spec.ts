import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
import { type Answer, ApiClient } from './client.js';
import { accepted, emailOf, PASSWORD, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());
const investigator = trial.as('investigator');
const dataManager = trial.as('dataManager');
const inspector = trial.as('inspector');

const committee: ApiClient[] = [];
async function member(name: string, ...grants: object[]): Promise<ApiClient> {
  const administrator = trial.as('administrator');
  const email = emailOf(name);
  const user = await accepted(administrator.post('/users', { email, name, password: PASSWORD }));
  for (const grant of grants)
    await accepted(administrator.post(`${STUDY}/grants`, { user: user.id, ...grant }));
  const signedIn = await accepted(trial.as('nobody').post('/auth/token', { email, password: PASSWORD }));
  return new ApiClient(`${trial.started.server.url}/api/v1`, signedIn.accessToken);
}
beforeAll(async () => {
  for (const name of ['Ada', 'Bo', 'Cy']) committee.push(await member(name, { role: 'adjudicator' }));
});

const packetPath = (subject: string) => `${STUDY}/adjudications/${subject}`;
const opine = (who: number, subject: string, cause: string, comment?: string) =>
  committee[who]!.post(`${packetPath(subject)}/opinions`, { cause, ...(comment && { comment }) });
const hidden = /AD[123]CAUSE|ADFINAL|ADDAT|OpinionRecorded|EndpointAdjudicated|ItemsAdjudicated/;

async function deadSubject(): Promise<string> {
  const subject = await enrol(investigator);
  const put = (visit: string, form: string, items: object) =>
    accepted(investigator.put(formPath(subject, visit, form), { items }));
  await put('V_SCR', 'DM', { 'I.DM.SEX': 'F', 'I.DM.NAME': 'Anna Identifiable', 'I.DM.ECOG': 1 });
  await put('V_INC', 'EN', { 'I.EN.ENDAT': '2024-01-15', 'I.EN.ARM': 'A', 'I.EN.ARMREAS': 'CENTRE' });
  await accepted(investigator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: '2024-01-15' }));
  await put('V_SURG', 'SU', { 'I.SU.SUDAT': '2024-02-01', 'I.SU.SUTYPE': 'PLANNED_A' });
  await put('V_EOS', 'DD', {
    'I.DD.DTHDAT': '2025-06-01',
    'I.DD.DTHCAUSE_S': 'CARDIOVASCULAR',
    'I.DD.AUTOPSY': 'N',
    'I.DD.DTHTEXT': 'A long account',
  });
  return subject;
}
const death = (subject: string) => formPath(subject, 'V_EOS', 'DD');

describe('the endpoint committee', () => {
  it('C-23 is shown a packet without identity, arm, surgery and the site’s cause', async () => {
    const subject = await deadSubject();
    const { items } = await accepted(committee[0]!.get(`${STUDY}/adjudications?status=pending`));
    expect(items).toContainEqual({
      subjectKey: subject,
      status: 'pending',
      died: '2025-06-01',
      opinions: 0,
      own: false,
    });
    const answer = await committee[0]!.get(packetPath(subject));
    expect(answer.body).toMatchObject({
      subjectKey: subject,
      status: 'pending',
      died: '2025-06-01',
      own: null,
    });
    expect(answer.body.forms.map(({ form }: { form: string }) => form)).toEqual(['DM', 'EN', 'DD']);
    expect(answer.text).not.toMatch(/Identifiable|I\.EN\.ARM|SUDAT|PLANNED_A|DTHCAUSE_S|DTHTEXT|2024-02-01/);
    expect(answer.text).not.toMatch(/AD[123]CAUSE|ADFINAL|enteredBy/);
    expect(answer.text).toContain('I.DM.ECOG');
  });

  it('C-17 sees nothing else of casebooks', async () => {
    const subject = await deadSubject();
    for (const path of [
      subjectPath(subject),
      `${STUDY}/subjects`,
      `${STUDY}/queries`,
      death(subject),
      `${death(subject)}/history`,
      `${STUDY}/audit`,
      `${STUDY}/outcomes`,
      `${STUDY}/log/entries?to=3`,
      `${STUDY}/verifications/pending`,
    ])
      expectProblem(await committee[0]!.get(path), 403, 'not-permitted');
  });

  it('C-17 alone gives opinions, and nobody of it who reads the casebooks of the site', async () => {
    const subject = await deadSubject();
    const body = { cause: 'SINET' };
    for (const other of [investigator, trial.as('monitor'), dataManager, inspector])
      expectProblem(await other.post(`${packetPath(subject)}/opinions`, body), 403, 'not-permitted');
    for (const other of [investigator, trial.as('monitor'), trial.as('statistician')])
      expectProblem(await other.get(packetPath(subject)), 403, 'not-permitted');
    const living = await enrol(investigator);
    const ask = async (one: string) => [
      (await committee[0]!.get(packetPath(one))).text,
      (await opine(0, one, 'SINET')).text,
    ];
    expect(await ask(living)).toEqual(await ask('FR01-9999'));
    const both = await member('Dee', { role: 'adjudicator' }, { role: 'monitor', sites: ['FR01'] });
    expectProblem(await both.post(`${packetPath(subject)}/opinions`, body), 403, 'not-permitted');
  });

  it('decides where two agree, and the outcome follows', async () => {
    const subject = await deadSubject();
    expect(await accepted(opine(0, subject, 'SINET', 'Progression'))).toMatchObject({
      opinion: 1,
      status: 'pending',
      cause: null,
    });
    expectProblem(await opine(0, subject, 'SINET'), 409, 'conflict');
    const unknown = await opine(1, subject, 'NONE');
    expect(faultsOf(unknown)).toHaveProperty('/cause');
    const decided = await opine(1, subject, 'SINET');
    expect(decided.body).toMatchObject({ opinion: 2, status: 'adjudicated', cause: 'SINET' });
    expectProblem(await opine(2, subject, 'SINET'), 409, 'conflict');

    const { items } = await accepted(dataManager.get(death(subject)));
    expect(items).toMatchObject({
      'I.DD.AD1CAUSE': { value: 'SINET' },
      'I.DD.AD2CAUSE': { value: 'SINET' },
      'I.DD.ADFINAL': { value: 'SINET', enteredBy: 'adjudication' },
      'I.DD.ADDAT': { value: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });
    const min = { 'Daybook-Min-Position': String(positionOf(decided)) };
    const outcomes = await accepted(
      trial.as('unblindedStatistician').get(`${STUDY}/outcomes?endpoint=DSDTH&limit=1000`, min),
    );
    const own = outcomes.items.find((row: { subjectKey: string }) => row.subjectKey === subject);
    expect(own).toMatchObject({ event: 1, description: 'Death due to siNET' });
  });

  it('asks a third member where two differ, and closes the check that asks', async () => {
    const subject = await deadSubject();
    const checks = async () => {
      const { items } = await accepted(dataManager.get(`${STUDY}/queries?subject=${subject}&status=open`));
      return items
        .map(({ check }: { check?: string }) => check)
        .filter((check?: string) => check?.startsWith('C31'));
    };
    expect(await checks()).toEqual(['C31.PENDING']);
    await accepted(opine(0, subject, 'SINET'));
    expect(await accepted(opine(1, subject, 'INFECTION'))).toMatchObject({ status: 'disagreement' });
    expect((await checks()).sort()).toEqual(['C31.PENDING', 'C31.THIRD']);
    expect(await accepted(opine(2, subject, 'INFECTION'))).toMatchObject({
      status: 'adjudicated',
      cause: 'INFECTION',
    });
    expect(await checks()).toEqual([]);
  });

  it('begins anew where the date of death is corrected', async () => {
    const subject = await deadSubject();
    await accepted(opine(0, subject, 'SINET'));
    await accepted(opine(1, subject, 'SINET'));
    const seen = await investigator.get(death(subject));
    const correction = { items: { 'I.DD.DTHDAT': '2025-06-02' }, reason };
    const answer = await investigator.patch(death(subject), correction, ifMatch(seen));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.text).not.toMatch(hidden);
    const packet = await accepted(committee[0]!.get(packetPath(subject)));
    expect(packet).toMatchObject({ status: 'pending', opinions: 0, own: null, cause: null });
    const { items } = await accepted(dataManager.get(death(subject)));
    expect(items['I.DD.ADFINAL']).toMatchObject({ value: null });
    await accepted(opine(0, subject, 'SINET'));
  });
});

describe('the committee’s list, and a packet, as of an earlier moment', () => {
  it('is what it then was', async () => {
    const path = `${STUDY}/adjudications?limit=1000`;
    const steps: { position: number; items: unknown[]; packet: unknown }[] = [];
    const subject = await deadSubject();
    const noted = async (answer: Answer) => {
      expect(answer.status, answer.text).toBeLessThan(300);
      steps.push({
        position: positionOf(answer),
        items: (await accepted(committee[0]!.get(path))).items,
        packet: await accepted(committee[0]!.get(packetPath(subject))),
      });
    };
    await noted(await opine(0, subject, 'SINET'));
    await noted(await opine(1, subject, 'INFECTION'));
    await noted(await opine(2, subject, 'SINET'));
    const seen = await investigator.get(death(subject));
    const correction = { items: { 'I.DD.DTHDAT': '2025-06-03' }, reason };
    await noted(await investigator.patch(death(subject), correction, ifMatch(seen)));
    expect(new Set(steps.map(({ items }) => JSON.stringify(items))).size).toBe(4);
    expect(new Set(steps.map(({ packet }) => JSON.stringify(packet))).size).toBe(4);
    for (const { position, items, packet } of steps) {
      expect(await accepted(committee[0]!.get(`${packetPath(subject)}?asOf=${position}`))).toEqual(packet);
      const then = await committee[0]!.get(`${path}&asOf=${position}`);
      expect(then.body.items).toEqual(items);
      expect(positionOf(then)).toBe(position);
      const { items: audited } = await accepted(
        inspector.get(`${STUDY}/audit?from=${position}&to=${position + 1}`),
      );
      expect((await accepted(committee[0]!.get(`${path}&asOf=${audited[0].recordedAt}`))).items).toEqual(
        items,
      );
      const differing = await accepted(committee[0]!.get(`${path}&asOf=${position}&status=disagreement`));
      expect(differing.items).toEqual(
        items.filter((one) => (one as { status: string }).status === 'disagreement'),
      );
    }
    const [{ position, items }] = steps as [(typeof steps)[number]];
    const first = await accepted(committee[0]!.get(`${STUDY}/adjudications?asOf=${position}&limit=1`));
    const rest = await accepted(
      committee[0]!.get(`${STUDY}/adjudications?asOf=${position}&limit=1000&cursor=${first.nextCursor}`),
    );
    expect([...first.items, ...rest.items]).toEqual(items);
    expect((await accepted(committee[0]!.get(`${path}&asOf=0`))).items).toEqual([]);
    expectProblem(await committee[0]!.get(`${packetPath(subject)}?asOf=0`), 404, 'not-found');
  });
});

describe('C-23 a site', () => {
  it('learns nothing of the committee’s work, by any door, and is not hindered by it', async () => {
    const subject = await deadSubject();
    const doors = [
      subjectPath(subject),
      death(subject),
      `${death(subject)}/history`,
      `${STUDY}/queries?subject=${subject}`,
      `${STUDY}/audit?subject=${subject}`,
      `${STUDY}/subjects?q=${subject}`,
      `${STUDY}/queries/counts?by=check`,
      `${STUDY}/signatures?subject=${subject}`,
      `${STUDY}/clinical-data?subject=${subject}`,
    ];
    const ofItself = /(FileOID|CreationDateTime)="[^"]*"|<MetaDataVersion.*<\/MetaDataVersion>/gs;
    const seen = () =>
      Promise.all(
        doors.map(async (door) => {
          const { body, text, headers } = await investigator.get(door);
          return { body: body ?? text.replace(ofItself, ''), tag: headers.get('etag') };
        }),
      );
    const before = await seen();
    const form = await investigator.get(death(subject));
    await accepted(opine(0, subject, 'SINET'));
    await accepted(opine(1, subject, 'INFECTION'));
    await accepted(opine(2, subject, 'SINET'));
    expect(await seen()).toEqual(before);
    expect(JSON.stringify(before)).not.toMatch(hidden);
    expect((await investigator.get(death(subject))).headers.get('etag')).toBe(form.headers.get('etag'));
    const correction = { items: { 'I.DD.AUTOPSY': 'Y' }, reason };
    const answer = await investigator.patch(death(subject), correction, ifMatch(form));
    expect(answer.status, answer.text).toBe(200);
    const entry = await investigator.patch(
      death(subject),
      { items: { 'I.DD.ADFINAL': 'SINET' } },
      ifMatch(answer),
    );
    expect(faultsOf(entry)).toEqual({ '/items/I.DD.ADFINAL': 'unknown-item' });
    expectProblem(await investigator.get(`${STUDY}/adjudications`), 403, 'not-permitted');
  });

  it('counts in a signature the queries alone that the signer could see', async () => {
    const subject = await deadSubject();
    const path = death(subject);
    await accepted(investigator.patch(path, { complete: true }, ifMatch(await investigator.get(path))));
    const sign = async () => {
      const signed = { scope: { visits: ['V_EOS'] }, meaning: 'I reviewed these data.', password: PASSWORD };
      return (await accepted(investigator.post(`${subjectPath(subject)}/signatures`, signed))).openQueries;
    };
    const { items } = await accepted(
      investigator.get(`${STUDY}/queries?subject=${subject}&visit=V_EOS&form=DD&status=open`),
    );
    expect(await sign()).toBe(items.length);
    await accepted(opine(0, subject, 'SINET'));
    await accepted(opine(1, subject, 'SINET'));
    expect(await sign()).toBe(items.length);
  });

  it('C-06 has the whole of it in the audit trail of inspectors and data managers', async () => {
    const subject = await deadSubject();
    await accepted(opine(0, subject, 'SINET', 'Progression'));
    await accepted(opine(1, subject, 'SINET'));
    const { items } = await accepted(inspector.get(`${STUDY}/audit?subject=${subject}&limit=1000`));
    const texts = items.map(({ text }: { text: string }) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        'Gave opinion 1 of the cause of death: SINET, “Progression”',
        'Adjudicated the cause of death by agreement: SINET',
      ]),
    );
    const opinion = items.find(({ type }: { type: string }) => type === 'OpinionRecorded');
    expect(opinion).toMatchObject({ userName: 'Ada', role: 'adjudicator', item: 'I.DD.AD1CAUSE' });
    const final = items.find(
      ({ type, item }: { type: string; item: string }) =>
        type === 'ItemsAdjudicated' && item === 'I.DD.ADFINAL',
    );
    expect(final).toMatchObject({ system: 'adjudication', newValue: 'SINET' });
  });
});
