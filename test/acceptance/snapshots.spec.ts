import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, faultsOf, formPath, ifMatch, positionOf, reason, STUDY } from './casebook.js';
import { accepted, startTrial, type Trial } from './trial.js';

let trial: Trial;
let subject: string;
let before: number;

const laboratory = (value: number) => ({
  items: { 'I.LB.LBDAT': '2024-02-05', 'I.LB.LBLAB': 'Central', 'I.LB.CGA': value, 'I.LB.HB': 13.5 },
});

beforeAll(async () => {
  trial = await startTrial();
  const coordinator = trial.as('coordinator');
  subject = await enrol(coordinator);
  await enrol(coordinator);
  await accepted(
    coordinator.put(formPath(subject, 'V_SCR', 'DM'), {
      items: { 'I.DM.MRN': 'SECRET-7', 'I.DM.BIRTHDT': '1960-05', 'I.DM.SEX': 'F' },
    }),
  );
  before = positionOf(await coordinator.put(formPath(subject, 'V_SCR', 'LB'), laboratory(50)));
  await accepted(
    coordinator.post(`${STUDY}/subjects/${subject}/allocation`, { arm: 'A', date: '2024-02-20' }),
  );
});
afterAll(() => trial?.close());

/** Asks until the snapshot is made. */
async function ready(id: string) {
  for (;;) {
    const snapshot = await accepted(trial.as('statistician').get(`${STUDY}/snapshots/${id}`));
    if (snapshot.status === 'ready') return snapshot;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a snapshot', () => {
  it('is taken in the background, and its files are what the manifest says', async () => {
    const asked = await trial
      .as('statistician')
      .post(`${STUDY}/snapshots`, { name: 'interim', purpose: 'Committee', asOf: before });
    expect(asked.status, asked.text).toBe(202);
    expect(asked.headers.get('location')).toBe(`/api/v1${STUDY}/snapshots/${asked.body.id}`);
    const snapshot = await ready(asked.body.id);
    expect(snapshot).toMatchObject({ name: 'interim', position: before, definition: 1 });
    expect(snapshot.checkpoint.split('\n')[1]).toBe(String(before + 1));

    const {
      sha256: digest,
      rows,
      files,
    } = snapshot.datasets.find(({ name }: { name: string }) => name === 'LB');
    expect(rows).toBe(1);
    const path = `${STUDY}/snapshots/${asked.body.id}/datasets/LB`;
    const csv = await trial.as('statistician').get(path, { Accept: 'text/csv' });
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(sha256(csv.text)).toBe(digest);
    expect(csv.text.split('\r\n')[0]).toMatch(/^STUDYID,SITEID,SUBJID,VISIT,.*,LBDAT,LBLAB,CGA,/);
    expect(csv.text.split('\r\n')[1]).toMatch(
      /^SINET,FR01,FR01-0001,V_SCR,1,1,,false,2024-02-05,Central,50,/,
    );
    expect(files.map(({ format }: { format: string }) => format)).toEqual(
      expect.arrayContaining(['csv', 'ndjson', 'dataset-json', 'parquet', 'xpt']),
    );
    const live = await trial
      .as('statistician')
      .get(`${STUDY}/datasets/LB?asOf=${before}`, { Accept: 'text/csv' });
    expect(live.text).toBe(csv.text);
  });

  it('is served in ranges, and the same bytes after more was entered', async () => {
    const path = `${STUDY}/snapshots/snapshot-1/datasets/ITEMS`;
    const statistician = trial.as('statistician');
    const whole = await statistician.get(path, { Accept: 'application/x-ndjson' });
    const form = await trial.as('coordinator').get(formPath(subject, 'V_SCR', 'LB'));
    await accepted(
      trial
        .as('coordinator')
        .put(formPath(subject, 'V_SCR', 'LB'), { ...laboratory(60), reason }, ifMatch(form)),
    );
    const again = await statistician.get(path, { Accept: 'application/x-ndjson' });
    expect(again.text).toBe(whole.text);
    const range = (value: string, more = {}) =>
      statistician.get(path, { Accept: 'application/x-ndjson', Range: value, ...more });
    const [start, rest] = [await range('bytes=0-99'), await range('bytes=100-')];
    expect([start.status, rest.status]).toEqual([206, 206]);
    expect(start.text + rest.text).toBe(whole.text);
    expect(start.headers.get('content-range')).toBe(`bytes 0-99/${Buffer.byteLength(whole.text)}`);
    expect((await range('bytes=0-9', { 'If-Range': '"other"' })).status).toBe(200);
    expectProblem(await range('bytes=99999999-'), 416, 'range-not-satisfiable');
    const tag = whole.headers.get('etag')!;
    const held = await statistician.get(path, { Accept: 'application/x-ndjson', 'If-None-Match': tag });
    expect([held.status, held.text, held.headers.get('etag')]).toEqual([304, '', tag]);
    const other = await statistician.get(path, { Accept: 'text/csv', 'If-None-Match': tag });
    expect(other.status).toBe(200);
  });

  it('has all clinical data as one ODM document, in its manifest and in ranges', async () => {
    const { odm } = await ready('snapshot-1');
    const path = `${STUDY}/snapshots/snapshot-1/odm`;
    const statistician = trial.as('statistician');
    const whole = await statistician.get(path);
    expect(whole.headers.get('content-type')).toBe('application/xml');
    expect(odm).toEqual({
      format: 'odm',
      mediaType: 'application/xml',
      bytes: Buffer.byteLength(whole.text),
      sha256: sha256(whole.text),
    });
    expect(whole.text).toMatch(/^<\?xml .*<ODM .*FileType="Transactional"/s);
    expect(whole.text).toContain('ItemOID="I.LB.CGA"');
    expect(whole.text).not.toContain('<AuditRecord>');
    const range = (value: string) => statistician.get(path, { Range: value });
    expect((await range('bytes=0-99')).text + (await range('bytes=100-')).text).toBe(whole.text);
    expect((await statistician.get(path, { 'If-None-Match': whole.headers.get('etag')! })).status).toBe(304);
    expectProblem(await statistician.get(path, { Accept: 'text/csv' }), 406, 'not-acceptable');
    expectProblem(await statistician.get(`${STUDY}/snapshots/none/odm`), 404, 'not-found');
    expectProblem(await trial.as('investigator').get(path), 403, 'not-permitted');
  });

  it('of the same position has the same files, whatever happened since', async () => {
    const administrator = trial.as('administrator');
    await accepted(administrator.patch(`${STUDY}/sites/DE01`, { name: 'Another name' }));
    const asked = await trial
      .as('dataManager')
      .post(`${STUDY}/snapshots`, { name: 'again', purpose: 'Repeat', asOf: before });
    const again = await ready(asked.body.id);
    const first = await ready('snapshot-1');
    expect(again.datasets).toEqual(first.datasets);
    expect(again.odm).toEqual(first.odm);
  });

  it('tells the blinded nothing of arms, and nobody who a subject is', async () => {
    const asked = await trial
      .as('unblindedStatistician')
      .post(`${STUDY}/snapshots`, { name: 'arms', purpose: 'DMC' });
    const { id } = asked.body;
    const blinded = await ready(id);
    const unblinded = await accepted(trial.as('unblindedStatistician').get(`${STUDY}/snapshots/${id}`));
    const columnsOf = (snapshot: typeof blinded) =>
      snapshot.datasets
        .find(({ name }: { name: string }) => name === 'SUBJECTS')
        .columns.map(({ name }: { name: string }) => name);
    expect(columnsOf(unblinded)).toContain('ARM');
    expect(columnsOf(blinded)).not.toContain('ARM');
    for (const person of ['statistician', 'unblindedStatistician'] as const) {
      for (const { name } of (person === 'statistician' ? blinded : unblinded).datasets) {
        const { text } = await trial
          .as(person)
          .get(`${STUDY}/snapshots/${id}/datasets/${name}`, { Accept: 'application/x-ndjson' });
        expect(text).not.toContain('SECRET-7');
        if (person === 'statistician') expect(text).not.toContain('2024-02-20');
      }
    }
    const odmFor = async (person: 'statistician' | 'unblindedStatistician') =>
      (await trial.as(person).get(`${STUDY}/snapshots/${id}/odm`)).text;
    expect(await odmFor('unblindedStatistician')).toMatch(/2024-02-20/);
    for (const person of ['statistician', 'unblindedStatistician'] as const)
      expect(await odmFor(person)).not.toContain('SECRET-7');
    expect(await odmFor('statistician')).not.toMatch(/2024-02-20|ArmAllocated/);
  });

  it('is made though one that was asked for before cannot be', async () => {
    await trial.started.installation.pool.query(
      `INSERT INTO snapshot (study, snapshot, number, name, purpose, position, requested, by)
       VALUES ('NONE', 'snapshot-1', 1, 'poison', 'x', 0, '2020-01-01', 'nobody')`,
    );
    const asked = await trial
      .as('dataManager')
      .post(`${STUDY}/snapshots`, { name: 'after-the-poison', purpose: 'Repeat', asOf: before });
    expect(asked.status, asked.text).toBe(202);
    expect(await ready(asked.body.id)).toMatchObject({ position: before });
  });

  it('is for those who may, of the whole study', async () => {
    const body = { name: 'x', purpose: 'x' };
    expectProblem(await trial.as('coordinator').post(`${STUDY}/snapshots`, body), 403, 'not-permitted');
    expectProblem(await trial.as('inspector').post(`${STUDY}/snapshots`, body), 403, 'not-permitted');
    expectProblem(await trial.as('monitor').get(`${STUDY}/snapshots`), 403, 'not-permitted');
    expectProblem(await trial.as('statistician').get(`${STUDY}/snapshots/snapshot-99`), 404, 'not-found');
    expectProblem(
      await trial.as('dataManager').post(`${STUDY}/snapshots`, { ...body, name: 'interim' }),
      409,
      'already-exists',
    );
    expectProblem(
      await trial.as('dataManager').post(`${STUDY}/snapshots`, { ...body, name: '../x' }),
      422,
      'invalid-value',
    );
    for (const asOf of [[1], 1.5, 'yesterday', '2020-01-01T00:00:00Z']) {
      const refused = await trial.as('dataManager').post(`${STUDY}/snapshots`, { ...body, asOf });
      expectProblem(refused, 422, 'invalid-value');
      expect(faultsOf(refused)).toEqual({ '/asOf': 'no-moment' });
    }
  });
});

describe('the comparison of two snapshots', () => {
  const compare = (
    person: 'statistician' | 'unblindedStatistician',
    pair = 'snapshot-1/compare/snapshot-3',
    more = {},
  ) => trial.as(person).get(`${STUDY}/snapshots/${pair}`, more);

  it('tells what changed, and by which acts', async () => {
    const { from, to, definitions, rows, datasets } = await accepted(compare('unblindedStatistician'));
    expect(from).toEqual({ id: 'snapshot-1', name: 'interim', position: before });
    expect(to).toMatchObject({ id: 'snapshot-3', name: 'arms' });
    expect(definitions).toEqual([]);
    const found = rows.find(({ dataset }: { dataset: string }) => dataset === 'LB');
    expect(found).toEqual({
      dataset: 'LB',
      op: 'changed',
      key: `${subject}/V_SCR/LB`,
      cells: { CGA: { old: 50, new: 60 } },
      events: [
        {
          position: expect.any(Number),
          at: expect.stringMatching(/^\d{4}-.*Z$/),
          by: trial.userId('coordinator'),
          role: 'coordinator',
          type: 'ItemsCorrected',
          reason: reason.code,
        },
      ],
    });
    expect(datasets).toContainEqual({ name: 'LB', added: 0, changed: 1, removed: 0 });
    const allocation = rows.find(({ dataset }: { dataset: string }) => dataset === 'SUBJECTS');
    expect(allocation).toMatchObject({
      op: 'changed',
      cells: { ARM: { old: null, new: 'A' } },
      events: [{ type: 'ArmAllocated' }],
    });
    expect(rows.map(({ dataset }: { dataset: string }) => dataset)).not.toContain('AUDIT');
  });

  it('comes in lines, of some datasets, and is nothing between a state and itself', async () => {
    const lines = await compare('statistician', 'snapshot-1/compare/snapshot-3?datasets=LB,AUDIT', {
      Accept: 'application/x-ndjson',
    });
    const [head, ...rest] = lines.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(head.from.position).toBe(before);
    expect(rest.at(-1).datasets.map(({ name }: { name: string }) => name)).toEqual(['LB', 'AUDIT']);
    expect(rest.slice(0, -1).map(({ op }) => op)).toContain('added');
    const same = await accepted(compare('statistician', 'snapshot-1/compare/snapshot-2'));
    expect(same).toMatchObject({ rows: [], datasets: [] });
  });

  it('tells the blinded nothing of arms', async () => {
    const { text } = await compare('statistician');
    expect(text).toContain('CGA');
    expect(text).not.toMatch(/2024-02-20|ArmAllocated|"ARM"/);
  });

  it('is refused backwards, of what is not there, and to those who read no datasets', async () => {
    expectProblem(await compare('statistician', 'snapshot-3/compare/snapshot-1'), 400, 'invalid-request');
    expectProblem(await compare('statistician', 'snapshot-1/compare/snapshot-99'), 404, 'not-found');
    expectProblem(
      await compare('statistician', 'snapshot-1/compare/snapshot-3?datasets=SU'),
      400,
      'invalid-request',
    );
    expectProblem(
      await trial.as('monitor').get(`${STUDY}/snapshots/snapshot-1/compare/snapshot-3`),
      403,
      'not-permitted',
    );
  });
});

describe('the changes of a dataset', () => {
  it('are rows to upsert, since a position', async () => {
    const statistician = trial.as('statistician');
    const all = await accepted(statistician.get(`${STUDY}/datasets/LB/changes?after=-1`));
    expect(all.upserts).toHaveLength(1);
    expect(all.upserts[0]).toMatchObject({ key: `${subject}/V_SCR/LB`, row: { SUBJID: subject, CGA: 60 } });
    const since = await accepted(statistician.get(`${STUDY}/datasets/LB/changes?after=${before}`));
    expect(since.upserts).toEqual(all.upserts);
    const none = await accepted(statistician.get(`${STUDY}/datasets/LB/changes?after=${since.position}`));
    expect(none).toMatchObject({ upserts: [], deletes: [], position: since.position });
    const lines = (
      await statistician.get(`${STUDY}/datasets/LB/changes?after=${before}`, {
        Accept: 'application/x-ndjson',
      })
    ).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ dataset: 'LB', after: before });
    expect(lines[1]).toMatchObject({ op: 'upsert', key: `${subject}/V_SCR/LB` });
  });

  it('refuse what is no position', async () => {
    const statistician = trial.as('statistician');
    expectProblem(await statistician.get(`${STUDY}/datasets/LB/changes`), 400, 'invalid-request');
    expectProblem(await statistician.get(`${STUDY}/datasets/LB/changes?after=x`), 400, 'invalid-request');
    expectProblem(
      await statistician.get(`${STUDY}/datasets/LB/changes?after=999999`),
      400,
      'invalid-request',
    );
    expectProblem(await statistician.get(`${STUDY}/datasets/NOPE/changes?after=0`), 404, 'not-found');
    expectProblem(await statistician.get(`${STUDY}/datasets/SU`, { Accept: 'text/csv' }), 404, 'not-found');
  });
});

describe('what happened in a study', () => {
  const linesOf = (text: string) =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));

  it('is given once a position, in order, to its end', async () => {
    const statistician = trial.as('statistician');
    const seen: number[] = [];
    for (let after = -1; ; ) {
      const page = await statistician.get(`${STUDY}/changes?after=${after}&limit=3`);
      const positions = linesOf(page.text).map(({ position }) => position);
      if (positions.length === 0) break;
      seen.push(...positions);
      after = positionOf(page);
    }
    const size = (await trial.logSizes()).SINET!;
    expect(seen).toEqual(Array.from({ length: size }, (_, i) => i));
  });

  it('tells the blinded nothing of arms, and nobody who a subject is', async () => {
    const { text } = await trial.as('statistician').get(`${STUDY}/changes?limit=1000`);
    expect(text).toContain('ItemsCorrected');
    expect(text).not.toMatch(/ArmAllocated|2024-02-20|SECRET-7/);
    const open = await trial.as('unblindedStatistician').get(`${STUDY}/changes?limit=1000`);
    expect(open.text).toContain('ArmAllocated');
    expect(open.text).not.toContain('SECRET-7');
  });

  it('can be waited for', async () => {
    const last = (await trial.logSizes()).SINET! - 1;
    const waiting = trial.as('statistician').get(`${STUDY}/changes?after=${last}&wait=30`);
    await enrol(trial.as('coordinator'));
    expect(linesOf((await waiting).text)).toMatchObject([{ position: last + 1, type: 'SubjectEnrolled' }]);
    const nothing = await trial.as('statistician').get(`${STUDY}/changes?after=${last + 1}`);
    expect(nothing.text).toBe('');
    expect(positionOf(nothing)).toBe(last + 1);
    expectProblem(await trial.as('coordinator').get(`${STUDY}/changes`), 403, 'not-permitted');
    expectProblem(await trial.as('statistician').get(`${STUDY}/changes?after=x`), 400, 'invalid-request');
  });
});
