import { describe, expect, it } from 'vitest';
import { compile } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { course, definition, enter, itemOf, reason, SUBJECT, seesQueries } from '../casebook.spec-kit.js';
import { moveQuery } from '../query/query.js';

const changed = structuredClone(definition);
Object.assign(itemOf(changed, 'I.TLDIAM'), {
  presence: 'conditional',
  showIf: "TLSITE == 'LIVER' && SEX == 'F'",
});
const study = compile(changed, 1);

/** A row `key` of target lesions; what is absent of it stays as it is. */
const row = (rowKey: string, items: object) => ({ rowKey, items });
const lesions = (...rows: object[]) => enter({ rows: { 'IG.TL': rows }, reason }, { study });
const form = (items: object, complete = true) =>
  enter({ items: items as Record<string, unknown>, complete, reason }, { study });

const asked = ({ queries }: Casebook) =>
  Object.values(queries)
    .filter(({ check }) => check?.includes(':'))
    .map(({ check, row: key, group, status }) => `${check} ${group}/${key} ${status}`);
const settled = (casebook: Casebook): CasebookEvent[] => {
  const { query } = Object.values(casebook.queries).find(({ check }) => check === 'surplus:I.TLDIAM')!;
  return moveQuery('QueryAnswered', { query, text: 'It is so.' }, casebook, seesQueries);
};
const closed = (casebook: Casebook): CasebookEvent[] => {
  const { query } = Object.values(casebook.queries).find(({ status }) => status === 'answered')!;
  return moveQuery('QueryClosed', { query, text: 'It is so.' }, casebook, seesQueries);
};

const [liver, bone] = [{ 'I.TLSITE': 'LIVER' }, { 'I.TLSITE': 'BONE' }];
const due = (key: string, status = 'open') => `due:I.TLDIAM IG.TL/${key} ${status}`;
const surplus = (key: string, status = 'open') => `surplus:I.TLDIAM IG.TL/${key} ${status}`;
const begun = [form({ 'I.SEX': 'F' }), lesions(row('1', liver), row('2', bone))];

describe('a condition of an item in rows', () => {
  it('asks for the item in those rows alone where it holds', () => {
    expect(asked(course(...begun))).toEqual([due('1')]);
    const { queries } = course(...begun);
    expect(Object.values(queries).find(({ check }) => check === 'due:I.TLDIAM')).toMatchObject({
      ...{ query: `${SUBJECT}-Q${Object.keys(queries).length}`, item: 'I.TLDIAM', items: ['I.TLDIAM'] },
      ...{ group: 'IG.TL', row: '1' },
    });
  });

  it('closes its query once the row has what is asked for, and no other', () => {
    const other = lesions(row('2', liver));
    expect(asked(course(...begun, other))).toEqual([due('1'), due('2')]);
    const given = lesions(row('1', { 'I.TLDIAM': 12 }));
    expect(asked(course(...begun, other, given))).toEqual([due('1', 'closed'), due('2')]);
  });

  it('doubts what is entered in a row where it does not hold, and closes with the row', () => {
    const doubted = [...begun, lesions(row('2', { 'I.TLDIAM': 9 }))];
    expect(asked(course(...doubted))).toEqual([due('1'), surplus('2')]);
    const emptied = lesions(row('2', { 'I.TLDIAM': null, 'I.TLSITE': null }));
    expect(asked(course(...doubted, emptied))).toEqual([due('1'), surplus('2', 'closed')]);
  });

  it('goes with an item of the form, in every row', () => {
    const both = lesions(row('1', { ...liver, 'I.TLDIAM': 12 }), row('2', { ...liver, 'I.TLDIAM': 14 }));
    const man = form({ 'I.SEX': 'M' });
    expect(asked(course(form({ 'I.SEX': 'F' }), both, man))).toEqual([surplus('1'), surplus('2')]);
  });

  it('stays settled in one row whatever becomes of the others', () => {
    const doubted = [...begun, lesions(row('2', { 'I.TLDIAM': 9 })), settled, closed];
    const elsewhere = lesions(row('1', { 'I.TLDIAM': 12 }));
    expect(asked(course(...doubted, elsewhere))).toEqual([due('1', 'closed'), surplus('2', 'closed')]);
    const there = lesions(row('2', { 'I.TLDIAM': 10 }));
    expect(asked(course(...doubted, there))).toEqual([due('1'), surplus('2', 'closed'), surplus('2')]);
  });
});
