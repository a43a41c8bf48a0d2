import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { accepted, type Person, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const coordinator = trial.as('coordinator');
const monitor = trial.as('monitor');
let subject: string;
let dm: string;
beforeEach(async () => {
  subject = await enrol(coordinator);
  dm = formPath(subject, 'V_SCR', 'DM');
});

const raise = (body: object) => monitor.post(`${subjectPath(subject)}/queries`, body);
const queriesOf = async (of = subject) =>
  (await accepted(monitor.get(`${STUDY}/queries?subject=${of}`))).items;

describe('a query of a person', () => {
  it('is raised on an item, with a thread that tells every step', async () => {
    const raised = await raise({ visit: 'V_SCR~1', form: 'DM', item: 'I.DM.WEIGHT', text: 'In kilograms?' });
    expect(raised.status).toBe(201);
    expect(raised.body).toEqual({ query: `${subject}-Q1`, subjectKey: subject, status: 'open' });
    expect(raised.headers.get('location')).toBe(`/api/v1${STUDY}/queries/${subject}-Q1`);
    const path = `${STUDY}/queries/${subject}-Q1`;
    for (const [step, client, status] of [
      ['answer', coordinator, 'answered'],
      ['reopen', monitor, 'open'],
      ['answer', coordinator, 'answered'],
      ['close', monitor, 'closed'],
      ['reopen', trial.as('dataManager'), 'open'],
    ] as const) {
      const answer = await client.post(`${path}/${step}`, { text: `To ${step}.` });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toEqual({ query: `${subject}-Q1`, status });
    }
    const [query] = await queriesOf();
    expect(query).toMatchObject({
      query: `${subject}-Q1`,
      subjectKey: subject,
      site: 'FR01',
      visit: 'V_SCR',
      form: 'DM',
      item: 'I.DM.WEIGHT',
      text: 'In kilograms?',
      status: 'open',
      origin: 'person',
    });
    expect(query.messages.map(({ type, by, text }: Record<string, string>) => [type, by, text])).toEqual([
      ['QueryRaised', trial.userId('monitor'), 'In kilograms?'],
      ['QueryAnswered', trial.userId('coordinator'), 'To answer.'],
      ['QueryReopened', trial.userId('monitor'), 'To reopen.'],
      ['QueryAnswered', trial.userId('coordinator'), 'To answer.'],
      ['QueryClosed', trial.userId('monitor'), 'To close.'],
      ['QueryReopened', trial.userId('dataManager'), 'To reopen.'],
    ]);
  });

  it('is raised on a form as a whole too, and is counted where it stands', async () => {
    await accepted(coordinator.put(dm, { items: { 'I.DM.WEIGHT': 70, 'I.DM.SEX': 'F' } }));
    await accepted(raise({ visit: 'V_SCR', form: 'DM', text: 'All of it?' }));
    await accepted(raise({ visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT', text: 'Sure?' }));
    const form = await accepted(monitor.get(dm));
    expect(form.items['I.DM.WEIGHT'].openQueries).toBe(1);
    expect(form.items['I.DM.SEX'].openQueries).toBe(0);
    const casebook = await accepted(monitor.get(subjectPath(subject)));
    expect(casebook.openQueries).toBe(2);
    const screening = casebook.visits.find((visit: { visit: string }) => visit.visit === 'V_SCR');
    expect(screening.forms.find((one: { form: string }) => one.form === 'DM')).toMatchObject({
      status: 'incomplete',
      openQueries: 2,
    });
  });

  it('stands on a form and an item that the definition plans', async () => {
    for (const [body, status, code] of [
      [{ visit: 'V_SCR', form: 'EN', text: 'x' }, 404, 'not-found'],
      [{ visit: 'V_NONE', form: 'DM', text: 'x' }, 404, 'not-found'],
      [{ visit: '~', form: 'DM', text: 'x' }, 404, 'not-found'],
      [{ visit: 'V_SCR', form: 'DM', item: 'I.FU.WEIGHT', text: 'x' }, 422, 'invalid-value'],
      [{ visit: 'V_SCR', form: 'DM', text: '' }, 422, 'invalid-value'],
      [{ visit: 'V_SCR', form: 'DM', text: 'x'.repeat(2001) }, 422, 'invalid-value'],
      [{ visit: 'V_SCR', form: 'DM', text: 'x', check: 'range' }, 422, 'invalid-value'],
    ] as const)
      expectProblem(await raise(body), status, code);
    expect(await queriesOf()).toEqual([]);
  });

  it('of another’s casebook, or none, is not there', async () => {
    const stranger = trial.as('otherCoordinator');
    await accepted(raise({ visit: 'V_SCR', form: 'DM', text: 'x' }));
    for (const query of [`${subject}-Q1`, `${subject}-Q9`, `${subject}-Q01`, 'Q1', `${subject}-Q1e0`, '-Q1'])
      for (const step of ['answer', 'close'])
        expectProblem(
          await stranger.post(`${STUDY}/queries/${query}/${step}`, { text: 'x' }),
          404,
          'not-found',
        );
    expectProblem(
      await coordinator.post(`${STUDY}/queries/${subject}-Q9/answer`, { text: 'x' }),
      404,
      'not-found',
    );
    expectProblem(
      await monitor.post(`${STUDY}/queries/${subject}-Q1/settle`, { text: 'x' }),
      404,
      'not-found',
    );
    expectProblem(
      await monitor.post(`${STUDY}/queries/${subject}-Q1/constructor`, { text: 'x' }),
      404,
      'not-found',
    );
  });
});

describe('a step that is not one of the legal next', () => {
  const by = { answer: 'coordinator', close: 'monitor', reopen: 'monitor', cancel: 'monitor' } as const;
  const ways = {
    open: [],
    answered: ['answer'],
    closed: ['answer', 'close'],
    cancelled: ['cancel'],
  } as const;
  const legal = {
    open: ['answer', 'cancel'],
    answered: ['close', 'reopen', 'cancel'],
    closed: ['reopen'],
    cancelled: [],
  } as const;
  const cases = Object.keys(ways).flatMap((status) =>
    Object.keys(by).map((step) => [step, status] as [keyof typeof by, keyof typeof ways]),
  );

  it.each(cases)('%s when it is %s', async (step, status) => {
    const { query } = await accepted(raise({ visit: 'V_SCR', form: 'DM', text: 'x' }));
    const take = (one: keyof typeof by) =>
      trial.as(by[one] as Person).post(`${STUDY}/queries/${query}/${one}`, { text: one });
    for (const one of ways[status]) await accepted(take(one));
    const before = await queriesOf();
    const answer = await take(step);
    if ((legal[status] as readonly string[]).includes(step)) {
      expect(answer.status, answer.text).toBe(200);
    } else {
      expectProblem(answer, 409, 'conflict');
      expect(await queriesOf()).toEqual(before);
    }
  });
});

describe('C-06 a query of an edit check', () => {
  it('is raised with the entry and closed with the correction, both by the system', async () => {
    const entered = await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400, 'I.DM.SEX': 'F' } });
    expect(entered.status).toBe(201);
    const id = `${subject}-Q1`;
    expect(entered.body.queries).toEqual({
      raised: [
        expect.objectContaining({ query: id, item: 'I.DM.WEIGHT', text: expect.stringMatching(/400 kg/) }),
      ],
      closed: [],
    });
    expect((await coordinator.get(dm)).body.items['I.DM.WEIGHT']).toMatchObject({
      value: 400,
      openQueries: 1,
    });
    const correction = { items: { 'I.DM.WEIGHT': 40 }, reason };
    const corrected = await coordinator.patch(dm, correction, ifMatch(entered));
    expect(corrected.body.queries).toEqual({ raised: [], closed: [id] });
    const [query] = await queriesOf();
    expect(query).toMatchObject({ status: 'closed', origin: 'check', check: 'range' });
    expect(query.messages.map(({ by }: { by: string }) => by)).toEqual(['edit check', 'edit check']);

    const { pool } = trial.started.installation;
    const { rows } = await pool.query(
      `SELECT type, entry::json->'actor' AS actor FROM event WHERE stream = $1 ORDER BY revision`,
      [`subject/${subject}`],
    );
    const person = { user: trial.userId('coordinator'), role: 'coordinator' };
    const system = { system: 'edit check' };
    expect(rows).toEqual([
      { type: 'SubjectEnrolled', actor: person },
      { type: 'ItemsEntered', actor: person },
      { type: 'QueryRaised', actor: system },
      { type: 'ItemsCorrected', actor: person },
      { type: 'QueryClosed', actor: system },
    ]);
  });

  it('asks for what is required once the form is complete, also in each row', async () => {
    const im = formPath(subject, 'V_SCR', 'IM');
    const rows = { 'IG.IM.TL': [{ rowKey: 'a', items: { 'I.IM.TLID': 'a', 'I.IM.TLSITE': 'LIVER' } }] };
    const first = await coordinator.put(im, { items: { 'I.IM.IMDAT': '2024-02-01' }, rows });
    expect(first.body.queries.raised).toEqual([]);
    const complete = await coordinator.patch(im, { complete: true }, ifMatch(first));
    const raised: { item: string; row?: string }[] = complete.body.queries.raised;
    expect(raised.map(({ item, row }) => (row ? `${row}/${item}` : item))).toEqual([
      'I.IM.IMMOD',
      'I.IM.NTL',
      'I.IM.NEWL',
      'I.IM.RECIST',
      'I.IM.OBSTRAD',
      'a/I.IM.TLDIAM',
    ]);
    const given = await coordinator.patch(
      im,
      {
        items: { 'I.IM.NEWL': 'N' },
        missing: { 'I.IM.OBSTRAD': 'not-done' },
        rows: { 'IG.IM.TL': [{ rowKey: 'a', items: { 'I.IM.TLDIAM': 12 } }] },
      },
      ifMatch(complete),
    );
    expect(given.body.queries.closed).toHaveLength(3);
    expect((await queriesOf()).filter(({ status }: { status: string }) => status === 'open')).toHaveLength(3);
  });

  it('that a person settled stays settled until the value changes', async () => {
    const entered = await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400 } });
    const path = `${STUDY}/queries/${subject}-Q1`;
    await accepted(coordinator.post(`${path}/answer`, { text: 'It is so.' }));
    await accepted(monitor.post(`${path}/close`, { text: 'Thank you.' }));
    const other = await coordinator.patch(dm, { items: { 'I.DM.ECOG': 1 } }, ifMatch(entered));
    expect(other.body.queries.raised).toEqual([]);
    const again = { items: { 'I.DM.WEIGHT': 401 }, reason };
    expect((await coordinator.patch(dm, again, ifMatch(other))).body.queries.raised).toHaveLength(1);
  });

  it('may be answered and closed by people as any other', async () => {
    await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400 } });
    const path = `${STUDY}/queries/${subject}-Q1`;
    expectProblem(await monitor.post(`${path}/close`, { text: 'x' }), 409, 'conflict');
    await accepted(coordinator.post(`${path}/answer`, { text: 'Confirmed.' }));
    await accepted(monitor.post(`${path}/close`, { text: 'Fine.' }));
  });
});

describe('the list of queries', () => {
  it('is filtered by status, site, subject and age', async () => {
    await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400, 'I.DM.HEIGHT': 20 } });
    await accepted(coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, { text: 'x' }));
    const list = async (filter: string) =>
      (
        await accepted(trial.as('dataManager').get(`${STUDY}/queries?subject=${subject}&${filter}`))
      ).items.map((item: { query: string }) => item.query);
    // Weight, height, and the body mass index that follows from both.
    expect(await list('')).toEqual([`${subject}-Q1`, `${subject}-Q2`, `${subject}-Q3`]);
    expect(await list('status=open')).toEqual([`${subject}-Q2`, `${subject}-Q3`]);
    expect(await list('status=answered')).toEqual([`${subject}-Q1`]);
    expect(await list('status=none')).toEqual([]);
    expect(await list('site=FR01&status=answered')).toEqual([`${subject}-Q1`]);
    expect(await list('site=DE01')).toEqual([]);
    expect(await list('age=0')).toHaveLength(3);
    expect(await list('age=1')).toEqual([]);
  });

  it('takes a text only where there is one', async () => {
    await accepted(raise({ visit: 'V_SCR', form: 'DM', text: 'x' }));
    for (const body of [{}, { text: '' }, { text: 5 }, { text: 'x', status: 'closed' }]) {
      const answer = await coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, body);
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer)).every((pointer) => ['/text', '/status'].includes(pointer))).toBe(
        true,
      );
    }
  });
});
