import { describe, expect, it } from 'vitest';
import { compile, type DataLock, nothingLocked } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  definition,
  entered,
  given,
  instant,
  SUBJECT,
  seesAsInvestigator,
  TODAY,
  value,
} from '../casebook.spec-kit.js';
import { actor } from './checks.js';
import { type DailyFacts, runDailyChecks } from './daily.js';

const study = compile(
  {
    ...definition,
    checks: [
      {
        ...{ oid: 'C.SOFT', forms: ['DM'], level: 'soft', items: ['I.SEEN'] },
        ...{ when: 'after(today, addDays(SEEN, 30))', text: 'Seen a month ago.' },
      },
      {
        ...{ oid: 'C.HARD', forms: ['DM'], level: 'hard', items: ['I.SEX'] },
        ...{ when: "SEX == 'M' && after(today, addDays(SEEN, 60))", text: 'Too long ago.' },
      },
    ],
  },
  1,
);
const facts = (today: string, own: Partial<DailyFacts> = {}): DailyFacts => ({
  ...{ study, today, now: instant(30), actor: { system: 'edit check' }, mayEnter: seesAsInvestigator },
  ...{ open: undefined, locks: nothingLocked },
  ...own,
});
const run =
  (today: string, own?: Partial<DailyFacts>) =>
  (casebook: Casebook): CasebookEvent[] =>
    runDailyChecks({ subject: SUBJECT }, casebook, facts(today, own));
const seen = entered({ 'I.SEEN': value(TODAY), 'I.SEX': value('M') });
const checksOf = (events: readonly CasebookEvent[] | object) =>
  (events as CasebookEvent[]).map(({ type, data }) => [type, (data as { check?: string }).check]);

describe('the checks of a day', () => {
  it('ask nothing as long as the day violates none', () => {
    expect(given(seen).when(run(TODAY))).toEqual([]);
  });

  it('raise a query when it does, and a hard check does so too: there is nothing to refuse', () => {
    expect(checksOf(given(seen).when(run('2026-04-15')))).toEqual([['QueryRaised', 'C.SOFT']]);
    expect(checksOf(given(seen).when(run('2026-05-15')))).toEqual([
      ['QueryRaised', 'C.SOFT'],
      ['QueryRaised', 'C.HARD'],
    ]);
  });

  it('raise it once, and not again what a person settled', () => {
    const [raised] = given(seen).when(run('2026-04-15')) as [CasebookEvent];
    expect(raised.actor).toEqual(actor);
    expect(given(seen, raised).when(run('2026-04-16'))).toEqual([]);
    const cancelled: CasebookEvent = {
      type: 'QueryCancelled',
      data: { query: `${SUBJECT}-Q1`, text: 'It is so.' },
    };
    expect(given(seen, raised, cancelled).when(run('2026-04-16'))).toEqual([]);
  });

  it('are not run on what is locked: the casebook, its site, or the study', () => {
    const lock: DataLock = { locked: { by: 'dan', at: instant(2) } };
    for (const locks of [
      { ...nothingLocked, study: lock },
      { ...nothingLocked, sites: { FR01: lock } },
    ])
      expect(given(seen).when(run('2026-04-15', { locks }))).toEqual([]);
    const locked: CasebookEvent = { type: 'DataLocked', data: { level: 'subject' } };
    expect(given(seen, locked).when(run('2026-04-15'))).toEqual([]);
  });
});
