import { describe, expect, it } from 'vitest';
import { type LockStep, nothingLocked, type StudyLocks } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  course,
  DEATH,
  entered,
  folded,
  given,
  lineage,
  reason,
  SUBJECT,
  study,
  value,
} from '../casebook.spec-kit.js';
import { checkedStudy, enterChecked } from '../consequences.spec-kit.js';
import { type ChangeLock, changeLock } from './lock.js';
import { lockStatus } from './lock.view.js';
import { refuseLocked } from './lock-guard.js';

const facts = { followed: study, known: lineage.readAs() };
const change = (step: LockStep, place: Partial<ChangeLock>) => (casebook: Casebook) =>
  changeLock(step, { subject: SUBJECT, ...place }, casebook, facts);
const ROW = { ...BASELINE, item: 'I.TLDIAM', group: 'IG.TL', row: '1' };
const places: [string, Partial<ChangeLock>][] = [
  ['subject', {}],
  ['visit', { visit: 'V1' }],
  ['form', BASELINE],
  ['item', { ...BASELINE, item: 'I.WEIGHT' }],
];
const of = (type: LockStep, level: string, place: object): CasebookEvent =>
  ({ type, data: { level, ...place } }) as CasebookEvent;

describe('freezing and locking', () => {
  it.each(places)('is of one level: %s', (level, place) => {
    for (const step of ['DataFrozen', 'DataLocked'] as const) {
      const event = of(step, level, place);
      expect(given().when(change(step, place))).toEqual([event]);
      expect(given(event).when(change(step, place))).toEqual({ refused: 'conflict' });
      expect(
        given(event, of(step, 'item', ROW)).when(change(step, { ...BASELINE, item: 'I.SEX' })),
      ).toHaveLength(1);
    }
  });

  it('is lifted with a reason, of exactly what it was of', () => {
    const locked = given(of('DataLocked', 'form', BASELINE));
    expect(locked.when(change('DataUnlocked', { ...BASELINE, reason }))).toEqual([
      { type: 'DataUnlocked', data: { level: 'form', ...BASELINE, reason } },
    ]);
    expect(locked.when(change('DataUnlocked', BASELINE))).toEqual({
      refused: 'reason-required',
      at: ['/reason'],
    });
    expect(locked.when(change('DataUnlocked', { visit: 'V1', reason }))).toEqual({ refused: 'conflict' });
    expect(locked.when(change('DataUnfrozen', { ...BASELINE, reason }))).toEqual({ refused: 'conflict' });
    const lifted = folded(
      [of('DataUnlocked', 'form', BASELINE)],
      folded([of('DataLocked', 'form', BASELINE)]),
    );
    expect(lifted.locks).toEqual({});
  });

  it('is of what the definition plans, or what is entered', () => {
    expect(given().when(change('DataLocked', { visit: 'FU~7' }))).toHaveLength(1);
    expect(given().when(change('DataLocked', { visit: 'V1~2' }))).toEqual({ refused: 'not-found' });
    expect(given().when(change('DataLocked', { visit: 'V1', form: 'LB' }))).toEqual({ refused: 'not-found' });
    expect(given().when(change('DataLocked', { form: 'LB' }))).toEqual({
      refused: 'invalid-value',
      at: ['/visit'],
    });
    expect(given().when(change('DataLocked', { ...BASELINE, item: 'I.HB' }))).toEqual({
      ...{ refused: 'invalid-value', at: ['/item'] },
    });
    expect(given().when(change('DataLocked', { ...ROW, group: 'IG.DM' }))).toMatchObject({ at: ['/group'] });
    expect(given().when(change('DataLocked', { ...BASELINE, row: '1' }))).toMatchObject({ at: ['/rowKey'] });
  });
});

const acted = (type: string, data: object): CasebookEvent => ({ type, data }) as CasebookEvent;
const QUERY = { ...BASELINE, item: 'I.WEIGHT', query: `${SUBJECT}-Q1`, text: '?' };
/** What people do, and up to where it goes on. */
const acts: [CasebookEvent, 'data' | 'about'][] = [
  [entered({ 'I.WEIGHT': value(70) }), 'data'],
  [
    acted('ItemsCorrected', {
      ...BASELINE,
      changes: [{ item: 'I.WEIGHT', from: null, to: value(1) }],
      reason,
    }),
    'data',
  ],
  [acted('ItemsVerified', { ...BASELINE, items: [{ item: 'I.WEIGHT', version: 1 }] }), 'data'],
  [acted('DefinitionAdopted', { definition: 2 }), 'data'],
  [acted('QueryRaised', QUERY), 'about'],
  [acted('QueryAnswered', { query: QUERY.query, text: '!' }), 'about'],
];

describe('what is frozen or locked', () => {
  const refusalOf = (lock: CasebookEvent | StudyLocks, act: CasebookEvent) => {
    const casebook = folded([acted('QueryRaised', QUERY), ...('type' in lock ? [lock] : [])], folded([]));
    const enrolled = { ...casebook, site: 'FR01' };
    const decided = () => {
      refuseLocked(enrolled, 'type' in lock ? nothingLocked : lock, [act]);
      return [];
    };
    const told = given().when(decided);
    return 'refused' in told ? told.refused : undefined;
  };

  it.each(places)('keeps out what people do to it: %s', (level, place) => {
    for (const [act, kind] of acts) {
      expect([act.type, refusalOf(of('DataLocked', level, place), act)]).toEqual([act.type, 'locked']);
      const frozen = refusalOf(of('DataFrozen', level, place), act);
      expect([act.type, frozen]).toEqual([act.type, kind === 'data' ? 'frozen' : undefined]);
    }
  });

  it('keeps out what people do in its site or study', () => {
    const mark = { by: 'mara', at: '' };
    for (const locks of [
      { study: { locked: mark }, sites: {} },
      { study: {}, sites: { FR01: { locked: mark } } },
    ])
      for (const [act] of acts) expect(refusalOf(locks, act)).toBe('locked');
    for (const [act] of acts)
      expect(refusalOf({ study: {}, sites: { DE01: { locked: mark } } }, act)).toBeUndefined();
  });

  it('leaves alone what is elsewhere, and what the system does', () => {
    const item = of('DataLocked', 'item', { ...BASELINE, item: 'I.SEX' });
    for (const [act] of acts.filter(([{ type }]) => type !== 'DefinitionAdopted'))
      expect(refusalOf(item, act)).toBeUndefined();
    expect(refusalOf(of('DataLocked', 'form', DEATH), acted('SubjectWithdrawn', {}))).toBeUndefined();
    expect(refusalOf(of('DataLocked', 'subject', {}), acted('SubjectWithdrawn', {}))).toBe('locked');
    const bySystem = { ...acted('QueryRaised', QUERY), actor: { system: 'edit check' } } as CasebookEvent;
    expect(refusalOf(of('DataLocked', 'subject', {}), bySystem)).toBeUndefined();
  });

  it('covers a row’s item in that row, or in all of them', () => {
    const inRow = (row: string) =>
      acted('ItemsEntered', { ...BASELINE, changes: [{ ...ROW, row, from: null, to: value(3) }] });
    expect(refusalOf(of('DataLocked', 'item', ROW), inRow('1'))).toBe('locked');
    expect(refusalOf(of('DataLocked', 'item', ROW), inRow('2'))).toBeUndefined();
    expect(refusalOf(of('DataLocked', 'item', { ...BASELINE, item: 'I.TLDIAM' }), inRow('2'))).toBe('locked');
  });

  it('refuses an entry elsewhere that would change what is derived there, and tells the form only', () => {
    const FU = { visit: 'FU', form: 'LB' };
    const casebook = course(
      enterChecked({ items: { 'I.WEIGHT': 70 } }),
      enterChecked({ ...FU, items: { 'I.HB': 12 } }),
    );
    const facts = { followed: checkedStudy, known: checkedStudy };
    const ratio = { subject: SUBJECT, ...FU, item: 'I.RATIO' };
    const locked = folded(changeLock('DataLocked', ratio, casebook, facts), casebook);
    const events = enterChecked({ items: { 'I.WEIGHT': 80 }, reason })(locked);
    expect(events.map(({ type }) => type)).toContain('ItemsDerived');
    expect(() => refuseLocked(locked, nothingLocked, events)).toThrow(
      /derived. Form LB in visit FU is locked/,
    );
    expect(() => refuseLocked(casebook, nothingLocked, events)).not.toThrow();
  });

  it('is told of a place with what it is a part of', () => {
    const casebook = folded([of('DataFrozen', 'visit', { visit: 'V1' }), of('DataLocked', 'form', BASELINE)]);
    expect(lockStatus(casebook, nothingLocked, BASELINE)).toEqual({ frozen: true, locked: true });
    expect(lockStatus(casebook, nothingLocked, DEATH)).toEqual({ frozen: true, locked: false });
    expect(lockStatus(casebook, nothingLocked, {})).toEqual({ frozen: false, locked: false });
    const study = { study: { locked: { by: 'mara', at: '' } }, sites: {} };
    expect(lockStatus(casebook, study, {})).toEqual({ frozen: false, locked: true });
  });
});
