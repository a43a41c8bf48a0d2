import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrol, expectProblem, formPath, STUDY, subjectPath } from './casebook.js';
import type { ApiClient } from './client.js';
import { accepted, startTrial } from './trial.js';

const trial = await startTrial();
afterAll(() => trial.close());

const lists = [
  { name: 'subjects', path: `${STUDY}/subjects`, id: 'subjectKey' },
  { name: 'queries', path: `${STUDY}/queries`, id: 'query' },
  { name: 'outcomes', path: `${STUDY}/outcomes?endpoint=OS`, id: 'subjectKey' },
  { name: 'audit', path: `${STUDY}/audit?type=SubjectEnrolled`, id: 'subjectKey' },
];

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;

/** A subject with a query and an outcome. */
async function addSubject(site: 'FR01' | 'DE01'): Promise<string> {
  const client = trial.as(site === 'FR01' ? 'coordinator' : 'otherCoordinator');
  const subject = await enrol(client, site);
  const items = { 'I.EN.ENDAT': '2024-02-01' };
  await accepted(client.put(formPath(subject, 'V_INC', 'EN'), { items }));
  await accepted(client.put(formPath(subject, 'V_SCR', 'DM'), { items: { 'I.DM.WEIGHT': 400 } }));
  return subject;
}

beforeAll(async () => {
  for (let i = 0; i < 6; i++) await addSubject('FR01');
});

describe.each(lists)('the list of $name', ({ name, path, id }) => {
  const reader = () => trial.as('dataManager');
  const pageAt = (client: ApiClient, cursor: string | null, limit = 2) =>
    client.get(withQuery(path, `limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`));
  const idsIn = (body: { items: Record<string, string>[] }) => body.items.map((item) => item[id]!);

  it('comes in pages, with a link to the next', async () => {
    const whole = await accepted(reader().get(withQuery(path, 'limit=1000')));
    expect(whole.nextCursor).toBeNull();
    const seen: string[] = [];
    let next: string | null = withQuery(path, 'limit=4');
    while (next) {
      const answer = await reader().get(next);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.items.length).toBeLessThanOrEqual(4);
      seen.push(...idsIn(answer.body));
      const link = /^<\/api\/v1(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '');
      expect(link === null).toBe(answer.body.nextCursor === null);
      next = link?.[1] ?? null;
    }
    expect(seen).toEqual(idsIn(whole));
  });

  it('skips nothing and shows nothing twice while data are added before, between and behind', async () => {
    const before = idsIn(await accepted(reader().get(withQuery(path, 'limit=1000'))));
    const seen: string[] = [];
    let cursor: string | null = null;
    let round = 0;
    do {
      const { body } = await pageAt(reader(), cursor);
      seen.push(...idsIn(body));
      cursor = body.nextCursor;
      if (round++ < 2) await addSubject(round % 2 ? 'DE01' : 'FR01');
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before));
    if (name !== 'audit') expect(seen).toEqual([...seen].sort());
  });

  it('takes no cursor that was not given for it', async () => {
    const { body } = await pageAt(reader(), null);
    const cursor: string = body.nextCursor;
    const forged = [
      'AAAA',
      `${cursor}A`,
      cursor.slice(0, -1),
      `${cursor.slice(0, 10)}${cursor[10] === 'A' ? 'B' : 'A'}${cursor.slice(11)}`,
      Buffer.from('["FR01-0001"]').toString('base64url'),
      `${cursor}=`,
      '',
    ];
    for (const text of forged) {
      const answer = await reader().get(withQuery(path, `limit=2&cursor=${encodeURIComponent(text)}`));
      expectProblem(answer, 400, 'invalid-request');
    }
    expectProblem(await pageAt(trial.as('inspector'), cursor), 400, 'invalid-request');
    const filtered = withQuery(path, `limit=2&asOf=1&subject=FR01-0001&site=FR01&cursor=${cursor}`);
    expectProblem(await reader().get(filtered), 400, 'invalid-request');
    for (const other of lists.filter((list) => list.name !== name))
      expectProblem(await reader().get(withQuery(other.path, `cursor=${cursor}`)), 400, 'invalid-request');
  });
});

describe('a page', () => {
  it('has fifty items unless asked, and not less than one', async () => {
    const subject = await enrol(trial.as('coordinator'));
    for (let i = 0; i < 51; i++) {
      const body = { visit: 'V_SCR', form: 'DM', text: `Query ${i}` };
      await accepted(trial.as('monitor').post(`${subjectPath(subject)}/queries`, body));
    }
    const first = await accepted(trial.as('monitor').get(`${STUDY}/queries?subject=${subject}`));
    expect(first.items).toHaveLength(50);
    const path = `${STUDY}/queries?subject=${subject}&cursor=${first.nextCursor}`;
    const last = await accepted(trial.as('monitor').get(path));
    expect(last).toMatchObject({ items: [{ query: `${subject}-Q51` }], nextCursor: null });
  });
});
