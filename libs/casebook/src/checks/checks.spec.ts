import { describe, expect, it } from 'vitest';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  change,
  course,
  enter,
  entered,
  FOLLOW_UP,
  folded,
  given,
  instant,
  reason,
  SUBJECT,
  seesQueries,
  value,
} from '../casebook.spec-kit.js';
import { moveQuery, type QueryStep } from '../query/query.js';

const id = (number: number) => `${SUBJECT}-Q${number}`;
const raised = (number: number, check: 'range' | 'required', path: string) =>
  expect.objectContaining({
    type: 'QueryRaised',
    data: {
      ...BASELINE,
      ...at(path),
      check,
      query: id(number),
      text: expect.stringContaining(check === 'range' ? 'Please check.' : 'is required'),
    },
    actor: { system: 'edit check' },
  });
const closed = (number: number) => ({
  type: 'QueryClosed',
  data: { query: id(number), text: 'The data no longer violate the check.' },
  actor: { system: 'edit check' },
});

function at(path: string) {
  const { from: _, to: __, ...address } = change(path, null, null);
  return address;
}

/** Steps of a person, who settles a query: answered and closed, or cancelled. */
const step = (type: QueryStep, number: number) => (casebook: Casebook) =>
  moveQuery(type, { query: id(number), text: 'As in the source.' }, casebook, seesQueries);
const settle = (number: number) => [step('QueryAnswered', number), step('QueryClosed', number)];

const queriesAfter = (casebook: Casebook, decided: CasebookEvent[]) =>
  Object.values(folded(decided, casebook).queries).map(({ query, status }) => `${query.slice(-2)} ${status}`);
const checked = (events: CasebookEvent[] | { refused: string }) =>
  (events as CasebookEvent[]).filter(({ type }) => type.startsWith('Query'));

const heavy = enter({ items: { 'I.WEIGHT': 300 } });
const normal = enter({ items: { 'I.WEIGHT': 60 }, reason });

describe('a value outside its soft range', () => {
  it('is kept, and the system raises a query on it in the same act', () => {
    expect(given().when(heavy)).toEqual([
      entered({ 'I.WEIGHT': value(300) }),
      {
        type: 'QueryRaised',
        data: {
          ...BASELINE,
          item: 'I.WEIGHT',
          check: 'range',
          query: id(1),
          text: 'Weight 300 kg is outside 30–250 kg. Please check.',
        },
        actor: { system: 'edit check' },
      },
    ]);
  });

  it.each([30, 250])('is none at the bounds: %d', (weight) => {
    expect(checked(given().when(enter({ items: { 'I.WEIGHT': weight } })))).toEqual([]);
  });

  it('is none when it is missing', () => {
    expect(checked(given().when(enter({ missing: { 'I.WEIGHT': 'not-done' } })))).toEqual([]);
  });

  it('raises a query for every such item, with numbers that follow on', () => {
    const rows = { 'IG.TL': [{ rowKey: 'a', items: { 'I.TLDIAM': 101 } }] };
    expect(checked(enter({ items: { 'I.WEIGHT': 10 }, rows })(course()))).toEqual([
      raised(1, 'range', 'I.WEIGHT'),
      raised(2, 'range', 'IG.TL/a/I.TLDIAM'),
    ]);
  });

  it('has one query at a time: another such value leaves it open', () => {
    expect(checked(enter({ items: { 'I.WEIGHT': 280 }, reason })(course(heavy)))).toEqual([]);
    expect(
      checked(enter({ items: { 'I.WEIGHT': 280 }, reason })(course(heavy, step('QueryAnswered', 1)))),
    ).toEqual([]);
  });

  it.each([
    ['a correction', normal],
    ['a missing code', enter({ missing: { 'I.WEIGHT': 'unknown' }, reason })],
    ['emptying it', enter({ items: { 'I.WEIGHT': null }, reason })],
    ['a whole form without it', enter({ whole: true, reason })],
  ])('is settled by %s: the system closes the query', (_, decide) => {
    expect(checked(decide(course(heavy)))).toEqual([closed(1)]);
    expect(checked(decide(course(heavy, step('QueryAnswered', 1))))).toEqual([closed(1)]);
  });

  it('raises another query when it comes back', () => {
    const again = enter({ items: { 'I.WEIGHT': 300 }, reason });
    expect(checked(again(course(heavy, normal)))).toEqual([raised(2, 'range', 'I.WEIGHT')]);
  });

  it('is looked for in its own form and visit alone', () => {
    const later = { visit: 'FU~2', form: 'LB' };
    const low = enter({ ...FOLLOW_UP, items: { 'I.HB': 2 } });
    const casebook = course(low, enter({ ...later, items: { 'I.HB': 1 } }));
    expect(Object.values(casebook.queries)).toMatchObject([FOLLOW_UP, later]);
    expect(checked(enter({ ...later, items: { 'I.HB': 12 }, reason })(casebook))).toEqual([closed(2)]);
  });
});

describe('a query of a check that a person settled', () => {
  const cancelled = course(heavy, step('QueryCancelled', 1));
  const closedByPerson = course(heavy, ...settle(1));

  it('is not raised again while the item stays as it is', () => {
    for (const casebook of [cancelled, closedByPerson]) {
      expect(checked(enter({ items: { 'I.SEX': 'F' } })(casebook))).toEqual([]);
      expect(checked(enter({ items: { 'I.SEX': 'F', 'I.WEIGHT': 300 }, whole: true })(casebook))).toEqual([]);
    }
  });

  it('is not raised again when the form is declared complete, however often', () => {
    const complete = enter({
      missing: { 'I.BIRTH': 'unknown', 'I.SEX': 'unknown' },
      complete: true,
    });
    const completed = folded(complete(closedByPerson), closedByPerson);
    expect(queriesAfter(completed, [])).toEqual(['Q1 closed']);
    const reopened = folded(enter({ complete: false })(completed), completed);
    expect(checked(enter({ complete: true })(reopened))).toEqual([]);
  });

  it('is raised again when the item changes and still violates the check', () => {
    for (const casebook of [cancelled, closedByPerson]) {
      expect(checked(enter({ items: { 'I.WEIGHT': 301 }, reason })(casebook))).toEqual([
        raised(2, 'range', 'I.WEIGHT'),
      ]);
    }
  });

  it('is raised again though the clock of the node that decides is behind', () => {
    const slow = enter({ items: { 'I.WEIGHT': 301 }, reason }, { now: instant(-60) });
    expect(checked(slow(closedByPerson))).toEqual([raised(2, 'range', 'I.WEIGHT')]);
  });

  it('is raised again when the item changed back and forth', () => {
    const casebook = folded(normal(closedByPerson), closedByPerson);
    expect(checked(enter({ items: { 'I.WEIGHT': 300 }, reason })(casebook))).toEqual([
      raised(2, 'range', 'I.WEIGHT'),
    ]);
  });

  it('and reopened is closed by a correction of its item, by nothing else', () => {
    const reopened = folded(step('QueryReopened', 1)(closedByPerson), closedByPerson);
    expect(checked(enter({ items: { 'I.SEX': 'F' } })(reopened))).toEqual([]);
    expect(checked(normal(reopened))).toEqual([closed(1)]);
  });

  it('that a person reopens after the system closed it stays until its item changes', () => {
    const reopened = course(heavy, normal, step('QueryReopened', 1));
    expect(checked(enter({ items: { 'I.SEX': 'F' } })(reopened))).toEqual([]);
    expect(checked(enter({ items: { 'I.WEIGHT': 61 }, reason })(reopened))).toEqual([closed(1)]);
  });
});

describe('a query of a person', () => {
  it('is never closed by the system, nor does it stand in a check’s place', () => {
    const byHand: CasebookEvent = {
      type: 'QueryRaised',
      data: { ...BASELINE, item: 'I.WEIGHT', query: id(1), text: 'Is that so?' },
    };
    expect(checked(given(byHand).when(heavy))).toEqual([raised(2, 'range', 'I.WEIGHT')]);
    const casebook = course(() => [byHand], heavy);
    expect(checked(normal(casebook))).toEqual([closed(2)]);
  });
});

describe('a form declared complete', () => {
  const complete = enter({ items: { 'I.SEX': 'F' }, complete: true });

  it('lacks no required item without a query', () => {
    expect(checked(given().when(complete))).toEqual([
      raised(1, 'required', 'I.BIRTH'),
      raised(2, 'required', 'I.WEIGHT'),
    ]);
  });

  it('is asked for nothing before', () => {
    expect(checked(given().when(enter({ items: { 'I.SEX': 'F' } })))).toEqual([]);
  });

  it('may say why an item is missing', () => {
    const missing = { 'I.BIRTH': 'refused', 'I.WEIGHT': 'not-done' };
    expect(checked(given().when(enter({ items: { 'I.SEX': 'F' }, missing, complete: true })))).toEqual([]);
  });

  it('is not asked for what is optional, derived or hidden from the site', () => {
    const asked = course(complete).queries;
    expect(Object.values(asked).map(({ item }) => item)).toEqual(['I.BIRTH', 'I.WEIGHT']);
  });

  it('is asked for everything when it is empty', () => {
    expect(checked(given().when(enter({ ...FOLLOW_UP, complete: true })))).toMatchObject([
      { type: 'QueryRaised', data: { ...FOLLOW_UP, item: 'I.HB', check: 'required' } },
    ]);
  });

  it('has its queries closed as the items come, one by one', () => {
    const casebook = course(complete);
    expect(checked(enter({ items: { 'I.WEIGHT': 60 } })(casebook))).toEqual([closed(2)]);
    expect(checked(enter({ missing: { 'I.BIRTH': 'unknown' } })(casebook))).toEqual([closed(1)]);
  });

  it('turns a query for an item into one about its value', () => {
    expect(checked(heavy(course(complete)))).toEqual([raised(3, 'range', 'I.WEIGHT'), closed(2)]);
  });

  it('is asked again for what is emptied', () => {
    const casebook = course(complete, enter({ items: { 'I.WEIGHT': 60 } }));
    expect(checked(enter({ items: { 'I.WEIGHT': null }, reason })(casebook))).toEqual([
      raised(3, 'required', 'I.WEIGHT'),
    ]);
  });

  it('keeps its queries when it is reopened, and is not asked twice', () => {
    const reopen = enter({ complete: false });
    expect(checked(reopen(course(complete)))).toEqual([]);
    expect(checked(enter({ items: { 'I.SEEN': '2026-01-01' } })(course(complete, reopen)))).toEqual([]);
    expect(checked(enter({ complete: true })(course(complete, reopen)))).toEqual([]);
  });

  it('is not asked again for what a person has excused', () => {
    const excused = course(complete, step('QueryCancelled', 2), enter({ complete: false }));
    expect(checked(enter({ complete: true })(excused))).toEqual([]);
  });

  it.each([
    ['', []],
    [', a person’s excuse notwithstanding', [step('QueryCancelled', 2)]],
  ])('is asked for what was entered and emptied again while it was open%s', (_, excuse) => {
    const emptied = course(
      complete,
      ...excuse,
      enter({ complete: false, items: { 'I.WEIGHT': 60 } }),
      enter({ items: { 'I.WEIGHT': null }, reason }),
    );
    expect(checked(enter({ complete: true })(emptied))).toEqual([raised(3, 'required', 'I.WEIGHT')]);
  });
});

describe('a row of a complete form', () => {
  const rest = { items: { 'I.SEX': 'F', 'I.WEIGHT': 60, 'I.BIRTH': '1961' } };
  const rows = (...rows: { rowKey: string; items: object }[]) => ({ rows: { 'IG.TL': rows } });
  const b = { rowKey: 'b', items: { 'I.TLDIAM': 20 } };

  it('is asked for its required items, for each row on its own', () => {
    const a = { rowKey: 'a', items: { 'I.TLSITE': 'LIVER' } };
    expect(checked(given().when(enter({ ...rest, ...rows(a, b), complete: true })))).toEqual([
      raised(1, 'required', 'IG.TL/b/I.TLSITE'),
    ]);
    expect(checked(given().when(enter({ ...rest, complete: true })))).toEqual([]);
  });

  it('is asked for them when it comes later', () => {
    const completed = course(enter({ ...rest, complete: true }));
    expect(checked(enter(rows(b))(completed))).toEqual([raised(1, 'required', 'IG.TL/b/I.TLSITE')]);
  });

  it('takes its queries with it when it is removed', () => {
    const casebook = course(enter({ ...rest, ...rows(b), complete: true }));
    expect(checked(enter({ ...rest, whole: true, reason })(casebook))).toEqual([closed(1)]);
  });

  it('is asked again when it comes back', () => {
    const casebook = course(
      enter({ ...rest, ...rows(b), complete: true }),
      enter({ ...rest, whole: true, reason }),
    );
    expect(checked(enter(rows(b))(casebook))).toEqual([raised(2, 'required', 'IG.TL/b/I.TLSITE')]);
  });

  it('is not asked again for a sibling item by a change of one item', () => {
    const casebook = course(enter({ ...rest, ...rows(b), complete: true }), step('QueryCancelled', 1));
    const smaller = { rowKey: 'b', items: { 'I.TLDIAM': 19 } };
    expect(checked(enter({ ...rows(smaller), reason })(casebook))).toEqual([]);
  });
});

it('an identifying value stands in no query', () => {
  const decided = enter({ items: { 'I.NAME': 'Anna Abel', 'I.WEIGHT': 1 }, complete: true })(course());
  expect(checked(decided)).toHaveLength(3);
  expect(JSON.stringify(decided)).not.toContain('Anna');
});
