import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectProblem, faultsOf, formPath, ifMatch, reason, STUDY, subjectPath } from './casebook.js';
import { startTrial, type Trial } from './trial.js';

let trial: Trial;
beforeAll(async () => {
  trial = await startTrial();
});
afterAll(() => trial?.close());

const send = (commands: unknown, options: { atomic?: boolean; key?: string; as?: 'monitor' } = {}) =>
  trial
    .as(options.as ?? 'coordinator')
    .post(
      `${STUDY}/commands${options.atomic ? '?atomic=true' : ''}`,
      commands,
      options.key ? { key: options.key } : {},
    );
const enrol = (id: string) => ({ id, type: 'EnrolSubject', site: 'FR01', consentDate: '2024-01-10' });
const laboratory = (id: string, subject: string, value: number, more: object = {}) => ({
  ...{ id, type: 'EnterForm', subject, visit: 'V_SCR', form: 'LB' },
  items: { 'I.LB.LBDAT': '2024-01-11', 'I.LB.CGA': value },
  ...more,
});
const eventsOf = async () => (await trial.logSizes()).SINET!;

describe('a batch', () => {
  it('brings home a day offline: later commands name what earlier ones made', async () => {
    const { status, body, text, headers } = await send([
      enrol('c1'),
      laboratory('c2', '#c1', 50),
      laboratory('c3', '#c1', 60, { reason, ifMatch: '#c2' }),
      { id: 'c4', type: 'AllocateArm', subject: '#c1', arm: 'A', date: '2024-01-20' },
    ]);
    expect(status, text).toBe(200);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([201, 201, 200, 200]);
    const { subjectKey } = body.results[0];
    expect(Number(headers.get('daybook-position'))).toBe((await eventsOf()) - 1);
    const form = await trial.as('coordinator').get(formPath(subjectKey, 'V_SCR', 'LB'));
    expect(form.body.items['I.LB.CGA'].value).toBe(60);
    expect(form.headers.get('etag')).toBe(body.results[2].etag);
  });

  it('has one result a command, in order, and a refusal stops none of the others', async () => {
    const { body } = await send([
      enrol('c1'),
      laboratory('c2', '#c1', 50, { items: { 'I.LB.CGA': 'much', 'I.LB.NOPE': 1 } }),
      laboratory('c3', '#c1', 50),
      laboratory('c4', '#c1', 60),
      { id: 'c5', type: 'CloseQuery', query: '#c1', text: 'x' },
      { id: 'c6', type: 'SignData', subject: '#c1' },
      laboratory('c7', 'DE01-0001', 50),
    ]);
    expect(body.results.map(({ id, status }: { id: string; status: number }) => [id, status])).toEqual([
      ['c1', 201],
      ['c2', 422],
      ['c3', 201],
      ['c4', 428],
      ['c5', 422],
      ['c6', 422],
      ['c7', 404],
    ]);
    expect(faultsOf(body.results[1].problem ? { ...body, body: body.results[1].problem } : body)).toEqual({
      '/items/I.LB.CGA': 'wrong-type',
      '/items/I.LB.NOPE': 'unknown-item',
    });
  });

  it('of which ids are UUIDs may come again, in other company too, and doubles nothing', async () => {
    const ids = [randomUUID(), randomUUID()] as const;
    const commands = [enrol(ids[0]), laboratory(ids[1], `#${ids[0]}`, 50)];
    const first = await send(commands);
    const size = await eventsOf();
    const again = await send([...commands, laboratory(randomUUID(), `#${ids[0]}`, 50)]);
    expect(again.body.results.slice(0, 2)).toEqual(
      first.body.results.map((one: object) => ({ ...one, replayed: true })),
    );
    expect(await eventsOf()).toBe(size);
  });

  it('comes as NDJSON too', async () => {
    const lines = [enrol('a'), laboratory('b', '#a', 50)].map((one) => JSON.stringify(one)).join('\n');
    const answer = await trial
      .as('coordinator')
      .raw('POST', `${STUDY}/commands`, `${lines}\n`, { 'Content-Type': 'application/x-ndjson' });
    expect(answer.body.results.map(({ status }: { status: number }) => status)).toEqual([201, 201]);
  });

  it('is refused as a whole where it is no list of commands', async () => {
    const size = await eventsOf();
    expectProblem(await send({ id: 'c1' }), 422, 'invalid-value');
    expect(faultsOf(await send([enrol('a'), { ...enrol('a') }, { type: 'x' }, 7]))).toEqual({
      '/1/id': 'repeated-id',
      '/2/id': 'invalid-id',
      '/3': 'is-object',
    });
    expectProblem(await send(Array.from({ length: 1001 }, (_, i) => enrol(`c${i}`))), 413, 'body-too-large');
    expectProblem(
      await trial.as('coordinator').post(`${STUDY}/commands?atomic=maybe`, []),
      400,
      'invalid-request',
    );
    expect(await eventsOf()).toBe(size);
  });

  it('lets nobody do more than one by one', async () => {
    const { body } = await send([enrol('c1')], { as: 'monitor' });
    expect(body.results[0]).toMatchObject({ status: 403, problem: { type: '/problems/not-permitted' } });
    expectProblem(await trial.as('coordinator').post('/studies/OTHER/commands', []), 404, 'not-found');
  });

  it.each([false, true])('C-17 leaves a record of what was refused (atomic: %s)', async (atomic) => {
    const refusals = async () => {
      const { rows } = await trial.started.installation.pool.query(
        `SELECT count(*)::int AS count FROM event WHERE type = 'AccessRefused' AND entry LIKE $1`,
        [`%${trial.userId(person)}%`],
      );
      return rows[0].count;
    };
    const person = atomic ? 'inspector' : 'otherCoordinator';
    const path = `${STUDY}/commands?atomic=${atomic}`;
    const before = await refusals();
    await trial.as(person).post(path, [enrol('c1'), enrol('c2')]);
    expect(await refusals()).toBe(before + 1);
  });
});

describe('what a batch answers of an entered form', () => {
  const heavy = (id: string, subject: string, weight: number, more: object = {}) => ({
    ...{ id, type: 'EnterForm', subject, visit: 'V_SCR', form: 'DM' },
    items: { 'I.DM.SEX': 'F', 'I.DM.WEIGHT': weight },
    ...more,
  });

  it.each([false, true])(
    'tells the queries raised and closed, as the form’s own call does (atomic: %s)',
    async (atomic) => {
      const key = randomUUID();
      const commands = [
        enrol('c1'),
        heavy('c2', '#c1', 700),
        heavy('c3', '#c1', 70, { reason, ifMatch: '#c2' }),
        laboratory('c4', '#c1', 50),
      ];
      const { body, text } = await send(commands, { atomic, key });
      const [{ subjectKey, ...enrolled }, ...entered] = body.results;
      expect(enrolled, text).not.toHaveProperty('queries');

      const alone = (await send([enrol('c1')])).body.results[0].subjectKey;
      const path = formPath(alone, 'V_SCR', 'DM');
      const first = await trial.as('coordinator').put(path, { items: heavy('', '', 700).items });
      const second = await trial
        .as('coordinator')
        .put(path, { items: heavy('', '', 70).items, reason }, ifMatch(first));
      const own = (queries: object) => JSON.parse(JSON.stringify(queries).replaceAll(alone, subjectKey));
      expect(entered.map(({ queries }: { queries: object }) => queries)).toEqual([
        own(first.body.queries),
        own(second.body.queries),
        { raised: [], closed: [] },
      ]);
      expect(entered[0].queries.raised).toHaveLength(1);
      expect(entered[1].queries.closed).toHaveLength(1);
      const again = await send(commands, { atomic, key });
      expect(again.body.results).toEqual(body.results.map((one: object) => ({ ...one, replayed: true })));
    },
  );
});

describe('a batch under a key that was used', () => {
  it('is refused whole where a command that was done is another now', async () => {
    const key = randomUUID();
    const { body } = await send([enrol('c1'), laboratory('c2', '#c1', 50)], { key });
    const [{ subjectKey }] = body.results;
    const size = await eventsOf();
    for (const other of [
      [enrol('c0'), enrol('c1'), laboratory('c2', '#c1', 51)],
      [enrol('c0'), { ...enrol('c1'), consentDate: '2024-01-11' }],
      [enrol('c0'), { id: 'c1', type: 'AllocateArm', subject: subjectKey, arm: 'A', date: '2024-01-20' }],
    ])
      expectProblem(await send(other, { key }), 422, 'idempotency-key-reused');
    expect(await eventsOf()).toBe(size);
  });

  it('finishes what was refused before, and doubles nothing', async () => {
    const key = randomUUID();
    const { body: before } = await send([enrol('c1')]);
    const last = Number(before.results[0].subjectKey.slice(-4));
    const next = `FR01-${String(last + 2).padStart(4, '0')}`;
    const commands = [enrol('c1'), laboratory('c2', next, 50), laboratory('c3', '#c1', 50)];
    const first = await send(commands, { key });
    const statusOf = ({ status }: { status: number }) => status;
    expect(first.body.results.map(statusOf)).toEqual([201, 404, 201]);
    await send([enrol('c1')]);
    const size = await eventsOf();
    const second = await send(commands, { key });
    expect(second.body.results.map(statusOf)).toEqual([201, 201, 201]);
    expect(second.body.results[0]).toEqual({ ...first.body.results[0], replayed: true });
    expect(second.body.results[2]).toEqual({ ...first.body.results[2], replayed: true });
    const stored = await eventsOf();
    expect(stored).toBeGreaterThan(size);
    expect((await send(commands, { key })).body.results.every((one: object) => 'replayed' in one)).toBe(true);
    expect(await eventsOf()).toBe(stored);
  });
});

describe('an atomic batch', () => {
  it('is stored whole, with enrolments of one site among it', async () => {
    const { body, text } = await send(
      [
        enrol('c1'),
        enrol('c2'),
        laboratory('c3', '#c2', 50),
        laboratory('c4', '#c2', 60, { reason, ifMatch: '#c3' }),
      ],
      { atomic: true },
    );
    expect(body.results, text).toHaveLength(4);
    const [one, two] = body.results.map(({ subjectKey }: { subjectKey: string }) => subjectKey);
    expect(Number(two.slice(-4))).toBe(Number(one.slice(-4)) + 1);
    const form = await trial.as('coordinator').get(formPath(two, 'V_SCR', 'LB'));
    expect(form.body.items['I.LB.CGA']).toMatchObject({ value: 60, version: 2 });
    expect((await trial.as('coordinator').get(subjectPath(one))).status).toBe(200);
  });

  it('stores nothing where one command is refused, and names it with its places', async () => {
    const size = await eventsOf();
    const refused = await send(
      [enrol('c1'), laboratory('c2', '#c1', 50, { items: { 'I.LB.CGA': 'much' } }), enrol('c3')],
      { atomic: true },
    );
    expectProblem(refused, 422, 'invalid-value');
    expect(refused.body.command).toBe('c2');
    expect(faultsOf(refused)).toEqual({ '/1/items/I.LB.CGA': 'wrong-type' });
    const unknown = await send([enrol('c1'), { id: 'c2', type: 'Nothing' }], { atomic: true });
    expect(faultsOf(unknown)).toEqual({ '/1/type': 'unknown-command' });
    expect(await eventsOf()).toBe(size);
  });

  it('gets its numbers beside other enrolments of the site, and is not refused for what they took', async () => {
    const enrolments = Array.from({ length: 16 }, (_, i) =>
      i % 2
        ? send([enrol('c1'), laboratory('c2', '#c1', 50), enrol('c3')], { atomic: true })
        : trial.as('coordinator').post(`${STUDY}/subjects`, { site: 'FR01', consentDate: '2024-01-10' }),
    );
    const answers = await Promise.all(enrolments);
    for (const { status, text } of answers) expect([200, 201], text).toContain(status);
    const keys = answers.flatMap(({ body }) =>
      (body.results ?? [body]).flatMap(({ subjectKey }: { subjectKey: string }) => subjectKey),
    );
    expect(new Set(keys).size).toBe(24);
  });

  it('that is sent again gets the same answer; another under its key is refused', async () => {
    const key = randomUUID();
    const commands = [
      enrol('c1'),
      laboratory('c2', '#c1', 50),
      laboratory('c3', '#c1', 60, { reason, ifMatch: '#c2' }),
    ];
    const first = await send(commands, { atomic: true, key });
    expect(first.status, first.text).toBe(200);
    const size = await eventsOf();
    const again = await send(commands, { atomic: true, key });
    expect(again.body.results).toEqual(first.body.results.map((one: object) => ({ ...one, replayed: true })));
    const other = await send([enrol('c1'), laboratory('c2', '#c1', 51)], { atomic: true, key });
    expectProblem(other, 422, 'idempotency-key-reused');
    expect(await eventsOf()).toBe(size);
  });
});
