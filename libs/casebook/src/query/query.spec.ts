import { describe, expect, it } from 'vitest';
import type { CasebookEvent } from '../casebook.js';
import { BASELINE, FOLLOW_UP, folded, given, SUBJECT, seesQueries, study } from '../casebook.spec-kit.js';
import {
  commentQuery,
  moveQuery,
  type QueryStep,
  queryIds,
  querySteps,
  raiseQuery,
  refuseOtherQuery,
  subjectOfQuery,
} from './query.js';
import type { QueryStatus } from './query-state.js';

const Q1 = `${SUBJECT}-Q1`;
const text = 'Please look';
const facts = { study, sees: () => true };
const hidden = { shows: () => false };
const raised = (query = Q1): CasebookEvent => ({ type: 'QueryRaised', data: { ...BASELINE, query, text } });
const moved = (type: QueryStep, query = Q1): CasebookEvent => ({ type, data: { query, text } });

/** How a query comes to stand where it stands. */
const waysTo: Record<QueryStatus, CasebookEvent[][]> = {
  open: [
    [raised()],
    [raised(), moved('QueryAnswered'), moved('QueryReopened')],
    [raised(), moved('QueryAnswered'), moved('QueryClosed'), moved('QueryReopened')],
  ],
  answered: [[raised(), moved('QueryAnswered')]],
  closed: [[raised(), moved('QueryAnswered'), moved('QueryClosed')]],
  cancelled: [
    [raised(), moved('QueryCancelled')],
    [raised(), moved('QueryAnswered'), moved('QueryCancelled')],
  ],
};

/** The whole table, not read from the code: step, status before, whether it is legal. */
const table: [QueryStep, QueryStatus, boolean][] = [
  ['QueryAnswered', 'open', true],
  ['QueryAnswered', 'answered', false],
  ['QueryAnswered', 'closed', false],
  ['QueryAnswered', 'cancelled', false],
  ['QueryClosed', 'open', false],
  ['QueryClosed', 'answered', true],
  ['QueryClosed', 'closed', false],
  ['QueryClosed', 'cancelled', false],
  ['QueryReopened', 'open', false],
  ['QueryReopened', 'answered', true],
  ['QueryReopened', 'closed', true],
  ['QueryReopened', 'cancelled', false],
  ['QueryCancelled', 'open', true],
  ['QueryCancelled', 'answered', true],
  ['QueryCancelled', 'closed', false],
  ['QueryCancelled', 'cancelled', false],
];

describe('raising a query', () => {
  it('numbers it within its casebook', () => {
    const raise = { subject: SUBJECT, ...BASELINE, item: 'I.SEX', text };
    expect(given().when((casebook) => raiseQuery(raise, casebook, facts))).toEqual([
      { type: 'QueryRaised', data: { ...BASELINE, item: 'I.SEX', text, query: Q1 } },
    ]);
  });

  it('never gives a number twice, whatever became of the earlier ones', () => {
    const raise = { subject: SUBJECT, ...BASELINE, text };
    expect(
      given(raised(), moved('QueryCancelled')).when((casebook) => raiseQuery(raise, casebook, facts)),
    ).toMatchObject([{ data: { query: `${SUBJECT}-Q2` } }]);
    const idOf = queryIds(folded([raised(), raised(`${SUBJECT}-Q2`)]), study);
    expect([idOf(BASELINE), idOf(BASELINE)]).toEqual(['-Q3', '-Q4']);
  });

  it('leaves no gap for those who must not know of an item, nor for those who know but of what tells the arms', () => {
    const [notForAll, arms] = [
      { ...BASELINE, item: 'I.CENTRAL' },
      { ...BASELINE, item: 'I.STAY' },
    ];
    const idOf = queryIds(folded([raised()]), study);
    const all = [BASELINE, arms, notForAll, arms, BASELINE, notForAll].map(idOf);
    expect(all).toEqual(['-Q2', '-Q200001', '-Q100001', '-Q200002', '-Q3', '-Q100002']);
    const later = queryIds(
      folded(['Q1', 'Q100002', 'Q200001'].map((id) => raised(`${SUBJECT}-${id}`))),
      study,
    );
    expect([BASELINE, notForAll, arms].map(later)).toEqual(['-Q2', '-Q100003', '-Q200002']);
  });
});

describe('the steps of a query', () => {
  it('stand in the table all of them', () => {
    expect(table).toHaveLength(Object.keys(querySteps).length * Object.keys(waysTo).length);
  });

  it.each(table)('%s when %s: %s', (step, status, legal) => {
    for (const history of waysTo[status]) {
      const decided = given(...history).when((casebook) =>
        moveQuery(step, { query: Q1, text }, casebook, seesQueries),
      );
      expect(decided).toEqual(legal ? [moved(step)] : { refused: 'conflict' });
    }
  });

  it.each(Object.keys(waysTo) as QueryStatus[])('lead to %s', (status) => {
    for (const history of waysTo[status]) expect(folded(history).queries[Q1]!.status).toBe(status);
  });

  it.each(Object.keys(querySteps) as QueryStep[])('%s needs a query', (step) => {
    const move = { query: `${SUBJECT}-Q2`, text };
    expect(given(raised()).when((casebook) => moveQuery(step, move, casebook, seesQueries))).toEqual({
      refused: 'not-found',
    });
  });

  it('touch the one query alone', () => {
    const second = raised(`${SUBJECT}-Q2`);
    const before = folded([raised(), second]);
    const after = folded([moved('QueryAnswered')], before);
    expect(after.queries[Q1]!.status).toBe('answered');
    expect(after.queries[`${SUBJECT}-Q2`]).toBe(before.queries[`${SUBJECT}-Q2`]);
  });
});

describe('a query that the caller must not know of', () => {
  it('is not there', () => {
    const command = { query: Q1, text };
    for (const step of Object.keys(querySteps) as QueryStep[])
      expect(given(raised()).when((casebook) => moveQuery(step, command, casebook, hidden))).toEqual({
        refused: 'not-found',
      });
    expect(given(raised()).when((casebook) => commentQuery(command, casebook, hidden))).toEqual({
      refused: 'not-found',
    });
  });
});

describe('a comment', () => {
  const comment = { query: Q1, text: 'Not in the source yet.' };
  const commented: CasebookEvent = { type: 'QueryCommented', data: comment };

  it.each(Object.keys(waysTo) as QueryStatus[])('is taken or refused while the query is %s', (status) => {
    const isTaken = status === 'open' || status === 'answered';
    for (const history of waysTo[status])
      expect(given(...history).when((casebook) => commentQuery(comment, casebook, seesQueries))).toEqual(
        isTaken ? [commented] : { refused: 'conflict' },
      );
  });

  it('leaves the query where it stands, and since when', () => {
    const before = folded([raised(), moved('QueryAnswered')]).queries[Q1]!;
    const after = folded([raised(), moved('QueryAnswered'), commented]).queries[Q1]!;
    const { messages, ...rest } = after;
    expect({ ...rest, messages: messages.slice(0, -1) }).toEqual(before);
    expect(messages.at(-1)).toMatchObject({
      type: 'QueryCommented',
      by: 'anna',
      role: 'investigator',
      text: comment.text,
    });
  });
});

describe('a query because of which something is entered', () => {
  const raisedOn = (place: object): CasebookEvent => ({
    type: 'QueryRaised',
    data: { ...place, query: Q1, text },
  });
  const named = (history: CasebookEvent[], own = seesQueries, query = Q1) =>
    given(...history).when((casebook) => {
      refuseOtherQuery(query, BASELINE, casebook, own);
      return [];
    });
  const refused = { refused: 'invalid-value', at: ['/query'] };

  it('stands on the form, on an item of it, on its visit or on the casebook', () => {
    for (const place of [BASELINE, { ...BASELINE, item: 'I.SEX' }, { visit: 'V1' }, {}])
      expect(named([raisedOn(place)])).toEqual([]);
    for (const place of [FOLLOW_UP, { visit: 'FU' }, { visit: 'V1', form: 'DD' }])
      expect(named([raisedOn(place)])).toMatchObject(refused);
  });

  it('is open or answered, is there, and is for the caller to see', () => {
    expect(named([raised(), moved('QueryAnswered')])).toEqual([]);
    expect(named([raised(), moved('QueryCancelled')])).toMatchObject(refused);
    expect(named([raised(), moved('QueryAnswered'), moved('QueryClosed')])).toMatchObject(refused);
    expect(named([raised()], seesQueries, `${SUBJECT}-Q2`)).toMatchObject(refused);
    expect(named([raised()], seesQueries, 'constructor')).toMatchObject(refused);
    expect(named([raised()], hidden)).toMatchObject(refused);
  });
});

describe('the subject of a query', () => {
  it('is in its id', () => {
    expect(subjectOfQuery(Q1)).toBe(SUBJECT);
    expect(subjectOfQuery('FR-Q1-0001-Q12')).toBe('FR-Q1-0001');
  });

  it.each(['', 'FR01-0001', 'FR01-0001-Q', 'FR01-0001-Q0', 'FR01-0001-Q01', 'FR01-0001-Q1x', '-Q1'])(
    'is not in %j',
    (query) => {
      expect(subjectOfQuery(query)).toBeUndefined();
    },
  );
});
