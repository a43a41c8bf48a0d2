import { afterAll, describe, expect, it } from 'vitest';
import { drawOf } from '#study';
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
import type { Answer } from './client.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());
const { investigator, monitor, dataManager, inspector, statistician } = {
  investigator: trial.as('investigator'),
  monitor: trial.as('monitor'),
  dataManager: trial.as('dataManager'),
  inspector: trial.as('inspector'),
  statistician: trial.as('statistician'),
};
const DM = { visit: 'V_SCR', form: 'DM' };
const IC = { visit: 'V_SCR', form: 'IC' };
const verificationsOf = (subject: string) => `${subjectPath(subject)}/verifications`;

/** With a baseline form and a consent, all critical. */
async function subjectWithData(): Promise<string> {
  const subject = await enrol(investigator);
  const dm = { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 61.5, 'I.DM.ECOG': 1 } };
  await accepted(investigator.put(formPath(subject, 'V_SCR', 'DM'), dm));
  const ic = { items: { 'I.IC.ICTYPE': 'WRITTEN', 'I.IC.ICDAT': '2024-01-10' } };
  await accepted(investigator.put(formPath(subject, 'V_SCR', 'IC'), ic));
  return subject;
}
const itemsOf = async (subject: string, form = 'DM') =>
  (await accepted(investigator.get(formPath(subject, 'V_SCR', form)))).items;

describe('source data verification', () => {
  it('is of the items that the monitor names, and shown with each', async () => {
    const subject = await subjectWithData();
    const items = [{ ...DM, item: 'I.DM.WEIGHT', version: 1 }];
    const { verified } = await accepted(monitor.post(verificationsOf(subject), { items }));
    expect(verified).toEqual([{ ...DM, item: 'I.DM.WEIGHT', version: 1 }]);
    expect(await itemsOf(subject)).toMatchObject({
      'I.DM.WEIGHT': { verified: true, verifiedBy: trial.userId('monitor'), verifiedAt: expect.any(String) },
      'I.DM.SEX': { verified: false },
    });
  });

  it('is of whole forms and visits, and counted in the summary', async () => {
    const subject = await subjectWithData();
    const statuses = async () => {
      const { visits } = await accepted(monitor.get(subjectPath(subject)));
      const { forms } = visits.find(({ visit }: { visit: string }) => visit === 'V_SCR');
      return Object.fromEntries(
        forms.map(({ form, verified }: { form: string; verified: string }) => [form, verified]),
      );
    };
    expect(await statuses()).toMatchObject({ DM: 'none', IC: 'none', EL: 'none' });
    await accepted(monitor.post(verificationsOf(subject), { items: [{ ...DM, item: 'I.DM.SEX' }] }));
    expect(await statuses()).toMatchObject({ DM: 'partial', IC: 'none' });
    await accepted(monitor.post(verificationsOf(subject), { forms: [IC] }));
    expect(await statuses()).toMatchObject({ DM: 'partial', IC: 'complete' });
    await accepted(monitor.post(verificationsOf(subject), { visits: ['V_SCR~1'] }));
    expect(await statuses()).toMatchObject({ DM: 'complete', IC: 'complete' });
  });

  it('ends by itself where a value is corrected, and blocks no correction', async () => {
    const subject = await subjectWithData();
    const path = formPath(subject, 'V_SCR', 'DM');
    const seen = await investigator.get(path);
    await accepted(monitor.post(verificationsOf(subject), { forms: [DM] }));
    await accepted(investigator.patch(path, { items: { 'I.DM.WEIGHT': 62 }, reason }, ifMatch(seen)));
    expect(await itemsOf(subject)).toMatchObject({
      'I.DM.WEIGHT': { verified: false, version: 2 },
      'I.DM.SEX': { verified: true },
    });
    const { items } = await accepted(
      inspector.get(`${STUDY}/audit?subject=${subject}&type=VerificationWithdrawn&item=I.DM.WEIGHT`),
    );
    expect(items).toMatchObject([
      { item: 'I.DM.WEIGHT', system: 'verification', text: 'Withdrew the verification of Weight' },
    ]);
  });

  it('is refused for what holds nothing, is computed, or has changed since it was seen', async () => {
    const subject = await subjectWithData();
    const items = ['I.DM.HEIGHT', 'I.DM.AGE', 'I.DM.NONE'].map((item) => ({ ...DM, item }));
    const refused = await monitor.post(verificationsOf(subject), { items });
    expectProblem(refused, 422, 'invalid-value');
    expect(faultsOf(refused)).toEqual({
      '/items/0': 'nothing-entered',
      '/items/1': 'no-source',
      '/items/2': 'unknown-item',
    });
    const stale = { items: [{ ...DM, item: 'I.DM.SEX', version: 2 }] };
    const conflict = await monitor.post(verificationsOf(subject), stale);
    expectProblem(conflict, 409, 'conflict');
    expect(faultsOf(conflict)).toEqual({ '/items/0/version': 'stale' });
  });

  it('is withdrawn with a reason', async () => {
    const subject = await subjectWithData();
    const items = [{ ...DM, item: 'I.DM.SEX' }];
    await accepted(monitor.post(verificationsOf(subject), { items }));
    expectProblem(await monitor.delete(verificationsOf(subject), { items }), 422, 'invalid-value');
    await accepted(monitor.delete(verificationsOf(subject), { items, reason }));
    expect(await itemsOf(subject)).toMatchObject({ 'I.DM.SEX': { verified: false } });
    expectProblem(await monitor.delete(verificationsOf(subject), { items, reason }), 409, 'conflict');
  });

  it('C-17 is the monitor’s at own sites alone', async () => {
    const subject = await subjectWithData();
    const body = { forms: [DM] };
    for (const other of [investigator, trial.as('coordinator'), dataManager, statistician, inspector])
      expectProblem(await other.post(verificationsOf(subject), body), 403, 'not-permitted');
    const elsewhere = await enrol(trial.as('otherCoordinator'), 'DE01');
    expectProblem(await monitor.post(verificationsOf(elsewhere), body), 404, 'not-found');
    expectProblem(await investigator.get(`${STUDY}/verifications/pending`), 403, 'not-permitted');
    expectProblem(await monitor.get(`${STUDY}/verifications/pending?site=DE01`), 404, 'not-found');
  });
});

describe('what is still to be verified', () => {
  interface Pending {
    form: string;
    pending: number;
    items: { item: string }[];
  }
  const pendingOf = async (subject: string, position: number): Promise<Pending[]> => {
    const min = { 'Daybook-Min-Position': String(position) };
    return (await accepted(monitor.get(`${STUDY}/verifications/pending?subject=${subject}`, min))).items;
  };

  it('follows the plan: what is critical of everyone, the rest of a sample that anybody can draw again', async () => {
    const subjects = await Promise.all(Array.from({ length: 12 }, subjectWithData));
    const { verification } = await accepted(dataManager.get(`${STUDY}/definitions/1`));
    expect(verification).toMatchObject({ plan: 'sample', share: 0.15 });
    for (const subject of subjects) {
      const drawn = drawOf(verification.seed, subject) < verification.share;
      const last = await investigator.get(subjectPath(subject));
      const forms = (await pendingOf(subject, positionOf(last))).map(({ form }) => form);
      expect(forms, subject).toEqual(drawn ? ['DM', 'IC'] : ['IC']);
    }
  });

  it('goes down as it is verified, up as it is corrected, and is counted site by site', async () => {
    const subject = await subjectWithData();
    const min = (position: number) => ({ 'Daybook-Min-Position': String(position) });
    const progress = async (position: number) => {
      const { items } = await accepted(monitor.get(`${STUDY}/verifications/progress?by=site`, min(position)));
      return items.find(({ site }: { site: string }) => site === 'FR01');
    };
    const before = await progress(0);
    const done = await monitor.post(verificationsOf(subject), { forms: [IC] });
    expect((await pendingOf(subject, positionOf(done))).filter(({ form }) => form === 'IC')).toEqual([]);
    const after = await progress(positionOf(done));
    expect(after).toMatchObject({ planned: before.planned, verified: before.verified + 2 });
    expect(after.pending).toBe(after.planned - after.verified);

    const seen = await investigator.get(formPath(subject, 'V_SCR', 'IC'));
    const correction = { items: { 'I.IC.ICDAT': '2024-01-09' }, reason };
    const corrected = await investigator.patch(formPath(subject, 'V_SCR', 'IC'), correction, ifMatch(seen));
    expect(
      (await pendingOf(subject, positionOf(corrected))).filter(({ form }) => form === 'IC'),
    ).toMatchObject([{ pending: 1, planned: 2, verified: 1, items: [{ item: 'I.IC.ICDAT' }] }]);
  });

  it('comes in pages, each form once', async () => {
    const all: string[] = [];
    let cursor = '';
    do {
      const page = await accepted(dataManager.get(`${STUDY}/verifications/pending?limit=3${cursor}`));
      all.push(
        ...page.items.map(
          ({ subjectKey, form }: { subjectKey: string; form: string }) => `${subjectKey} ${form}`,
        ),
      );
      cursor = page.nextCursor && `&cursor=${page.nextCursor}`;
    } while (cursor);
    const whole = await accepted(dataManager.get(`${STUDY}/verifications/pending?limit=1000`));
    expect(all).toHaveLength(whole.items.length);
    expect(new Set(all).size).toBe(all.length);
  });

  it('is read as of a position or an instant as it was then', async () => {
    const subject = await subjectWithData();
    const path = `${STUDY}/verifications/pending?limit=1000`;
    const steps: { position: number; items: unknown[] }[] = [];
    const noted = async (answer: Answer) => {
      expect(answer.status, answer.text).toBeLessThan(300);
      const position = positionOf(answer);
      const min = { 'Daybook-Min-Position': String(position) };
      steps.push({ position, items: (await accepted(dataManager.get(path, min))).items });
      return answer;
    };
    await noted(await monitor.post(verificationsOf(subject), { forms: [IC] }));
    const correction = { items: { 'I.IC.ICDAT': '2024-01-09' }, reason };
    const seen = await investigator.get(formPath(subject, 'V_SCR', 'IC'));
    await noted(await investigator.patch(formPath(subject, 'V_SCR', 'IC'), correction, ifMatch(seen)));
    await noted(await dataManager.post(`${subjectPath(subject)}/transfer`, { site: 'DE01', reason }));
    await noted(await trial.as('otherCoordinator').put(formPath(subject, 'V_SCR', 'LB'), { items: {} }));
    expect(new Set(steps.map(({ items }) => JSON.stringify(items))).size).toBe(3);

    for (const { position, items } of steps) {
      const then = await dataManager.get(`${path}&asOf=${position}`);
      expect(then.body.items).toEqual(items);
      expect(positionOf(then)).toBe(position);
      const ofSubject = await accepted(dataManager.get(`${path}&asOf=${position}&subject=${subject}`));
      expect(ofSubject.items).toEqual(
        items.filter((one) => (one as { subjectKey: string }).subjectKey === subject),
      );
      const { items: audited } = await accepted(
        dataManager.get(`${STUDY}/audit?from=${position}&to=${position + 1}`),
      );
      expect((await accepted(dataManager.get(`${path}&asOf=${audited[0].recordedAt}`))).items).toEqual(items);
    }
    const [{ position, items }] = steps as [(typeof steps)[number]];
    const paged: unknown[] = [];
    for (let cursor = ''; ; ) {
      const page = await accepted(
        dataManager.get(`${path}&asOf=${position}&limit=4${cursor}`.replace('limit=1000&', '')),
      );
      paged.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(paged).toEqual(items);
    const elsewhere = (await accepted(monitor.get(`${path}&asOf=${steps[2]!.position}`))).items;
    expect(elsewhere.filter((one: { subjectKey: string }) => one.subjectKey === subject)).toEqual([]);
    expectProblem(await dataManager.get(`${path}&asOf=1000000`), 503, 'unavailable');
  });
});
