import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '#access';
import { type Casebook, type CasebookEvent, emptyCasebook } from '../casebook.js';
import { projectCasebook, subjectRows } from '../casebook.projection.js';
import {
  BASELINE,
  enrolment,
  entered,
  folded,
  given,
  instant,
  reason,
  SUBJECT,
  TODAY,
  value,
} from '../casebook.spec-kit.js';
import { queryRows } from '../query/query.projection.js';
import { type TransferFacts, transferSubject } from './transfer.js';
import { departureRows } from './transfer.projection.js';
import { reachOf } from './transfer-reach.js';

const facts: TransferFacts = { today: TODAY, now: instant(5), siteExists: true };
const transferred = (from: string, to: string): CasebookEvent => ({
  type: 'SubjectTransferred',
  data: { from, to, date: '2026-02-20', reason },
});
const query = (number: number): CasebookEvent => ({
  type: 'QueryRaised',
  data: { ...BASELINE, query: `${SUBJECT}-Q${number}`, text: 'Why?' },
});

describe('a transfer', () => {
  const transfer =
    (site: string, date?: string, own: Partial<TransferFacts> = {}) =>
    (casebook: Casebook) =>
      transferSubject({ subject: SUBJECT, site, reason, ...(date && { date }) }, casebook, {
        ...facts,
        ...own,
      });

  it('tells from where and to where, and is of today unless said', () => {
    expect(given().when(transfer('DE01', '2026-02-20'))).toEqual([transferred('FR01', 'DE01')]);
    expect(given().when(transfer('DE01'))).toMatchObject([{ data: { date: '2026-03-01' } }]);
    expect(given(transferred('FR01', 'DE01')).when(transfer('FR01', '2026-02-20'))).toEqual([
      transferred('DE01', 'FR01'),
    ]);
  });

  it('leads to another site of the study, on a day that has come', () => {
    expect(given().when(transfer('FR01'))).toEqual({ refused: 'conflict' });
    const nowhere = transfer('XX01', undefined, { siteExists: false });
    expect(given().when(nowhere)).toEqual({ refused: 'invalid-value', at: ['/site'] });
    expect(given().when(transfer('DE01', '2026-03-02'))).toEqual({ refused: 'invalid-value', at: ['/date'] });
  });
});

describe('who reads a casebook after transfers', () => {
  const at = (...sites: string[]): Caller => ({
    ...{ id: 'u1', name: 'U' },
    grants: [{ study: 'S', role: 'coordinator', sites, unblinded: false }],
  });
  const sites = ['A', 'B', 'C'];

  it('the site where the subject is, all of it; one that it left, what it knew; others, nothing', () => {
    const way = fc.array(fc.constantFrom(...sites), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(way, fc.subarray(sites, { minLength: 1 }), (stops, granted) => {
        const visited = stops.filter((site, i) => site !== stops[i - 1]);
        const before: Casebook[] = [];
        const casebook = visited.reduce((state, to, i) => {
          if (i === 0)
            return folded([{ ...enrolment, data: { ...enrolment.data, site: to } } as CasebookEvent]);
          before.push(state);
          return folded([transferred(state.site, to), entered({ 'I.SEX': value('F') })], state);
        }, emptyCasebook);
        const read = () => reachOf(casebook, 'read casebook', { caller: at(...granted), log: 'S' });
        const last = visited.findLastIndex((site) => granted.includes(site));
        if (last < 0) expect(read).toThrow('no such thing');
        else if (last === visited.length - 1) expect(read()).toEqual({ site: casebook.site });
        else {
          expect(read().site).toBe(visited[last]);
          expect(read().departure?.casebook).toEqual(before[last]);
        }
      }),
    );
  });
});

describe('the rows of a casebook that was transferred', () => {
  const left = folded([enrolment, query(1)]);
  const moved = folded([transferred('FR01', 'DE01')], left);
  const rowsOf = (before: Casebook, after: Casebook) =>
    new Map(projectCasebook(before, after, 'S').map(({ model, rows }) => [model, rows]));

  it('are its own at the new site, queries included, and how the old one knew it', () => {
    const rows = rowsOf(left, moved);
    expect(rows.get(subjectRows)).toMatchObject([{ site: 'DE01', series: 'FR01', number: 1 }]);
    expect(rows.get(queryRows)).toMatchObject([{ site: 'DE01', number: 1 }]);
    expect(rows.get(departureRows)).toMatchObject([
      {
        ...{ site: 'FR01', status: 'transferred', openqueries: 1, revision: left.revision },
        ...{ departed: moved.left[0]!.at, queries: [{ site: 'FR01', number: 1 }], signatures: [] },
      },
    ]);
  });

  it('are the same when they are made anew, after whatever came later', () => {
    const later = folded([query(2)], moved);
    expect(rowsOf(emptyCasebook, later).get(departureRows)).toEqual(rowsOf(left, moved).get(departureRows));
    expect(rowsOf(moved, later).get(departureRows)).toEqual([]);
  });
});
