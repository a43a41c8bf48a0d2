import { afterAll, beforeEach, describe, expect, it } from 'vitest';
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

describe('what a query is about', () => {
  it('is an item, also of a row, a form, a visit, or the whole casebook', async () => {
    const im = formPath(subject, 'V_SCR', 'IM');
    const rows = { 'IG.IM.TL': [{ rowKey: 'a', items: { 'I.IM.TLID': 'S4' } }] };
    await accepted(coordinator.put(im, { items: {}, rows }));
    const row = { visit: 'V_SCR', form: 'IM', item: 'I.IM.TLID', rowKey: 'a', text: 'Which segment?' };
    await accepted(raise(row));
    await accepted(raise({ visit: 'V_SCR', form: 'IM', text: 'Whose reading?' }));
    await accepted(raise({ visit: 'V_SCR~1', text: 'On one day?' }));
    await accepted(raise({ text: 'Is this the right person?' }));
    const [onRow, onForm, onVisit, onCasebook] = await queriesOf();
    expect(onRow).toMatchObject({
      visit: 'V_SCR',
      form: 'IM',
      item: 'I.IM.TLID',
      group: 'IG.IM.TL',
      rowKey: 'a',
    });
    expect(onForm).toMatchObject({ visit: 'V_SCR', form: 'IM', items: [] });
    expect(onVisit.visit).toBe('V_SCR');
    for (const level of ['form', 'item', 'rowKey']) expect(onVisit).not.toHaveProperty(level);
    for (const level of ['visit', 'form', 'item']) expect(onCasebook).not.toHaveProperty(level);
    const form = await accepted(monitor.get(im));
    expect(form.rows['IG.IM.TL'][0].items['I.IM.TLID'].openQueries).toBe(1);
    expect((await accepted(monitor.get(subjectPath(subject)))).openQueries).toBe(4);
  });

  it('is named with what it lies in, and is there', async () => {
    for (const [body, status, pointer, code] of [
      [{ form: 'DM', text: 'x' }, 422, '/visit', 'missing'],
      [{ visit: 'V_SCR', item: 'I.DM.SEX', text: 'x' }, 422, '/form', 'missing'],
      [{ visit: 'V_SCR', form: 'IM', item: 'I.IM.TLID', text: 'x' }, 422, '/rowKey', 'missing'],
      [
        { visit: 'V_SCR', form: 'IM', item: 'I.IM.TLID', rowKey: 'z', text: 'x' },
        422,
        '/rowKey',
        'unknown-row',
      ],
      [
        { visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', group: 'IG.X', text: 'x' },
        422,
        '/group',
        'unknown-group',
      ],
      [{ visit: 'V_SCR~2', text: 'x' }, 404, '/visit', 'not-planned'],
    ] as const) {
      const answer = await raise(body);
      expectProblem(answer, status, status === 404 ? 'not-found' : 'invalid-value');
      expect(faultsOf(answer)).toEqual({ [pointer]: code });
    }
    expect(await queriesOf()).toEqual([]);
  });
});

describe('a comment', () => {
  it('is of either side, and changes neither status nor owner', async () => {
    const { query } = await accepted(raise({ text: 'Why?' }));
    const path = `${STUDY}/queries/${query}`;
    const said = await coordinator.post(`${path}/messages`, { text: 'The chart is in the archive.' });
    expect(said.status).toBe(201);
    expect(said.body).toMatchObject({ query, type: 'QueryCommented', by: trial.userId('coordinator') });
    await accepted(monitor.post(`${path}/messages`, { text: 'No hurry.' }));
    const one = await accepted(monitor.get(path));
    expect(one).toMatchObject({ status: 'open', owner: 'site' });
    expect(
      one.messages.map(({ byName, role, text }: Record<string, string>) => [byName, role, text]),
    ).toEqual([
      ['monitor', 'monitor', 'Why?'],
      ['coordinator', 'coordinator', 'The chart is in the archive.'],
      ['monitor', 'monitor', 'No hurry.'],
    ]);
    expectProblem(
      await trial.as('statistician').post(`${path}/messages`, { text: 'x' }),
      403,
      'not-permitted',
    );
    expectProblem(
      await trial.as('otherCoordinator').post(`${path}/messages`, { text: 'x' }),
      404,
      'not-found',
    );
    expectProblem(await coordinator.post(`${path}/messages`, { text: '' }), 422, 'invalid-value');
    await accepted(monitor.post(`${path}/cancel`, { text: 'Found it.' }));
    expectProblem(await coordinator.post(`${path}/messages`, { text: 'x' }), 409, 'conflict');
  });
});

describe('who may take which step', () => {
  it.each([
    ['coordinator', 'close', 403],
    ['coordinator', 'reopen', 403],
    ['coordinator', 'cancel', 403],
    ['investigator', 'cancel', 403],
    ['monitor', 'answer', 403],
    ['inspector', 'answer', 403],
    ['statistician', 'close', 403],
    ['otherCoordinator', 'answer', 404],
  ] as const)('%s: %s is refused with %i', async (person, step, status) => {
    const { query } = await accepted(raise({ text: 'x' }));
    const answer = await trial.as(person).post(`${STUDY}/queries/${query}/${step}`, { text: 'x' });
    expectProblem(answer, status, status === 403 ? 'not-permitted' : 'not-found');
  });

  it('is told of raising, too', async () => {
    for (const person of ['coordinator', 'investigator', 'inspector', 'statistician'] as const)
      expectProblem(
        await trial.as(person).post(`${subjectPath(subject)}/queries`, { text: 'x' }),
        403,
        'not-permitted',
      );
  });
});

describe('a correction because of a query', () => {
  it('is linked to it: in the history, in the query, and in the audit trail', async () => {
    const entered = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    const { query } = await accepted(raise({ visit: 'V_SCR', form: 'DM', item: 'I.DM.SEX', text: 'Sure?' }));
    const corrected = await coordinator.patch(
      dm,
      { items: { 'I.DM.SEX': 'M', 'I.DM.ECOG': 1 }, reason, query },
      ifMatch(entered),
    );
    expect(corrected.status, corrected.text).toBe(200);
    const { items } = await accepted(monitor.get(`${dm}/history`));
    expect(items.map((one: Record<string, unknown>) => [one.item, one.query])).toEqual([
      ['I.DM.SEX', undefined],
      ['I.DM.ECOG', query],
      ['I.DM.SEX', query],
    ]);
    const one = await accepted(monitor.get(`${STUDY}/queries/${query}`));
    expect(one.status).toBe('open');
    const by = { by: trial.userId('coordinator'), byName: 'coordinator', visit: 'V_SCR', form: 'DM' };
    expect(one.corrections).toMatchObject([
      { ...by, items: [{ item: 'I.DM.ECOG' }], reason: null },
      { ...by, items: [{ item: 'I.DM.SEX' }], reason },
    ]);
    const position = one.corrections[1].position;
    const audit = await accepted(monitor.get(`${STUDY}/audit?subject=${subject}&from=${position}`));
    expect(audit.items[0]).toMatchObject({
      item: 'I.DM.SEX',
      text: expect.stringContaining(`(query ${query})`),
    });
    const then = await accepted(monitor.get(`${STUDY}/queries/${query}?asOf=${position - 1}`));
    expect(then.corrections).toHaveLength(1);
  });

  it('names one that stands where it is made', async () => {
    const entered = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    const { query } = await accepted(raise({ visit: 'V_INC', form: 'EN', text: 'Sure?' }));
    const body = (of: string) => ({ items: { 'I.DM.SEX': 'M' }, reason, query: of });
    for (const other of [query, `${subject}-Q9`, 'x']) {
      const answer = await coordinator.patch(dm, body(other), ifMatch(entered));
      expectProblem(answer, 422, 'invalid-value');
      expect(faultsOf(answer)).toEqual({ '/query': 'unknown-query' });
    }
    const whole = (await accepted(raise({ text: 'Sure?' }))).query;
    await accepted(monitor.post(`${STUDY}/queries/${whole}/cancel`, { text: 'x' }));
    expectProblem(await coordinator.patch(dm, body(whole), ifMatch(entered)), 422, 'invalid-value');
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

  it('says whose turn it is, since when, and until when', async () => {
    await accepted(raise({ visit: 'V_SCR', form: 'DM', text: 'x' }));
    await accepted(raise({ text: 'y' }));
    await accepted(coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, { text: 'x' }));
    const [answered, open] = await queriesOf();
    const due = new Date(Date.parse(open.raisedAt) + 14 * 86_400_000).toISOString().slice(0, 10);
    expect(answered).toMatchObject({ owner: 'oversight', ageDays: 0, ownedDays: 0, overdue: false, due });
    expect(open).toMatchObject({ owner: 'site', ageDays: 0, ownedDays: 0, overdue: false, due });
    const list = async (filter: string) =>
      (await accepted(monitor.get(`${STUDY}/queries?subject=${subject}&${filter}`))).items.map(
        ({ query }: { query: string }) => query,
      );
    expect(await list('owner=site')).toEqual([`${subject}-Q2`]);
    expect(await list('owner=oversight')).toEqual([`${subject}-Q1`]);
    expect(await list('overdue=true')).toEqual([]);
    expect(await list('overdue=false')).toHaveLength(2);
    expect(await list('form=DM')).toEqual([`${subject}-Q1`]);
    expect(await list('visit=V_SCR')).toEqual([`${subject}-Q1`]);
    expect(await list('visit=V_SCR~1&form=DM~1')).toEqual([`${subject}-Q1`]);
    expect(await list('origin=check')).toEqual([]);
    expect(await list('origin=person&limit=1')).toEqual([`${subject}-Q1`]);
    for (const wrong of ['owner=me', 'overdue=maybe', 'origin=none', 'age=old'])
      expectProblem(await monitor.get(`${STUDY}/queries?${wrong}`), 400, 'invalid-request');
  });

  it('is filtered by item and check', async () => {
    await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400 } });
    await accepted(raise({ visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT', text: 'x' }));
    const count = async (filter: string) =>
      (await accepted(monitor.get(`${STUDY}/queries?subject=${subject}&${filter}`))).items.length;
    expect(await count('item=I.DM.WEIGHT')).toBe(2);
    expect(await count('item=I.DM.WEIGHT&check=range')).toBe(1);
    expect(await count('item=I.DM.SEX')).toBe(0);
    expect(await count('origin=check&owner=site')).toBe(1);
  });

  it('is as it was, and so is one query, and so are the counts', async () => {
    const raised = await raise({ visit: 'V_SCR', form: 'DM', text: 'x' });
    const position = positionOf(raised);
    const instant = (await queriesOf())[0].raisedAt;
    await accepted(coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, { text: 'x' }));
    for (const asOf of [position, instant]) {
      const then = await accepted(monitor.get(`${STUDY}/queries?subject=${subject}&asOf=${asOf}`));
      expect(then.items).toMatchObject([{ status: 'open', owner: 'site', messages: [{ text: 'x' }] }]);
      const one = await accepted(monitor.get(`${STUDY}/queries/${subject}-Q1?asOf=${asOf}`));
      expect(one).toMatchObject({ status: 'open', corrections: [] });
      const counts = await accepted(
        monitor.get(`${STUDY}/queries/counts?by=status&subject=${subject}&asOf=${asOf}`),
      );
      expect(counts.items).toMatchObject([{ key: 'open', total: 1 }]);
    }
    expectProblem(await monitor.get(`${STUDY}/queries/${subject}-Q1?asOf=${position - 1}`), 404, 'not-found');
  });

  it('is counted by site, item, check and status', async () => {
    await coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400 } });
    await accepted(raise({ visit: 'V_SCR', form: 'DM', item: 'I.DM.WEIGHT', text: 'x' }));
    await accepted(raise({ text: 'x' }));
    await accepted(coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, { text: 'x' }));
    const counts = async (by: string, filter = '') => {
      const now = await accepted(monitor.get(`${STUDY}/queries/counts?by=${by}&subject=${subject}${filter}`));
      const head = (await trial.logSizes()).SINET! - 1;
      const then = `${STUDY}/queries/counts?by=${by}&subject=${subject}${filter}&asOf=${head}`;
      expect(await accepted(monitor.get(then))).toEqual(now);
      expect(now.by).toBe(by);
      return now.items;
    };
    const none = { open: 0, answered: 0, closed: 0, cancelled: 0, total: 0, medianAgeDays: 0 };
    expect(await counts('site')).toEqual([{ ...none, key: 'FR01', open: 2, answered: 1, total: 3 }]);
    expect(await counts('item')).toEqual([
      { ...none, key: 'I.DM.WEIGHT', open: 1, answered: 1, total: 2 },
      { ...none, key: null, open: 1, total: 1 },
    ]);
    expect(await counts('check')).toEqual([
      { ...none, key: 'range', answered: 1, total: 1 },
      { ...none, key: null, open: 2, total: 2 },
    ]);
    expect(await counts('status', '&owner=site')).toEqual([{ ...none, key: 'open', open: 2, total: 2 }]);
    for (const by of ['', '?by=colour'])
      expectProblem(await monitor.get(`${STUDY}/queries/counts${by}`), 400, 'invalid-request');
    expectProblem(
      await trial.as('administrator').get(`${STUDY}/queries/counts?by=site`),
      403,
      'not-permitted',
    );
  });

  it('C-23: has, counts and opens nothing on an item that is hidden from the reader', async () => {
    const dd = { visit: 'COMMON', form: 'DD', item: 'I.DD.ADFINAL', text: 'What did the committee say?' };
    const { query } = await accepted(raise(dd));
    expect(await queriesOf()).toHaveLength(1);
    const of = `subject=${subject}`;
    expect((await accepted(coordinator.get(`${STUDY}/queries?${of}`))).items).toEqual([]);
    expect((await accepted(coordinator.get(`${STUDY}/queries/counts?by=item&${of}`))).items).toEqual([]);
    expectProblem(await coordinator.get(`${STUDY}/queries/${query}`), 404, 'not-found');
    for (const door of ['answer', 'messages'])
      expectProblem(
        await coordinator.post(`${STUDY}/queries/${query}/${door}`, { text: 'x' }),
        404,
        'not-found',
      );
    const listed = async (person: Person, asOf = '') =>
      (await accepted(trial.as(person).get(`${STUDY}/subjects?q=${subject}${asOf}`))).items[0].openQueries;
    const head = `&asOf=${(await trial.logSizes()).SINET! - 1}`;
    for (const moment of ['', head]) {
      expect(await listed('coordinator', moment)).toBe(0);
      expect(await listed('monitor', moment)).toBe(1);
    }
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
