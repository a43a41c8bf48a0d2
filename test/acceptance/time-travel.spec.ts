import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  enrol,
  expectProblem,
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

/** Every read that knows the past. */
const reads = (subject: string) => ({
  form: formPath(subject, 'V_SCR', 'DM'),
  history: `${formPath(subject, 'V_SCR', 'DM')}/history`,
  subject: subjectPath(subject),
  subjects: `${STUDY}/subjects`,
  queries: `${STUDY}/queries`,
  outcomes: `${STUDY}/outcomes`,
  sites: `${STUDY}/sites`,
  clinicalData: `${STUDY}/clinical-data`,
});

describe('asOf', () => {
  /** What each read answered after each step, and the position and instant of that step. */
  const steps: { position: number; answers: Record<string, Answer> }[] = [];
  /** When each position was recorded. */
  let instants: string[];
  let subject: string;
  const reader = trial.as('dataManager');

  const step = async (write: Promise<Answer>) => {
    const answer = await write;
    expect(answer.status, answer.text).toBeLessThan(300);
    const answers: Record<string, Answer> = {};
    for (const [name, path] of Object.entries(reads(subject))) answers[name] = await reader.get(path);
    steps.push({ position: positionOf(answer), answers });
    return answer;
  };

  beforeAll(async () => {
    const coordinator = trial.as('coordinator');
    await enrol(coordinator);
    subject = 'FR01-0002';
    const dm = formPath(subject, 'V_SCR', 'DM');
    await step(coordinator.post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }));
    const first = await step(coordinator.put(dm, { items: { 'I.DM.WEIGHT': 400, 'I.DM.SEX': 'F' } }));
    await step(coordinator.post(`${STUDY}/queries/${subject}-Q1/answer`, { text: 'Will look.' }));
    await step(coordinator.patch(dm, { items: { 'I.DM.WEIGHT': 70 }, reason }, ifMatch(first)));
    await step(
      coordinator.put(formPath(subject, 'V_INC', 'EN'), {
        items: { 'I.EN.ENDAT': '2024-02-01', 'I.EN.ARM': 'A' },
      }),
    );
    await step(coordinator.post(`${subjectPath(subject)}/allocation`, { arm: 'A', date: '2024-02-01' }));
    await step(coordinator.post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }));
    await step(
      coordinator.put(formPath(subject, 'V_M06', 'FU'), { items: { 'I.FU.LASTALIVE': '2024-08-01' } }),
    );
    await step(coordinator.post(`${subjectPath(subject)}/withdrawal`, { date: '2024-09-01', reason }));
    const administrator = trial.as('administrator');
    await step(administrator.post(`${STUDY}/sites`, { site: 'IT01', name: 'Centro', country: 'IT' }));
    await step(administrator.patch(`${STUDY}/sites/DE01`, { name: 'Another name' }));
    const { pool } = trial.started.installation;
    const { rows } = await pool.query(`SELECT recorded_at FROM event WHERE log = 'SINET' ORDER BY position`);
    instants = rows.map((row) => row.recorded_at.toISOString());
  });

  it('was taken at states that differ', () => {
    for (const name of Object.keys(reads('')))
      expect(new Set(steps.map(({ answers }) => answers[name]!.text)).size, name).toBeGreaterThan(2);
  });

  it.each(Object.keys(reads('')))('a position answers as it was after the event at it: %s', async (name) => {
    const path = reads(subject)[name as keyof ReturnType<typeof reads>];
    for (const { position, answers } of steps) {
      const then = await reader.get(`${path}?asOf=${position}`);
      expect(then.status).toBe(answers[name]!.status);
      if (then.status !== 200) continue;
      expect(then.text).toBe(answers[name]!.text);
      expect(then.headers.get('etag')).toBe(answers[name]!.headers.get('etag'));
      expect(positionOf(then)).toBe(position);
    }
  });

  it.each(Object.keys(reads('')))('an instant answers as it was recorded then: %s', async (name) => {
    const path = reads(subject)[name as keyof ReturnType<typeof reads>];
    for (const { position, answers } of steps) {
      const instant = instants[position]!;
      // Events of one millisecond share their instant, which means the last of them.
      if (instants[position + 1] === instant) continue;
      for (const text of [instant, instant.replace('Z', '%2B00:00')]) {
        const then = await reader.get(`${path}?asOf=${text}`);
        expect(then.status).toBe(answers[name]!.status);
        if (then.status === 200) expect(then.text).toBe(answers[name]!.text);
      }
    }
  });

  it('before the first event there is nothing', async () => {
    const path = reads(subject);
    const then = '?asOf=2001-01-01T00:00:00Z';
    expectProblem(await reader.get(path.subject + then), 404, 'not-found');
    expectProblem(await reader.get(path.form + then), 404, 'not-found');
    for (const list of [path.subjects, path.queries, path.outcomes])
      expect((await reader.get(list + then)).body.items).toEqual([]);
  });

  it('the filters of a list hold then too', async () => {
    const at = (path: string, step: number) => accepted(reader.get(`${path}&asOf=${steps[step]!.position}`));
    const statuses = async (query: string, step: number) =>
      (await at(`${STUDY}/queries?${query}`, step)).items.map((one: { status: string }) => one.status);
    expect(await statuses('status=open', 1)).toEqual(['open']);
    expect(await statuses('status=open', 2)).toEqual([]);
    expect(await statuses('status=answered', 2)).toEqual(['answered']);
    expect(await statuses('status=closed', 3)).toEqual(['closed']);
    expect(await statuses('site=DE01', 3)).toEqual([]);
    const subjects = async (query: string, step: number) =>
      (await at(`${STUDY}/subjects?${query}`, step)).items.map(
        (one: { subjectKey: string }) => one.subjectKey,
      );
    expect(await subjects('arm=A', 4)).toEqual([]);
    expect(await subjects('arm=A', 5)).toEqual([subject]);
    expect(await subjects('status=withdrawn', 7)).toEqual([]);
    expect(await subjects('status=withdrawn', 8)).toEqual([subject]);
    expect(await subjects('q=0003', 5)).toEqual([]);
    expect(await subjects('q=0003', 6)).toEqual(['FR01-0003']);
  });

  it('the pages of a past state are that state’s, whatever is written meanwhile', async () => {
    const path = `${STUDY}/subjects?limit=1&asOf=${steps[5]!.position}`;
    const first = await reader.get(path);
    await enrol(trial.as('coordinator'));
    const second = await reader.get(`${path}&cursor=${first.body.nextCursor}`);
    expect(second.body).toMatchObject({ items: [{ subjectKey: 'FR01-0002' }], nextCursor: null });
  });

  it('is a position or an existing instant', async () => {
    for (const text of ['', '-1', '1.5', 'now', '2024-01-01', '2024-02-30T00:00:00Z', '2024-01-01T00:00:00'])
      for (const path of [reads(subject).form, reads(subject).subjects])
        expectProblem(await reader.get(`${path}?asOf=${text}`), 400, 'invalid-request');
  });

  it('a position that the log has not reached is not yet there', async () => {
    for (const path of Object.values(reads(subject))) {
      const answer = await reader.get(`${path}?asOf=1000000`);
      expectProblem(answer, 503, 'unavailable');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});

describe('Daybook-Position', () => {
  it('of a write is the position of its last event', async () => {
    const coordinator = trial.as('coordinator');
    const subject = await enrol(coordinator);
    const write = await coordinator.put(formPath(subject, 'V_SCR', 'DM'), {
      items: { 'I.DM.WEIGHT': 400 },
      complete: true,
    });
    const { pool } = trial.started.installation;
    const { rows } = await pool.query(
      `SELECT max(position) AS last FROM event WHERE log = 'SINET' AND stream = $1`,
      [`subject/${subject}`],
    );
    expect(positionOf(write)).toBe(rows[0].last);
    expect((await trial.logSizes()).SINET).toBe(positionOf(write) + 1);
  });

  it('a read that asks for it shows the write, whichever read it is', async () => {
    const coordinator = trial.as('coordinator');
    const subject = await enrol(coordinator);
    const reader = trial.as('dataManager');
    for (let day = 10; day < 20; day++) {
      const alive = `2024-08-${day}`;
      const path = formPath(subject, `V_UNS~${day}`, 'FU');
      const write =
        day === 10
          ? await coordinator.put(formPath(subject, 'V_INC', 'EN'), { items: { 'I.EN.ENDAT': alive } })
          : await coordinator.put(path, { items: { 'I.FU.LASTALIVE': alive } });
      const headers = { 'Daybook-Min-Position': String(positionOf(write)) };
      const { items } = await accepted(reader.get(`${STUDY}/outcomes?endpoint=OS&limit=1000`, headers));
      const outcome = items.find((one: { subjectKey: string }) => one.subjectKey === subject);
      expect(outcome).toMatchObject({ end: alive, days: day - 10 });
      const summary = await reader.get(subjectPath(subject), headers);
      expect(positionOf(summary)).toBeGreaterThanOrEqual(positionOf(write));
    }
  });

  it('a read that asks for one that the log has not reached is 503 with Retry-After', async () => {
    for (const path of Object.values(reads('FR01-0002'))) {
      const answer = await trial.as('dataManager').get(path, { 'Daybook-Min-Position': '1000000' });
      expectProblem(answer, 503, 'unavailable');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      const bad = await trial.as('dataManager').get(path, { 'Daybook-Min-Position': '-1' });
      expectProblem(bad, 400, 'invalid-request');
    }
  });
});
