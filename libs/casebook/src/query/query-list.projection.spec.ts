import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller, Grant } from '#access';
import { sightOf, sitesFor } from '#access';
import { upsertRows } from '#event-store';
import { freshStore } from '../../../../test/database.js';
import { subjectRows } from '../casebook.projection.js';
import { definition, lineage } from '../casebook.spec-kit.js';
import type { Reached } from '../lists.projection.js';
import { departureRows } from '../transfer/transfer.projection.js';
import { type QueryRow, queryRows } from './query.projection.js';
import { showsQuery } from './query.view.js';
import { countGroups, countQueries, countRows } from './query-count.projection.js';
import { fitsFilter, type QueryFilter, queryStatuses } from './query-filter.js';
import { clockFor, countStanding, listQueries } from './query-list.projection.js';
import { isOpen, itemsOf, type QueryPlace, type QueryState } from './query-state.js';
import { veilsOf } from './query-veil.js';

const AT = '2026-03-01T12:00:00.000Z';
const times = { answerWithinDays: 14, closeWithinDays: 7 };
const SITES = ['FR01', 'DE01', 'IT01'];

const places: (QueryPlace & { check?: string })[] = [
  {},
  { visit: 'V1' },
  { visit: 'FU~2' },
  { visit: 'V1', form: 'DM' },
  { visit: 'V1', form: 'DM', item: 'I.SEX' },
  { visit: 'V1', form: 'DM', item: 'I.STAY', items: ['I.STAY'], check: 'C1' },
  { visit: 'V1', form: 'DM', item: 'I.SEX', items: ['I.SEX', 'I.STAY'], check: 'C1' },
  { visit: 'V1', form: 'DM', item: 'I.CENTRAL' },
  { visit: 'V1', form: 'DM', item: 'I.TLREVIEW', group: 'IG.TL', row: 'a' },
  { visit: 'FU~2', form: 'LB', item: 'I.HB', check: 'range' },
  { visit: 'LOG', form: 'AE~3', item: 'I.AETERM', check: 'required' },
];

/** Every place in every status, of many ages, of two subjects. */
const rowsAt = (site: string, series: string, departed: string | null = null): Reached<QueryRow>[] =>
  places.flatMap((place, i) =>
    queryStatuses.map((status, j): Reached<QueryRow> => {
      const number = i * queryStatuses.length + j + 1;
      const subject = `${series}-000${(i % 2) + 1}`;
      const ago = (days: number) => new Date(Date.parse(AT) - days * 86_400_000 - (number % 3)).toISOString();
      const state: QueryState = {
        ...place,
        query: `${subject}-Q${number}`,
        text: 'Why?',
        status,
        raisedAt: ago(number),
        changedAt: ago(number / 2),
        messages: [],
      };
      const { visit = null, form = null, check = null } = place;
      return {
        ...{ study: 'S', subject, number, site, status, raised: state.raisedAt, changed: state.changedAt },
        ...{ visit, form, items: itemsOf(place), check, state, departed },
      };
    }),
  );

const rows = SITES.flatMap((site) => rowsAt(site, site));
/** Of subjects that were at two of the sites and are at another now. */
const moved = rowsAt('ES01', 'GONE');
const departures = [
  { site: 'FR01', revision: 5, departed: '2026-02-20T12:00:00.000Z' },
  { site: 'DE01', revision: 9, departed: '2026-02-25T12:00:00.000Z' },
].map((one) => ({ ...one, rows: rowsAt(one.site, 'GONE', one.departed) }));
const subjectRow = (subject: string, site: string) => ({
  ...{
    study: 'S',
    subject,
    site,
    series: subject.slice(0, -5),
    number: Number(subject.at(-1)),
    status: 'enrolled',
  },
  ...{ arm: null, definition: 1, consented: '2026-01-15', enrolled: '2026-01-15T00:00:00Z', openqueries: 0 },
});
const departureRow = (
  subject: string,
  { site, revision, departed, rows: all }: (typeof departures)[number],
) => ({
  ...{ ...subjectRow(subject, site), revision, departed, status: 'transferred', signatures: [] },
  queries: all.filter((row) => row.subject === subject),
});

let fresh: Awaited<ReturnType<typeof freshStore>>;
beforeAll(async () => {
  fresh = await freshStore();
  const client = await fresh.pool.connect();
  const gone = ['GONE-0001', 'GONE-0002'];
  await upsertRows(client, [
    { model: queryRows, rows: [...rows, ...moved] },
    { model: subjectRows, rows: gone.map((subject) => subjectRow(subject, 'ES01')) },
    {
      model: departureRows,
      rows: gone.flatMap((subject) => departures.map((one) => departureRow(subject, one))),
    },
  ]);
  client.release();
});
afterAll(() => fresh.close());

const wanted = {
  status: fc.constantFrom<string>(...queryStatuses),
  site: fc.constantFrom(...SITES),
  subject: fc.constantFrom('FR01-0001', 'DE01-0002', 'GONE-0001'),
  visit: fc.constantFrom('V1', 'FU~2'),
  form: fc.constantFrom('DM', 'AE~3'),
  item: fc.constantFrom('I.SEX', 'I.STAY'),
  check: fc.constantFrom('range', 'C1'),
  origin: fc.constantFrom('person' as const, 'check' as const),
  owner: fc.constantFrom('site' as const, 'oversight' as const),
  overdue: fc.boolean(),
  age: fc.constantFrom(0, 7, 30),
};
/** Few at a time, or hardly anything fits. */
const filters: fc.Arbitrary<QueryFilter> = fc
  .tuple(fc.record(wanted), fc.subarray(Object.keys(wanted) as (keyof QueryFilter)[], { maxLength: 2 }))
  .map(([all, names]) => Object.fromEntries(names.map((name) => [name, all[name]])));
const grant = fc
  .tuple(
    fc.constantFrom('monitor', 'investigator', 'coordinator', 'statistician' as const),
    fc.oneof(fc.constant('all' as const), fc.subarray(SITES, { minLength: 1 })),
    fc.boolean(),
  )
  .map(([role, sites, unblinded]) => ({ study: 'S', role, sites, unblinded }) as Grant);
const callers = fc
  .array(grant, { minLength: 1, maxLength: 3 })
  .map((grants): Caller => ({ id: 'anna', name: 'Anna', grants }));

const scopeOf = (caller: Caller) => ({
  ...{ study: 'S', at: AT, times, sites: sitesFor(caller, 'read casebook', 'S') },
  veils: veilsOf(caller, 'S', [definition], lineage),
});
/** Whoever has several of the sites that a subject left sees it as it left the last of them. */
const reachedBy = (caller: Caller) => {
  const sites = sitesFor(caller, 'read casebook', 'S');
  if (sites === 'all') return [...rows, ...moved];
  const last = departures.findLast(({ site }) => sites.includes(site));
  return [...rows.filter(({ site }) => sites.includes(site)), ...(last?.rows ?? [])];
};
const seenBy = (caller: Caller, filter: QueryFilter = {}) =>
  reachedBy(caller).filter(
    (row) =>
      fitsFilter(row, filter, clockFor(row, { at: AT, times })) &&
      showsQuery(row.state, lineage.readAs(), sightOf(caller, 'S', row.site)),
  );
const idsOf = (list: readonly QueryRow[]) => list.map(({ state }) => state.query).sort();

describe('the list of queries', () => {
  it('C-23: has in SQL just those that fit the filter and that the caller may see', async () => {
    await fc.assert(
      fc.asyncProperty(callers, filters, async (caller, filter) => {
        const found = await listQueries(fresh.pool, scopeOf(caller), filter, {
          after: undefined,
          limit: 1000,
        });
        expect(idsOf(found)).toEqual(idsOf(seenBy(caller, filter)));
      }),
      { numRuns: 150 },
    );
  });

  it('goes on from a place', async () => {
    const everything: Caller = {
      id: 'a',
      name: 'a',
      grants: [{ study: 'S', role: 'monitor', sites: 'all', unblinded: false }],
    };
    const all = await listQueries(fresh.pool, scopeOf(everything), {}, { after: undefined, limit: 1000 });
    expect(all).toHaveLength(rows.length + moved.length);
    const after = [all[4]!.subject, all[4]!.number] as const;
    const next = await listQueries(fresh.pool, scopeOf(everything), {}, { after, limit: 3 });
    expect(idsOf(next)).toEqual(idsOf(all.slice(5, 8)));
  });
});

describe('C-23 counts of queries', () => {
  it('are those of the list, with the median of their ages', async () => {
    await fc.assert(
      fc.asyncProperty(callers, filters, fc.constantFrom(...countGroups), async (caller, filter, by) => {
        const counted = await countQueries(fresh.pool, scopeOf(caller), filter, by);
        expect(counted).toEqual(countRows(seenBy(caller, filter), by, { at: AT, times }));
      }),
      { numRuns: 100 },
    );
  });

  it('by subject are of those that stand', async () => {
    await fc.assert(
      fc.asyncProperty(callers, async (caller) => {
        const counted = await countStanding(fresh.pool, scopeOf(caller), ['FR01-0001', 'GONE-0002']);
        for (const subject of ['FR01-0001', 'GONE-0002']) {
          const own = seenBy(caller).filter((row) => row.subject === subject && isOpen(row));
          expect(counted.get(subject) ?? 0).toBe(own.length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
