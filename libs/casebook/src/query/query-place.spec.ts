import { describe, expect, it } from 'vitest';
import { enrolment, entered, folded, lineage, study, value } from '../casebook.spec-kit.js';
import { showsQuery } from './query.view.js';
import { placeOfQuery, type QueryPlaceFacts, type QueryTarget } from './query-place.js';

const casebook = folded([enrolment, entered({ 'IG.TL/a/I.TLSITE': value('LIVER') })]);
const facts: QueryPlaceFacts = { study, sees: () => true };
const place = (target: QueryTarget, own = facts) => placeOfQuery(target, casebook, own);

describe('the place of a query', () => {
  it.each<[QueryTarget, QueryTarget]>([
    [{}, {}],
    [{ visit: 'V1~1' }, { visit: 'V1' }],
    [{ visit: 'FU~3' }, { visit: 'FU~3' }],
    [
      { visit: 'V1~1', form: 'DM~1' },
      { visit: 'V1', form: 'DM' },
    ],
    [
      { visit: 'V1', form: 'DM', item: 'I.SEX' },
      { visit: 'V1', form: 'DM', item: 'I.SEX' },
    ],
    [
      { visit: 'V1', form: 'DM', item: 'I.SEX', group: 'IG.DM' },
      { visit: 'V1', form: 'DM', item: 'I.SEX' },
    ],
    [
      { visit: 'V1', form: 'DM', item: 'I.TLSITE', row: 'a' },
      { visit: 'V1', form: 'DM', item: 'I.TLSITE', group: 'IG.TL', row: 'a' },
    ],
  ])('of %j is %j', (target, expected) => {
    expect(place(target)).toEqual(expected);
  });

  it.each<[QueryTarget, string, string, string]>([
    [{ form: 'DM' }, 'invalid-value', '/visit', 'missing'],
    [{ visit: 'V1', item: 'I.SEX' }, 'invalid-value', '/form', 'missing'],
    [{ visit: 'V1', form: 'DM', row: 'a' }, 'invalid-value', '/item', 'missing'],
    [{ visit: 'V1', form: 'DM', group: 'IG.TL' }, 'invalid-value', '/item', 'missing'],
    [{ visit: 'V9' }, 'not-found', '/visit', 'not-planned'],
    [{ visit: 'V1~2' }, 'not-found', '/visit', 'not-planned'],
    [{ visit: '~' }, 'not-found', '/visit', 'not-planned'],
    [{ visit: 'V1', form: 'LB' }, 'not-found', '/form', 'not-planned'],
    [{ visit: 'V1', form: 'DM', item: 'I.HB' }, 'invalid-value', '/item', 'unknown-item'],
    [{ visit: 'V1', form: 'DM', item: 'I.SEX', group: 'IG.TL' }, 'invalid-value', '/group', 'unknown-group'],
    [{ visit: 'V1', form: 'DM', item: 'I.SEX', row: 'a' }, 'invalid-value', '/rowKey', 'unknown-row'],
    [{ visit: 'V1', form: 'DM', item: 'I.TLSITE' }, 'invalid-value', '/rowKey', 'missing'],
    [{ visit: 'V1', form: 'DM', item: 'I.TLSITE', row: 'b' }, 'invalid-value', '/rowKey', 'unknown-row'],
  ])('of %j is refused', (target, refused, pointer, code) => {
    expect(() => place(target)).toThrow(
      expect.objectContaining({
        code: refused,
        details: { errors: [expect.objectContaining({ pointer, code })] },
      }),
    );
  });

  it('C-23: is not an item that the caller must not know of', () => {
    const target = { visit: 'V1', form: 'DM', item: 'I.CENTRAL' };
    expect(() => place(target, { study, sees: ({ oid }) => oid !== 'I.CENTRAL' })).toThrow(
      expect.objectContaining({ code: 'invalid-value' }),
    );
  });
});

describe('C-23 a query is for those', () => {
  const blinded = { arms: false, item: () => true };
  const site = { arms: true, item: ({ hiddenFrom }: { hiddenFrom?: readonly string[] }) => !hiddenFrom };
  const shows = (target: QueryTarget & { items?: string[] }, reader: typeof site | typeof blinded) =>
    showsQuery(target, lineage.readAs(), reader);
  const form = { visit: 'V1', form: 'DM' };

  it('who may see every item that it names', () => {
    expect(shows({ ...form, item: 'I.STAY' }, blinded)).toBe(false);
    expect(shows({ ...form, item: 'I.SEX', items: ['I.SEX', 'I.STAY'] }, blinded)).toBe(false);
    expect(shows({ ...form, item: 'I.SEX', items: ['I.SEX'] }, blinded)).toBe(true);
    expect(shows({ ...form, item: 'I.SEX', items: ['I.SEX', 'I.CENTRAL'] }, site)).toBe(false);
  });

  it('who may know of its form or visit', () => {
    for (const target of [form, { visit: 'V1' }, {}]) {
      expect(shows(target, blinded)).toBe(true);
      expect(shows(target, site)).toBe(true);
    }
  });
});
