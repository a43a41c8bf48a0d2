import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Streams } from '#commands';
import type { NewEvent } from '#event-store';
import { type Definition, PUBLICATIONS, Studies, shippedStudies } from '#study';
import { freshStore } from '../../../test/database.js';
import { outcomeRowsOf } from './outcome.projection.js';
import { CourseEvents } from './outcome.spec-kit.js';
import { foldOutcomes } from './outcome-follower.projection.js';

const definition: Definition = shippedStudies().find(({ study }) => study.oid === 'SINET')!;
const actor = { user: 'u', role: 'coordinator' };
let fresh: Awaited<ReturnType<typeof freshStore>>;
let studies: Studies;
beforeAll(async () => {
  fresh = await freshStore();
  studies = new Studies(new Streams(fresh.store));
  await append(PUBLICATIONS, [{ type: 'DefinitionPublished', data: { definition } }]);
});
afterAll(() => fresh.close());
beforeEach(() => fresh.pool.query('DELETE FROM outcome'));

async function append(stream: string, events: NewEvent[]): Promise<void> {
  const expectedRevision = (await fresh.store.readStream('SINET', stream)).length - 1;
  await fresh.store.append('SINET', { stream, expectedRevision, actor, events, project: () => [] });
}

const subject = (key: string) => ({
  stream: `subject/${key}`,
  append: (events: NewEvent[]) => append(`subject/${key}`, events),
});
const began = (key: string) =>
  new CourseEvents(key).enter('V_INC', 'EN', { 'I.EN.ENDAT': '2020-01-10' }).events;
const entered = (visit: string, form: string, values: Record<string, string>) =>
  new CourseEvents().enter(visit, form, values).events.slice(1);
const alive = (date: string) => entered('V_M06', 'FU', { 'I.FU.LASTALIVE': date });

type Version = Record<string, unknown>;

/** Rows with the transaction that wrote each of them last. */
async function rows(): Promise<Version[]> {
  const { rows } = await fresh.pool.query('SELECT *, xmin FROM outcome ORDER BY endpoint, subject');
  return rows;
}

const withoutTransaction = (all: Version[]) => all.map(({ xmin: _, ...row }) => row);

async function eventsAfter(position: number, count = 1000) {
  const { rows } = await fresh.pool.query<{ entry: string }>(
    "SELECT entry FROM event WHERE log = 'SINET' AND position > $1 ORDER BY position LIMIT $2",
    [position, count],
  );
  return rows.map(({ entry }) => JSON.parse(entry));
}

/** Folds the log in pages, as the follower and a rebuild do. */
async function follow(fold: ReturnType<typeof foldOutcomes>, after: number, page: number): Promise<number> {
  const client = await fresh.pool.connect();
  let position = after;
  for (;;) {
    const events = await eventsAfter(position, page);
    if (events.length === 0) break;
    await fold(client, 'SINET', events);
    position = events.at(-1)!.position;
  }
  client.release();
  return position;
}

describe('the follower of outcomes', () => {
  it('makes the same rows whatever the pages, and with or without what it has kept', async () => {
    const one = subject('FR01-0011');
    const two = subject('FR01-0012');
    await one.append(began('FR01-0011'));
    await two.append(began('FR01-0012'));
    await one.append(alive('2020-07-01'));
    await two.append(entered('V_EOS', 'DD', { 'I.DD.DTHDAT': '2020-05' }));
    await one.append(alive('2020-08-01'));
    const expected: unknown[] = [];
    for (const { stream } of [one, two]) {
      expected.push(...(await outcomeRowsOf(await fresh.store.readStream('SINET', stream), studies)));
    }
    const byKey = (all: unknown[]) =>
      all.map((row) => JSON.stringify(Object.entries(row as object).sort())).sort();

    for (const page of [1, 2, 1000]) {
      await fresh.pool.query('DELETE FROM outcome');
      await follow(foldOutcomes(studies), -1, page);
      expect(byKey(withoutTransaction(await rows()))).toEqual(byKey(expected));
    }
    const restarted = foldOutcomes(studies);
    await fresh.pool.query('DELETE FROM outcome');
    const last = await follow(foldOutcomes(studies), -1, 1000);
    await one.append(alive('2020-09-01'));
    await follow(restarted, last, 1000);
    expect((await rows()).find((row) => row.subject === 'FR01-0011' && row.endpoint === 'OS')).toMatchObject({
      end: '2020-09-01',
    });
  });

  it('writes the rows that differ, and takes away those that no longer follow', async () => {
    const three = subject('FR01-0013');
    await three.append(began('FR01-0013'));
    const fold = foldOutcomes(studies);
    let position = await follow(fold, -1, 1000);
    const before = await rows();
    await three.append(alive('2020-07-01'));
    position = await follow(fold, position, 1000);
    const after = await rows();
    const rewritten = after.filter(({ xmin }) => !before.some((row) => row.xmin === xmin));
    expect(rewritten.map(({ endpoint, subject }) => `${endpoint} ${subject}`)).toEqual([
      'DSDTH FR01-0013',
      'OS FR01-0013',
    ]);
    const emptied = { item: 'I.EN.ENDAT', from: { value: '2020-01-10' }, to: null };
    await three.append([
      { type: 'ItemsEntered', data: { visit: 'V_INC', form: 'EN', first: false, changes: [emptied] } },
    ]);
    await follow(fold, position, 1000);
    expect((await rows()).filter((row) => row.subject === 'FR01-0013')).toEqual([]);
  });

  it('writes again what was undone with its transaction', async () => {
    const four = subject('FR01-0014');
    await four.append(began('FR01-0014'));
    const fold = foldOutcomes(studies);
    const events = await eventsAfter(-1);
    const client = await fresh.pool.connect();
    await client.query('BEGIN');
    await fold(client, 'SINET', events);
    await client.query('ROLLBACK');
    await fold(client, 'SINET', events);
    client.release();
    expect((await rows()).filter((row) => row.subject === 'FR01-0014')).not.toEqual([]);
  });
});
