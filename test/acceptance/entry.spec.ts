import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  enrol,
  expectProblem,
  faultsOf,
  formPath,
  ifMatch,
  positionOf,
  reason,
  subjectPath,
  tagOf,
} from './casebook.js';
import { startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const coordinator = trial.as('coordinator');
let subject: string;
let dm: string;
beforeEach(async () => {
  subject = await enrol(trial.as('investigator'));
  dm = formPath(subject, 'V_SCR', 'DM');
});

const valuesOf = (body: { items: Record<string, { value: unknown; missing: unknown }> }) =>
  Object.fromEntries(Object.entries(body.items).map(([oid, { value, missing }]) => [oid, value ?? missing]));

describe('the first entry of a form', () => {
  it('is 201, with its state’s ETag; every value then tells its version, author and time', async () => {
    expectProblem(await coordinator.get(dm), 404, 'not-found');
    const answer = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 63.5 } });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      subjectKey: subject,
      visit: 'V_SCR',
      form: 'DM',
      queries: { raised: [], closed: [] },
    });
    const read = await coordinator.get(dm);
    expect(tagOf(read)).toMatch(/^"[^"]+"$/);
    expect(tagOf(read)).toBe(tagOf(answer));
    expect(read.body).toMatchObject({ subjectKey: subject, visit: 'V_SCR', form: 'DM', complete: false });
    expect(read.body.items['I.DM.WEIGHT']).toEqual({
      value: 63.5,
      missing: null,
      version: 1,
      enteredBy: trial.userId('coordinator'),
      enteredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      openQueries: 0,
      verified: false,
    });
  });

  it('may be a PATCH, and needs no If-Match', async () => {
    expect((await coordinator.patch(dm, { items: { 'I.DM.SEX': 'M' } })).status).toBe(201);
  });

  it('is 201 also of a form that is only declared complete; of nothing there is neither a form nor a tag', async () => {
    const nothing = await coordinator.put(dm, { items: {} });
    expect([nothing.status, nothing.headers.get('etag')]).toEqual([200, null]);
    expectProblem(await coordinator.get(dm), 404, 'not-found');
    const declared = await coordinator.put(dm, { items: {}, complete: true });
    expect(declared.status, declared.text).toBe(201);
    expect(tagOf(await coordinator.get(dm))).toBe(tagOf(declared));
  });

  it('is refused with an If-Match: there is nothing that it could match', async () => {
    for (const tag of ['*', '"0"']) {
      const answer = await coordinator.put(dm, { items: {} }, { headers: { 'If-Match': tag } });
      expectProblem(answer, 412, 'stale');
      expect(answer.body.current).toBeNull();
    }
  });

  it('is of a form that the visit plans', async () => {
    for (const [visit, form] of [
      ['V_SCR', 'EN'],
      ['V_SCR~2', 'DM'],
      ['V_SCR', 'DM~2'],
      ['V_NONE', 'DM'],
      ['V_SCR', 'NONE'],
      ['V_SCR', 'DM~0'],
      ['V_SCR', 'DM~01'],
      ['~', 'DM'],
    ] as const) {
      const path = formPath(subject, visit, form);
      expectProblem(await coordinator.put(path, { items: {} }), 404, 'not-found');
      expectProblem(await coordinator.get(path), 404, 'not-found');
    }
  });
});

describe('a correction', () => {
  it('C-03 needs If-Match (428), the current state (412) and a reason (422), each told apart', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 63 } });
    const size = await trial.logSizes();
    const body = { items: { 'I.DM.SEX': 'M', 'I.DM.WEIGHT': 64, 'I.DM.HEIGHT': 171 } };
    expectProblem(await coordinator.put(dm, body), 428, 'precondition-required');

    const stale = await coordinator.put(dm, { ...body, reason }, { headers: { 'If-Match': '"99"' } });
    expectProblem(stale, 412, 'stale');
    expect(valuesOf(stale.body.current)).toEqual({ 'I.DM.SEX': 'F', 'I.DM.WEIGHT': 63 });

    const unreasoned = await coordinator.put(dm, body, ifMatch(first));
    expectProblem(unreasoned, 422, 'reason-required');
    expect(faultsOf(unreasoned)).toEqual({
      '/items/I.DM.SEX': 'reason-required',
      '/items/I.DM.WEIGHT': 'reason-required',
    });
    expect(await trial.logSizes()).toEqual(size);

    const corrected = await coordinator.put(dm, { ...body, reason }, ifMatch(first));
    expect(corrected.status).toBe(200);
    expect(tagOf(corrected)).not.toBe(tagOf(first));
    expect(valuesOf((await coordinator.get(dm)).body)).toEqual({
      'I.DM.SEX': 'M',
      'I.DM.WEIGHT': 64,
      'I.DM.HEIGHT': 171,
      'I.DM.BMI': 21.9,
    });
  });

  it('C-03 with a reason that is none is refused', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    for (const [given, pointer] of [
      [{}, '/reason/code'],
      [{ code: '' }, '/reason/code'],
      [{ code: 'a b' }, '/reason/code'],
      [{ code: 'x', text: 7 }, '/reason/text'],
      [{ code: 'x', text: 'y', by: 'somebody' }, '/reason/by'],
      ['because', '/reason'],
      [[{ code: 'x' }], '/reason'],
    ] as const) {
      const answer = await coordinator.put(dm, { items: { 'I.DM.SEX': 'M' }, reason: given }, ifMatch(first));
      expectProblem(answer, 422, 'invalid-value');
      expect(Object.keys(faultsOf(answer))).toEqual([pointer]);
    }
  });

  it('needs no reason for what was empty', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    const answer = await coordinator.patch(dm, { items: { 'I.DM.ASA': 2 } }, ifMatch(first));
    expect(answer.status).toBe(200);
  });

  it('that changes nothing leaves the state as it is', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    const size = await trial.logSizes();
    const same = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } }, ifMatch(first));
    expect(same.status).toBe(200);
    expect(tagOf(same)).toBe(tagOf(first));
    expect(await trial.logSizes()).toEqual(size);
  });

  it('takes a list of tags, and *; a weak tag never matches', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.ECOG': 0 } });
    const correct = (ecog: number, tag: string) =>
      coordinator.patch(dm, { items: { 'I.DM.ECOG': ecog }, reason }, { headers: { 'If-Match': tag } });
    expectProblem(await correct(1, `W/${tagOf(first)}`), 412, 'stale');
    expectProblem(await correct(1, 'not a tag'), 400, 'invalid-request');
    expectProblem(await correct(1, tagOf(first).slice(1, -1)), 400, 'invalid-request');
    expect((await correct(1, `"other", ${tagOf(first)}`)).status).toBe(200);
    expect((await correct(2, '*')).status).toBe(200);
  });
});

describe('PUT and PATCH', () => {
  it('PATCH leaves what it does not name', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F', 'I.DM.ECOG': 1 }, complete: true });
    await coordinator.patch(dm, { items: { 'I.DM.ECOG': 2 }, reason }, ifMatch(first));
    const { body } = await coordinator.get(dm);
    expect(valuesOf(body)).toEqual({ 'I.DM.SEX': 'F', 'I.DM.ECOG': 2 });
    expect(body.complete).toBe(true);
  });

  it('C-03 PUT empties what it does not name, which is a change that needs a reason', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F', 'I.DM.ECOG': 1 } });
    const unreasoned = await coordinator.put(dm, { items: { 'I.DM.ECOG': 1 } }, ifMatch(first));
    expectProblem(unreasoned, 422, 'reason-required');
    expect(faultsOf(unreasoned)).toEqual({ '/items/I.DM.SEX': 'reason-required' });
    const answer = await coordinator.put(dm, { items: { 'I.DM.ECOG': 1 }, reason }, ifMatch(first));
    expect(answer.status).toBe(200);
    expect(valuesOf((await coordinator.get(dm)).body)).toEqual({ 'I.DM.SEX': null, 'I.DM.ECOG': 1 });
  });

  it('null empties one item', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.SEX': 'F' } });
    await coordinator.patch(dm, { items: { 'I.DM.SEX': null }, reason }, ifMatch(first));
    expect((await coordinator.get(dm)).body.items['I.DM.SEX']).toMatchObject({ value: null, version: 2 });
  });
});

describe('missing data', () => {
  it('is a code in the place of a value, which a value may replace for a reason', async () => {
    const first = await coordinator.put(dm, {
      items: { 'I.DM.ASA': null },
      missing: { 'I.DM.HEIGHT': 'not-done', 'I.DM.ASA': 'refused' },
    });
    expect(first.status).toBe(201);
    const { body } = await coordinator.get(dm);
    expect(body.items['I.DM.HEIGHT']).toMatchObject({ value: null, missing: 'not-done' });
    expect(body.items['I.DM.ASA']).toMatchObject({ value: null, missing: 'refused' });
    const change = { items: { 'I.DM.HEIGHT': 180 } };
    expectProblem(await coordinator.patch(dm, change, ifMatch(first)), 422, 'reason-required');
    await coordinator.patch(dm, { ...change, reason }, ifMatch(first));
    expect((await coordinator.get(dm)).body.items['I.DM.HEIGHT']).toMatchObject({
      value: 180,
      missing: null,
    });
  });

  it('is one of four codes, and not beside a value', async () => {
    const answer = await coordinator.put(dm, {
      items: { 'I.DM.WEIGHT': 70 },
      missing: { 'I.DM.HEIGHT': 'lost', 'I.DM.WEIGHT': 'unknown', 'I.DM.SEX': 7, 'I.NONE': 'unknown' },
    });
    expectProblem(answer, 422, 'invalid-value');
    expect(faultsOf(answer)).toMatchObject({
      '/missing/I.DM.HEIGHT': 'not-in-code-list',
      '/items/I.DM.WEIGHT': 'value-and-missing',
      '/missing/I.DM.SEX': 'not-in-code-list',
      '/missing/I.NONE': 'unknown-item',
    });
  });
});

describe('dates', () => {
  it('are kept at the precision that is known, where the item allows it', async () => {
    const form = formPath(subject, 'V_SCR', 'DX');
    for (const known of ['2023', '2023-04', '2024-02-29']) {
      const fresh = formPath(await enrol(coordinator), 'V_SCR', 'DX');
      expect((await coordinator.put(fresh, { items: { 'I.DX.DXDAT': known } })).status).toBe(201);
      expect((await coordinator.get(fresh)).body.items['I.DX.DXDAT'].value).toBe(known);
    }
    for (const [value, code] of [
      ['2023-02-29', 'impossible-date'],
      ['2023-13', 'impossible-date'],
      ['2024-UN-UN', 'impossible-date'],
      ['0000', 'impossible-date'],
      ['9999', 'impossible-date'],
      ['2099-01-01', 'future-date'],
      ['2016-12-31T23:59:60Z', 'impossible-date'],
      [20240101, 'wrong-type'],
    ] as const) {
      const answer = await coordinator.put(form, { items: { 'I.DX.DXDAT': value } });
      expectProblem(answer, 422, 'invalid-value');
      expect(faultsOf(answer)).toEqual({ '/items/I.DX.DXDAT': code });
    }
  });

  it('are to the day elsewhere', async () => {
    const answer = await coordinator.put(formPath(subject, 'V_INC', 'EN'), {
      items: { 'I.EN.ENDAT': '2024-02' },
    });
    expect(faultsOf(answer)).toEqual({ '/items/I.EN.ENDAT': 'impossible-date' });
  });
});

describe('rows', () => {
  const row = (rowKey: string, diameter: number) => ({
    rowKey,
    items: { 'I.IM.TLID': rowKey, 'I.IM.TLSITE': 'LIVER', 'I.IM.TLDIAM': diameter },
  });
  const rowsOf = async (path: string) => {
    const { body } = await coordinator.get(path);
    return Object.fromEntries(
      (body.rows['IG.IM.TL'] ?? []).map(
        (one: { rowKey: string; items: Record<string, { value: unknown }> }) => [
          one.rowKey,
          one.items['I.IM.TLDIAM']?.value,
        ],
      ),
    );
  };

  it('are added, corrected by key and left out', async () => {
    const im = formPath(subject, 'V_SCR', 'IM');
    const first = await coordinator.put(im, { rows: { 'IG.IM.TL': [row('a', 20), row('b', 30)] } });
    expect(first.status, first.text).toBe(201);
    expect(await rowsOf(im)).toEqual({ a: 20, b: 30 });

    const changed = { rows: { 'IG.IM.TL': [row('b', 31), row('c', 12)] } };
    const unreasoned = await coordinator.patch(im, changed, ifMatch(first));
    expect(faultsOf(unreasoned)).toEqual({ '/rows/IG.IM.TL/0/items/I.IM.TLDIAM': 'reason-required' });
    const second = await coordinator.patch(im, { ...changed, reason }, ifMatch(first));
    expect(await rowsOf(im)).toEqual({ a: 20, b: 31, c: 12 });

    await coordinator.put(im, { rows: { 'IG.IM.TL': [row('c', 12)] }, reason }, ifMatch(second));
    expect(await rowsOf(im)).toEqual({ c: 12 });
    const history = await coordinator.get(`${im}/history`);
    expect(history.body.items).toContainEqual(
      expect.objectContaining({ item: 'I.IM.TLDIAM', rowKey: 'a', value: null, version: 2 }),
    );
  });

  it('are refused with the place of each fault', async () => {
    const im = formPath(subject, 'V_SCR', 'IM');
    const faults = async (rows: unknown) => faultsOf(await coordinator.put(im, { rows }));
    expect(await faults({ 'IG.IM.TL': [row('a', 1), row('a', 2)] })).toEqual({
      '/rows/IG.IM.TL/1/rowKey': 'duplicate-row',
    });
    expect(await faults({ 'IG.IM.TL': ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => row(key, 1)) })).toEqual({
      '/rows/IG.IM.TL': 'too-many-rows',
    });
    expect(await faults({ 'IG.IM.TL': [{ ...row('a', 1), more: 1 }] })).toEqual({
      '/rows/IG.IM.TL': 'wrong-type',
    });
    expect(await faults({ 'IG.IM.TL': row('a', 1) })).toEqual({ '/rows/IG.IM.TL': 'wrong-type' });
    expect(await faults({ 'IG.IM': [row('a', 1)] })).toEqual({ '/rows/IG.IM': 'unknown-group' });
    expect(await faults({ 'IG.IM.TL': [row('a', -1)] })).toEqual({
      '/rows/IG.IM.TL/0/items/I.IM.TLDIAM': 'out-of-range',
    });
    expect(faultsOf(await coordinator.put(im, { items: { 'I.IM.TLDIAM': 3 } }))).toEqual({
      '/items/I.IM.TLDIAM': 'unknown-item',
    });
  });

  it('come one by one up to as many as the group may have', async () => {
    const im = formPath(subject, 'V_SCR', 'IM');
    let seen = await coordinator.put(im, { rows: {} });
    expect(seen.status).toBe(200);
    seen = await coordinator.patch(im, { rows: { 'IG.IM.TL': [row('1', 1)] } });
    for (const key of ['2', '3', '4', '5']) {
      seen = await coordinator.patch(im, { rows: { 'IG.IM.TL': [row(key, 1)] } }, ifMatch(seen));
      expect(seen.status).toBe(200);
    }
    const sixth = await coordinator.patch(im, { rows: { 'IG.IM.TL': [row('6', 1)] } }, ifMatch(seen));
    expect(faultsOf(sixth)).toEqual({ '/rows/IG.IM.TL': 'too-many-rows' });
  });
});

describe('C-02 history', () => {
  it('keeps every value that an item ever had, with who, when, why and where', async () => {
    const first = await coordinator.put(dm, { items: { 'I.DM.ECOG': 1, 'I.DM.NAME': 'Ada Sentinel' } });
    const second = await trial
      .as('investigator')
      .patch(dm, { items: { 'I.DM.ECOG': 2 }, reason }, ifMatch(first));
    const third = await coordinator.patch(
      dm,
      {
        items: { 'I.DM.NAME': null },
        missing: { 'I.DM.ECOG': 'unknown' },
        reason: { code: 'other', text: 'Not in the source' },
      },
      ifMatch(second),
    );
    const { body } = await trial.as('monitor').get(`${dm}/history`);
    const entry = (item: string, version: number) =>
      body.items.find(
        (one: { item: string; version: number }) => one.item === item && one.version === version,
      );
    expect(entry('I.DM.ECOG', 1)).toEqual({
      item: 'I.DM.ECOG',
      definition: 1,
      label: 'ECOG performance status',
      value: 1,
      missing: null,
      version: 1,
      enteredBy: trial.userId('coordinator'),
      enteredAt: expect.stringMatching(/Z$/),
      reason: null,
      position: positionOf(first),
    });
    expect(entry('I.DM.ECOG', 2)).toMatchObject({
      value: 2,
      enteredBy: trial.userId('investigator'),
      reason,
      position: positionOf(second),
    });
    expect(entry('I.DM.ECOG', 3)).toMatchObject({
      value: null,
      missing: 'unknown',
      reason: { code: 'other', text: 'Not in the source' },
      position: positionOf(third),
    });
    expect(entry('I.DM.NAME', 1).value).toBe('Ada Sentinel');
    expect(entry('I.DM.NAME', 2).value).toBeNull();
    expect(body.items).toHaveLength(5);
  });
});

describe('repeats', () => {
  it('of visits and forms stand for themselves; ~1 is the same as none', async () => {
    const put = (visit: string, form: string, lab: string) =>
      coordinator.put(formPath(subject, visit, form), { items: { 'I.LB.LBLAB': lab } });
    const places = [
      ['V_UNS', 'LB', 'one'],
      ['V_UNS', 'LB~2', 'two'],
      ['V_UNS~2', 'LB', 'three'],
      ['V_UNS~2', 'LB~2', 'four'],
      ['V_UNS~999', 'LB~999', 'far'],
    ] as const;
    for (const [visit, form, lab] of places) expect((await put(visit, form, lab)).status).toBe(201);
    for (const [visit, form, lab] of places) {
      const { body } = await coordinator.get(formPath(subject, visit, form));
      expect(body).toMatchObject({ visit, form });
      expect(body.items['I.LB.LBLAB'].value).toBe(lab);
    }
    const plain = await coordinator.get(formPath(subject, 'V_UNS', 'LB'));
    const numbered = await coordinator.get(formPath(subject, 'V_UNS~1', 'LB~1'));
    expect(numbered.body).toEqual(plain.body);
    expect(tagOf(numbered)).toBe(tagOf(plain));
    expectProblem(await put('V_UNS~1', 'LB~1', 'again'), 428, 'precondition-required');
    expectProblem(await coordinator.get(formPath(subject, 'V_UNS~1000', 'LB')), 404, 'not-found');

    const { body } = await coordinator.get(subjectPath(subject));
    const visits = body.visits.map((visit: { visit: string }) => visit.visit);
    expect(visits.filter((visit: string) => visit.startsWith('V_UNS'))).toEqual([
      'V_UNS',
      'V_UNS~2',
      'V_UNS~999',
    ]);
  });
});
