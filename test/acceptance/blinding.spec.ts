import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, PASSWORD, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const blinded = trial.as('statistician');
const unblinded = trial.as('unblindedStatistician');

/** One subject an arm, alike in everything else: the first has what surgery brings with it. */
let resected: string;
let spared: string;
beforeAll(async () => {
  const coordinator = trial.as('coordinator');
  const enter = (subject: string, visit: string, form: string, items: object) =>
    accepted(coordinator.put(formPath(subject, visit, form), { items }));
  for (const arm of ['A', 'B']) {
    const subject = await enrol(coordinator);
    await accepted(coordinator.post(`${subjectPath(subject)}/allocation`, { arm, date: '2024-02-01' }));
    await enter(subject, 'V_INC', 'EN', {
      'I.EN.ENDAT': '2024-02-01',
      'I.EN.ARM': arm,
      'I.EN.ARMREAS': arm === 'A' ? 'NODERISK' : 'PATIENT',
    });
    await enter(subject, 'V_M06', 'FU', {
      'I.FU.EMSURG': arm === 'A' ? 'Y' : 'N',
      'I.FU.LASTALIVE': '2024-08-01',
    });
    const query = { visit: 'V_INC', form: 'EN', item: 'I.EN.ARM', text: `Why arm ${arm}?` };
    await accepted(trial.as('monitor').post(`${subjectPath(subject)}/queries`, query));
    if (arm === 'A') resected = subject;
    else spared = subject;
  }
  await enter(resected, 'V_SURG', 'SU', { 'I.SU.SUDAT': '2024-03-01', 'I.SU.SBLEN': 9999 });
  await enter(resected, 'V_SURG', 'PT', { 'I.PT.PTDAT': '2024-03-05' });
  await enter(resected, 'V_POD30', 'PO', { 'I.PO.PODAT': '2024-04-01' });
  const query = { visit: 'V_SURG', form: 'SU', text: 'Who operated?' };
  await accepted(trial.as('monitor').post(`${subjectPath(resected)}/queries`, query));
});

/** What a reader is told of a subject, but for what is the subject’s own. */
async function told(person: Person, subject: string): Promise<Record<string, unknown>> {
  const client = trial.as(person);
  const doors: Record<string, string> = {
    summary: subjectPath(subject),
    queries: `${STUDY}/queries?subject=${subject}`,
    signatures: `${STUDY}/signatures?subject=${subject}`,
    'signatures that hold': `${STUDY}/signatures?subject=${subject}&status=valid`,
    'broken signatures': `${STUDY}/signatures?subject=${subject}&status=broken`,
    'clinical data': `${STUDY}/clinical-data?subject=${subject}`,
    outcomes: `${STUDY}/outcomes?limit=1000`,
  };
  for (const [visit, form] of [
    ['V_INC', 'EN'],
    ['V_M06', 'FU'],
    ['V_SURG', 'SU'],
    ['V_SURG', 'PT'],
    ['V_SCR', 'PT'],
    ['V_POD30', 'PO'],
  ] as const) {
    doors[`${visit} ${form}`] = formPath(subject, visit, form);
    doors[`${visit} ${form} history`] = `${formPath(subject, visit, form)}/history`;
  }
  const answers: Record<string, unknown> = {};
  for (const [door, path] of Object.entries(doors)) {
    const { status, body, text } = await client.get(path);
    const shown = door === 'outcomes' ? body.items.filter(ofSubject(subject)) : (body ?? text);
    answers[door] = [status, withoutOwn(shown, subject)];
  }
  return answers;
}

const ofSubject = (subject: string) => (row: { subjectKey: string }) => row.subjectKey === subject;

/** Times and positions differ between any two subjects, and their keys. */
const withoutOwn = (body: unknown, subject: string) =>
  JSON.parse(
    JSON.stringify(body)
      .replaceAll(subject, 'SUBJECT')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
      .replace(/"(position|srcSeq)":\d+/g, '"$1":0'),
  );

describe('C-23 a blinded statistician', () => {
  it('is told the same of two subjects whose arms differ, at every door', async () => {
    const ofResected = await told('statistician', resected);
    const ofSpared = await told('statistician', spared);
    for (const door of Object.keys(ofSpared)) expect(ofResected[door], door).toEqual(ofSpared[door]);
  });

  it('is told by no ETag how much happened', async () => {
    const path = formPath(resected, 'V_INC', 'EN');
    const [own, other] = [await blinded.get(path), await unblinded.get(path)];
    expect(other.headers.get('etag')).toMatch(/^"\d+"$/);
    expect(own.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
  });

  it('which an unblinded one is not', async () => {
    const ofResected = await told('unblindedStatistician', resected);
    const ofSpared = await told('unblindedStatistician', spared);
    for (const door of ['summary', 'queries', 'outcomes', 'V_INC EN', 'V_M06 FU', 'V_SURG SU', 'V_POD30 PO'])
      expect(ofResected[door], door).not.toEqual(ofSpared[door]);
  });

  it('sees no arm in the list of subjects, and does not list by arm', async () => {
    const { items } = await accepted(blinded.get(`${STUDY}/subjects`));
    expect(items.map(({ arm }: { arm: unknown }) => arm)).toEqual([null, null]);
    for (const filter of ['arm=A', 'arm=B&site=FR01', 'arm=none'])
      expectProblem(await blinded.get(`${STUDY}/subjects?${filter}`), 403, 'not-permitted');
    const shown = await accepted(unblinded.get(`${STUDY}/subjects?arm=A`));
    expect(shown.items).toMatchObject([{ subjectKey: resected, arm: 'A' }]);
  });

  it('sees nothing of what tells the arms apart, and the rest of the form', async () => {
    const path = formPath(resected, 'V_INC', 'EN');
    const { items } = await accepted(blinded.get(path));
    expect(items).not.toHaveProperty('I.EN.ARM');
    expect(items['I.EN.ENDAT'].value).toBe('2024-02-01');
    const history = (await accepted(blinded.get(`${path}/history`))).items;
    expect(history.map(({ item }: { item: string }) => item)).toEqual(['I.EN.ENDAT']);
    const open = await accepted(unblinded.get(path));
    expect(open.items['I.EN.ARM'].value).toBe('A');
  });

  it('sees no form, and no visit, that only one arm has', async () => {
    for (const [visit, form] of [
      ['V_SURG', 'SU'],
      ['V_SURG', 'PT'],
      ['V_POD30', 'PO'],
    ] as const) {
      const seen = await blinded.get(formPath(resected, visit, form));
      const absent = await blinded.get(formPath(spared, visit, form));
      expectProblem(seen, 404, 'not-found');
      expect(seen.text).toBe(absent.text);
      expect((await unblinded.get(formPath(resected, visit, form))).status).toBe(200);
    }
    const { visits } = await accepted(blinded.get(subjectPath(resected)));
    const names = visits.map(({ visit }: { visit: string }) => visit);
    expect(names).toContain('V_M06');
    for (const name of ['V_SURG', 'V_POD30', 'V_POD90']) expect(names).not.toContain(name);
  });

  it('sees no query on what tells the arms apart', async () => {
    expect((await accepted(blinded.get(`${STUDY}/queries`))).items).toEqual([]);
    const items = (await accepted(unblinded.get(`${STUDY}/queries`))).items;
    expect(items.map(({ form }: { form: string }) => form).sort()).toEqual([
      'EN',
      'EN',
      'EN',
      'FU',
      'SU',
      'SU',
    ]);
  });

  it('sees no query of them by its number, in a count, or in the list of subjects', async () => {
    const { items } = await accepted(unblinded.get(`${STUDY}/queries`));
    for (const { query } of items)
      expectProblem(await blinded.get(`${STUDY}/queries/${query}`), 404, 'not-found');
    for (const by of ['site', 'item', 'check', 'status'])
      expect((await accepted(blinded.get(`${STUDY}/queries/counts?by=${by}`))).items).toEqual([]);
    const counted = async (client: typeof blinded) =>
      (await accepted(client.get(`${STUDY}/subjects`))).items.map(
        ({ openQueries }: { openQueries: number }) => openQueries,
      );
    expect(await counted(blinded)).toEqual([0, 0]);
    const open = items.filter(({ owner }: { owner: string | null }) => owner !== null);
    expect((await counted(unblinded)).reduce((a: number, b: number) => a + b)).toBe(open.length);
  });

  it('sees outcomes without arms', async () => {
    const { items } = await accepted(blinded.get(`${STUDY}/outcomes?endpoint=OS`));
    expect(items).toHaveLength(2);
    for (const row of items) expect(row.arm).toBeNull();
    const open = await accepted(unblinded.get(`${STUDY}/outcomes?endpoint=OS`));
    expect(open.items.map(({ arm }: { arm: string }) => arm)).toEqual(['A', 'B']);
  });

  it('sees no more of the past than of the present', async () => {
    const position = (await trial.logSizes()).SINET! - 1;
    for (const path of [
      `${STUDY}/subjects?`,
      `${STUDY}/queries?`,
      `${STUDY}/queries/counts?by=status&`,
      `${STUDY}/outcomes?`,
      `${subjectPath(resected)}?`,
    ]) {
      const then = await accepted(blinded.get(`${path}asOf=${position}`));
      const now = await accepted(blinded.get(path));
      expect(then).toEqual(now);
    }
    const surgery = formPath(resected, 'V_SURG', 'SU');
    expectProblem(await blinded.get(`${surgery}?asOf=${position}`), 404, 'not-found');
  });

  it('is kept from the audit trail and from the entries of the log', async () => {
    expectProblem(await blinded.get(`${STUDY}/audit`), 403, 'not-permitted');
    expectProblem(await blinded.get(`${STUDY}/log/entries`), 403, 'not-permitted');
  });
});

describe('C-23 a blinded statistician, once it is signed, corrected and locked', () => {
  beforeAll(async () => {
    const coordinator = trial.as('coordinator');
    const complete = async (subject: string, visit: string, form: string) => {
      const path = formPath(subject, visit, form);
      await accepted(coordinator.patch(path, { complete: true }, ifMatch(await coordinator.get(path))));
    };
    const sign = (subject: string, scope: unknown) =>
      accepted(
        trial.as('investigator').post(`${subjectPath(subject)}/signatures`, {
          ...{ scope, meaning: 'I reviewed these data.', password: PASSWORD },
        }),
      );
    for (const subject of [resected, spared]) {
      await complete(subject, 'V_INC', 'EN');
      await complete(subject, 'V_M06', 'FU');
      await sign(subject, { visits: ['V_INC'] });
    }
    for (const form of ['SU', 'PT']) await complete(resected, 'V_SURG', form);
    await complete(resected, 'V_POD30', 'PO');
    await sign(resected, { visits: ['V_SURG'] });
    for (const subject of [resected, spared]) await sign(subject, 'casebook');
    const surgery = formPath(resected, 'V_SURG', 'SU');
    const correction = { items: { 'I.SU.SBLEN': 90 }, reason };
    await accepted(coordinator.patch(surgery, correction, ifMatch(await coordinator.get(surgery))));
    const dataManager = trial.as('dataManager');
    await accepted(dataManager.post(`${subjectPath(resected)}/visits/V_SURG/locks`, {}));
    await accepted(dataManager.post(`${subjectPath(resected)}/visits/V_POD30/freezes`, {}));
  });

  it('is told the same of both subjects still', async () => {
    const [ofResected, ofSpared] = [await told('statistician', resected), await told('statistician', spared)];
    for (const door of Object.keys(ofSpared)) expect(ofResected[door], door).toEqual(ofSpared[door]);
  });

  it('sees no signature, and no lock, on what tells the arms apart; nor a hash of which it could be guessed', async () => {
    const list = async (person: Person, query: string) =>
      (await accepted(trial.as(person).get(`${STUDY}/signatures?subject=${resected}${query}`))).items;
    expect(await list('unblindedStatistician', '')).toHaveLength(3);
    expect(await list('unblindedStatistician', '&status=broken')).toHaveLength(2);
    const seen = await list('statistician', '');
    expect(seen).toHaveLength(2);
    for (const one of seen) expect(one).toMatchObject({ status: 'valid', hash: null, openQueries: null });
    expect(JSON.stringify(seen)).not.toMatch(/V_SURG|V_POD30/);

    const first = await accepted(blinded.get(`${STUDY}/signatures?subject=${resected}&limit=1`));
    expect(first.items).toEqual(seen.slice(0, 1));
    const next = await accepted(
      blinded.get(`${STUDY}/signatures?subject=${resected}&limit=1&cursor=${first.nextCursor}`),
    );
    expect(next).toEqual({ items: seen.slice(1), nextCursor: null });

    expect((await accepted(unblinded.get(subjectPath(resected)))).locks).toHaveLength(2);
    expect((await accepted(blinded.get(subjectPath(resected)))).locks).toEqual([]);
    const { text } = await blinded.get(`${STUDY}/changes?after=0&limit=1000`);
    expect(text).toContain('V_M06');
    expect(text).not.toMatch(/V_SURG|V_POD30|SignatureGiven|SignatureBroken/);
    // Nor does a gap between an act's lines tell that there is another.
    for (const { lines } of text
      .trimEnd()
      .split('\n')
      .map((one) => JSON.parse(one))) {
      expect(lines.map(({ line }: { line: number }) => line)).toEqual([...lines.keys()]);
    }
  });
});
