import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const coordinator = trial.as('coordinator');
const monitor = trial.as('monitor');
let subject: string;
beforeEach(async () => {
  subject = await enrol(coordinator);
});

const put = (visit: string, form: string, items: object, more: object = {}) =>
  coordinator.put(formPath(subject, visit, form), { items, ...more });
const queriesOf = async (client = monitor) =>
  (await accepted(client.get(`${STUDY}/queries?subject=${subject}`))).items;
const grading = { 'I.DX.KI67': 8, 'I.DX.MITO': 1 };

describe('a check in CEL', () => {
  it('raises its query with the entry, filled in, and closes it with the correction', async () => {
    const entered = await put('V_SCR', 'DX', { ...grading, 'I.DX.GRADE': 'G1' });
    expect(entered.status, entered.text).toBe(201);
    const id = `${subject}-Q1`;
    const asked = {
      query: id,
      visit: 'V_SCR',
      form: 'DX',
      item: 'I.DX.GRADE',
      items: ['I.DX.GRADE', 'I.DX.KI67', 'I.DX.MITO'],
      check: 'C03',
      text: 'Grade is G1, but Ki-67 8 % and 1 mitoses per 2 mm² give G2. Please check.',
    };
    expect(entered.body.queries).toEqual({ raised: [asked], closed: [] });
    expect(await queriesOf()).toMatchObject([{ ...asked, status: 'open', origin: 'check' }]);
    const { items } = await accepted(monitor.get(formPath(subject, 'V_SCR', 'DX')));
    expect(items['I.DX.KI67'].openQueries).toBe(1);

    const corrected = await coordinator.patch(
      formPath(subject, 'V_SCR', 'DX'),
      { items: { 'I.DX.GRADE': 'G2' }, reason },
      ifMatch(entered),
    );
    expect(corrected.body.queries).toEqual({ raised: [], closed: [id] });
    expect((await queriesOf())[0]).toMatchObject({ status: 'closed' });
  });

  it('looks across forms, and its query closes itself when the other form comes', async () => {
    const followUp = await put('V_M06', 'FU', { 'I.FU.EMSURG': 'Y' });
    expect(followUp.body.queries.raised).toMatchObject([{ check: 'C16.EMERGENCY', form: 'FU' }]);
    const surgery = await put('V_SURG', 'SU', { 'I.SU.SUTYPE': 'EMERGENCY' });
    expect(surgery.body.queries).toEqual({ raised: [], closed: [`${subject}-Q200001`] });
  });

  it('stays settled once a person has settled it, until its items change', async () => {
    const late = { 'I.FU.FUDAT': '2024-12-01', 'I.FU.VSTAT': 'ALIVE' };
    await accepted(put('V_INC', 'EN', { 'I.EN.ENDAT': '2024-02-01' }));
    const entered = await put('V_M06', 'FU', late);
    expect(entered.body.queries.raised).toMatchObject([{ check: 'C26.FU' }]);
    const path = `${STUDY}/queries/${subject}-Q1`;
    await accepted(coordinator.post(`${path}/answer`, { text: 'The subject was abroad.' }));
    await accepted(monitor.post(`${path}/close`, { text: 'Accepted.' }));
    const form = formPath(subject, 'V_M06', 'FU');
    const more = await coordinator.patch(form, { items: { 'I.FU.WEIGHT': 70 } }, ifMatch(entered));
    expect(more.body.queries).toEqual({ raised: [], closed: [] });
    const moved = { items: { 'I.FU.FUDAT': '2024-12-02' }, reason };
    const again = await coordinator.patch(form, moved, ifMatch(more));
    expect(again.body.queries.raised).toMatchObject([{ check: 'C26.FU', query: `${subject}-Q2` }]);
  });

  it('C-23 tells whoever is blinded nothing of what is masked', async () => {
    await accepted(put('V_M06', 'FU', { 'I.FU.EMSURG': 'Y' }));
    expect(await queriesOf()).toHaveLength(1);
    expect(await queriesOf(trial.as('statistician'))).toEqual([]);
    expect(await queriesOf(trial.as('unblindedStatistician'))).toHaveLength(1);
  });

  it('on what is hidden from the site is raised without a word to it', async () => {
    const death = await put('V_EOS', 'DD', { 'I.DD.DTHDAT': '2024-06-01' });
    expect(death.body.queries.raised).toEqual([]);
    expect(await queriesOf(coordinator)).toEqual([]);
    expect(await queriesOf(trial.as('dataManager'))).toMatchObject([{ check: 'C31.PENDING' }]);
  });
});

describe('a hard check', () => {
  it('refuses the entry at the item, and nothing is stored', async () => {
    await accepted(put('V_INC', 'EN', { 'I.EN.ENDAT': '2024-02-01', 'I.EN.ARM': 'B' }));
    const before = await trial.logSizes();
    const refused = await put('V_SURG', 'SU', { 'I.SU.SUDAT': '2024-03-01', 'I.SU.SUTYPE': 'PLANNED_A' });
    expectProblem(refused, 422, 'invalid-value');
    expect(faultsOf(refused)).toEqual({ '/items/I.SU.SUTYPE': 'C15.PLANNED' });
    expect(await trial.logSizes()).toEqual(before);
    await accepted(put('V_SURG', 'SU', { 'I.SU.SUDAT': '2024-03-01', 'I.SU.SUTYPE': 'CROSSOVER' }));
  });

  it('looks at derived items: nobody is included who is not eligible', async () => {
    const met = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`I.EL.I0${i + 1}`, 'Y']));
    const eligibility = await put('V_SCR', 'EL', { ...met, 'I.EL.E01': 'Y' });
    const inclusion = { 'I.EN.ENDAT': '2024-02-01' };
    const refused = await put('V_INC', 'EN', inclusion);
    expect(faultsOf(refused)).toEqual({ '/items/I.EN.ENDAT': 'C14' });
    const waiver = { items: { 'I.EL.ELWAIVER': 'Y' } };
    await accepted(coordinator.patch(formPath(subject, 'V_SCR', 'EL'), waiver, ifMatch(eligibility)));
    expect((await put('V_INC', 'EN', inclusion)).status).toBe(201);
  });
});

describe('C-06 a derived item', () => {
  it('is computed with the entry, by the system, in form, history and audit trail', async () => {
    await accepted(put('V_SCR', 'DM', { 'I.DM.WEIGHT': 81, 'I.DM.HEIGHT': 180 }));
    const path = formPath(subject, 'V_SCR', 'DM');
    const bmi = { value: 25, enteredBy: 'derivation' };
    expect((await accepted(monitor.get(path))).items['I.DM.BMI']).toMatchObject({ ...bmi, version: 1 });
    const history = (await accepted(monitor.get(`${path}/history`))).items;
    expect(history).toContainEqual(expect.objectContaining({ item: 'I.DM.BMI', ...bmi, reason: null }));
    const { items } = await accepted(
      trial.as('dataManager').get(`${STUDY}/audit?subject=${subject}&type=ItemsDerived`),
    );
    expect(items).toMatchObject([{ item: 'I.DM.BMI', user: null, system: 'derivation', newValue: 25 }]);
  });

  it('is never entered', async () => {
    const refused = await put('V_SCR', 'DM', { 'I.DM.BMI': 25 });
    expect(faultsOf(refused)).toEqual({ '/items/I.DM.BMI': 'derived-item' });
  });

  it('may be derived from what identifies, which stays sealed', async () => {
    await accepted(put('V_SCR', 'DM', { 'I.DM.BIRTHDT': '1961-12-24' }));
    const { items } = await accepted(trial.as('unblindedStatistician').get(formPath(subject, 'V_SCR', 'DM')));
    expect(items['I.DM.AGE'].value).toBe(62);
    expect(items['I.DM.BIRTHDT']).toMatchObject({ value: null, masked: 'identifying' });
    const { rows } = await trial.started.installation.pool.query(
      `SELECT entry FROM event WHERE stream = $1 AND entry LIKE '%1961-12%'`,
      [`subject/${subject}`],
    );
    expect(rows).toEqual([]);
  });

  it('changes with other forms, and whoever saw those as they were is told so', async () => {
    const lesion = (diameter: number) => ({
      rows: { 'IG.IM.TL': [{ rowKey: 'a', items: { 'I.IM.TLDIAM': diameter } }] },
    });
    const assessed = { 'I.IM.NTL': 'NONCRNONPD', 'I.IM.NEWL': 'N' };
    const baseline = await put('V_SCR', 'IM', { 'I.IM.IMDAT': '2024-01-12' }, lesion(40));
    const later = await put('V_M06', 'IM', { 'I.IM.IMDAT': '2024-07-12', ...assessed }, lesion(40));
    const path = formPath(subject, 'V_M06', 'IM');
    expect((await accepted(monitor.get(path))).items['I.IM.RECISTD'].value).toBe('SD');
    await accepted(
      coordinator.patch(formPath(subject, 'V_SCR', 'IM'), { ...lesion(20), reason }, ifMatch(baseline)),
    );
    const shown = await monitor.get(path);
    expect(shown.body.items['I.IM.RECISTD'].value).toBe('PD');
    const note = { items: { 'I.IM.PRIMSIZE': 12 } };
    expectProblem(await coordinator.patch(path, note, ifMatch(later)), 412, 'stale');
    await accepted(coordinator.patch(path, note, ifMatch(shown)));
  });
});

describe('a definition with faults in its expressions', () => {
  it('is refused with every one of them in its place', async () => {
    const dataManager = trial.as('dataManager');
    const definition = await accepted(dataManager.get(`${STUDY}/definitions/1`));
    const [first, second, ...checks] = definition.checks;
    const [age, bmi, ...derivations] = definition.derivations;
    const faulty = {
      ...definition,
      checks: [
        { ...first, when: 'GRADE > 2' },
        { ...second, items: ['I.DX.NONE', ...second.items] },
        ...checks,
      ],
      derivations: [
        { ...age, expression: 'BMI > 20.0 ? 1 : 2' },
        { ...bmi, expression: 'AGE > 20 ? 1.0 : 2.0' },
        ...derivations,
      ],
    };
    const refused = await dataManager.post(`${STUDY}/definitions`, faulty);
    expectProblem(refused, 422, 'invalid-definition');
    expect(faultsOf(refused)).toEqual({
      '/checks/0/when': 'wrong-type',
      '/checks/1/items/0': 'dangling',
      '/derivations/0/expression': 'cycle',
    });
    expect((await accepted(dataManager.get(STUDY))).version).toBe(1);
  });
});

describe('planned visits', () => {
  it('are due, overdue, missed or entered by their windows, and closed by death', async () => {
    const states = async () => {
      const { visits } = await accepted(monitor.get(subjectPath(subject)));
      return Object.fromEntries(
        visits.map(({ visit, state }: { visit: string; state: string | null }) => [visit, state]),
      );
    };
    expect(await states()).toMatchObject({ V_INC: 'expected', V_M06: 'expected', V_UNS: null, COMMON: null });
    await accepted(put('V_INC', 'EN', { 'I.EN.ENDAT': '2024-02-01' }));
    expect(await states()).toMatchObject({ V_INC: 'entered', V_M06: 'overdue', V_M60: 'expected' });
    await accepted(put('V_M12', 'FU', { 'I.FU.FUDAT': '2025-02-01' }));
    expect(await states()).toMatchObject({ V_M06: 'missed', V_M12: 'entered', V_M18: 'overdue' });
    await accepted(put('V_EOS', 'DD', { 'I.DD.DTHDAT': '2025-03' }));
    expect(await states()).toMatchObject({
      V_M06: 'missed',
      V_M18: 'closed',
      V_M60: 'closed',
      V_EOS: 'entered',
    });
  });
});

describe('an item with a condition', () => {
  const inclusion = { 'I.EN.ENDAT': '2024-02-01', 'I.EN.ENMDT': '2024-02-01', 'I.EN.ARM': 'A' };
  const asked = (answer: { body: { queries: { raised: { check: string }[] } } }) =>
    answer.body.queries.raised.map(({ check }) => check);

  it('is required just where the condition holds, and its query closes itself', async () => {
    const other = { ...inclusion, 'I.EN.ARMREAS': 'OTHER' };
    const entered = await put('V_INC', 'EN', other, { complete: true });
    expect(asked(entered)).toContain('due:I.EN.ARMOTH');
    const due = entered.body.queries.raised.find(({ check }: { check: string }) => check.startsWith('due:'));
    const corrected = await coordinator.patch(
      formPath(subject, 'V_INC', 'EN'),
      { items: { 'I.EN.ARMREAS': 'PATIENT' }, reason },
      ifMatch(entered),
    );
    expect(corrected.body.queries.closed).toContain(due.query);
  });

  it('is queried where it is entered but does not apply', async () => {
    const items = { ...inclusion, 'I.EN.ARMREAS': 'PATIENT', 'I.EN.ARMOTH': 'Far from home' };
    const entered = await put('V_INC', 'EN', items);
    expect(asked(entered)).toContain('surplus:I.EN.ARMOTH');
  });

  it('in rows is asked for row by row', async () => {
    const manager = trial.as('dataManager');
    const definition = await accepted(manager.get(`${STUDY}/definitions/1`));
    const lesions = definition.forms.find(({ oid }: { oid: string }) => oid === 'IM').groups[1];
    Object.assign(lesions.items[2], { presence: 'conditional', showIf: "TLSITE != 'NODE' && IMMOD == 'CT'" });
    await accepted(manager.post(`${STUDY}/definitions`, definition));
    subject = await enrol(coordinator);
    const row = (rowKey: string, TLSITE: string, more: object = {}) => ({
      rowKey,
      items: { 'I.IM.TLID': rowKey, 'I.IM.TLSITE': TLSITE, ...more },
    });
    const rows = {
      'IG.IM.TL': [row('1', 'LIVER'), row('2', 'NODE'), row('3', 'NODE', { 'I.IM.TLDIAM': 9 })],
    };
    const entered = await put('V_SCR', 'IM', { 'I.IM.IMMOD': 'CT' }, { rows, complete: true });
    expect(entered.status, entered.text).toBe(201);
    const inRows = entered.body.queries.raised.filter(({ check }: { check: string }) => /TLDIAM/.test(check));
    const place = { visit: 'V_SCR', form: 'IM', item: 'I.IM.TLDIAM', group: 'IG.IM.TL' };
    expect(inRows).toMatchObject([
      { ...place, check: 'due:I.IM.TLDIAM', row: '1' },
      { ...place, check: 'surplus:I.IM.TLDIAM', row: '3' },
    ]);
    const change = { rows: { 'IG.IM.TL': [{ rowKey: '1', items: { 'I.IM.TLDIAM': 12 } }] }, reason };
    const corrected = await coordinator.patch(formPath(subject, 'V_SCR', 'IM'), change, ifMatch(entered));
    expect(corrected.body.queries.closed).toEqual([inRows[0].query]);
  });
});
