import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  change,
  definition,
  enrolment,
  entered,
  FOLLOW_UP,
  folded,
  given,
  KEY,
  place,
  reason,
  SUBJECT,
  sealed,
  value,
} from '../casebook.spec-kit.js';
import { actor } from '../checks/checks.js';
import { type DuplicateFacts, likenessesOf, plain, reconcileDuplicates } from './duplicate.js';
import { unseal } from './seal.js';

const CHECK = 'C.DUPLICATE';
const ITEMS = ['I.NAME', 'I.BIRTH', 'I.SEX'];
const study = compile({ ...definition, duplicates: { check: CHECK, keys: [ITEMS] } }, 1);
const match = { ...BASELINE, items: ITEMS };

describe('what is compared', () => {
  const likenesses = (...events: CasebookEvent[]) =>
    likenessesOf(Object.values(folded([enrolment, ...events]).forms), study, (form, item, text) =>
      unseal(KEY, place(item, form), text),
    );
  const person = (name: string) => ({
    'I.NAME': sealed('I.NAME', name),
    'I.BIRTH': sealed('I.BIRTH', '1961-04'),
    'I.SEX': value('F'),
  });

  it('are the items of a key, on each of their forms', () => {
    const found = likenesses(entered(person('Anna')), entered({ 'I.HB': value(12) }, FOLLOW_UP));
    expect(found).toEqual([{ ...match, text: JSON.stringify([ITEMS, ['ANNA', '196104', 'F']]) }]);
  });

  it('is the same however it was typed', () => {
    expect(likenesses(entered(person(' an-na.')))).toEqual(likenesses(entered(person('ANNA'))));
    expect(likenesses(entered(person('Anne')))).not.toEqual(likenesses(entered(person('Anna'))));
  });

  it('is nothing while one of them is not there, or is missing for a reason', () => {
    const { 'I.SEX': sex, ...rest } = person('Anna');
    expect(likenesses(entered(rest))).toEqual([]);
    expect(likenesses(entered({ ...rest, 'I.SEX': { missing: 'unknown' } }))).toEqual([]);
    expect(likenesses(entered({ ...rest, 'I.SEX': sex }))).toHaveLength(1);
  });

  it('is plain whatever the text, and stays so', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(plain(plain(text))).toBe(plain(text));
        expect(plain(` ${text.toLowerCase()}-`)).toBe(plain(text.toLowerCase()));
      }),
    );
  });
});

describe('a query on a duplicate', () => {
  const facts = (own: Partial<DuplicateFacts> = {}): DuplicateFacts => ({
    study,
    check: CHECK,
    matches: [match],
    ...own,
  });
  const reconcile = (own?: Partial<DuplicateFacts>) => (casebook: Casebook) =>
    reconcileDuplicates({ subject: SUBJECT }, casebook, facts(own));
  const data = entered({ 'I.NAME': sealed('I.NAME', 'Anna'), 'I.SEX': value('F') });
  const raised: CasebookEvent = {
    type: 'QueryRaised',
    data: {
      ...{ ...BASELINE, item: 'I.NAME', items: ITEMS, check: CHECK, query: `${SUBJECT}-Q1` },
      text: 'These data may be those of a subject already in the study. Please check.',
    },
    actor,
  };
  const step = (
    type: 'QueryClosed' | 'QueryCancelled' | 'QueryAnswered',
    by?: typeof actor,
  ): CasebookEvent => ({
    type,
    data: { query: `${SUBJECT}-Q1`, text: 'So.' },
    ...(by && { actor: by }),
  });
  const corrected: CasebookEvent = {
    type: 'ItemsCorrected',
    data: { ...BASELINE, changes: [change('I.SEX', value('F'), value('M'))], reason },
  };

  it('is raised once', () => {
    expect(given(data).when(reconcile())).toEqual([raised]);
    expect(given(data, raised).when(reconcile())).toEqual([]);
    expect(given(data, raised, step('QueryAnswered')).when(reconcile())).toEqual([]);
  });

  it('closes itself when nothing is alike any more, and comes again when something is', () => {
    const closing = given(data, raised).when(reconcile({ matches: [] }));
    expect(closing).toMatchObject([{ type: 'QueryClosed', data: { query: `${SUBJECT}-Q1` }, actor }]);
    const again = given(data, raised, step('QueryClosed', actor)).when(reconcile());
    expect(again).toMatchObject([{ type: 'QueryRaised', data: { query: `${SUBJECT}-Q2` } }]);
  });

  it('stays settled by a person until the data change', () => {
    for (const settling of [step('QueryCancelled'), step('QueryClosed')]) {
      expect(given(data, raised, settling).when(reconcile())).toEqual([]);
      expect(given(data, raised, settling, corrected).when(reconcile())).toHaveLength(1);
    }
  });

  it('is none in a study that compares nothing', () => {
    expect(given(data).when(reconcile({ check: undefined }))).toEqual([]);
  });
});
