import { describe, expect, it } from 'vitest';
import type { Definition } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  course,
  enter,
  FOLLOW_UP,
  folded,
  given,
  instant,
  investigator,
  itemOf,
  lineageOf,
  reason,
  SUBJECT,
  seesAsInvestigator,
  seesQueries,
  TODAY,
  withoutItem,
} from '../casebook.spec-kit.js';
import { withConsequences } from '../consequences.js';
import { moveQuery } from '../query/query.js';
import { adoptDefinition } from './adopt-definition.js';

/** A data manager has the casebook adopt the last of the versions that follow on the first. */
function adopt(...steps: ((next: Definition) => void)[]) {
  const study = lineageOf(...steps).followed;
  return (casebook: Casebook): CasebookEvent[] => {
    const facts = {
      study,
      actor: { user: 'dora', role: 'data-manager' },
      now: instant(casebook.revision + 1),
      today: TODAY,
      open: undefined,
      mayEnter: seesAsInvestigator,
    };
    const command = { subject: SUBJECT, definition: study.version };
    return withConsequences(casebook, adoptDefinition(command, casebook, facts), facts);
  };
}

const adopted = (definition: number) => ({ type: 'DefinitionAdopted', data: { definition } });
const relabelled = (next: Definition) => Object.assign(itemOf(next, 'I.WEIGHT'), { label: 'Body weight' });
const range = (min: number, max: number) => (next: Definition) =>
  Object.assign(itemOf(next, 'I.WEIGHT'), { range: { soft: { min, max } } });
const mandatory = (oid: string) => (next: Definition) =>
  Object.assign(itemOf(next, oid), { presence: 'mandatory' });
const withoutForm = (next: Definition) => {
  next.visits[0]!.forms = ['DD'];
};

/** Queries after decisions taken one after the other, as `id status by`. */
const queriesAfter = (...decisions: ((casebook: Casebook) => CasebookEvent[])[]) =>
  Object.values(course(...decisions).queries).map(
    ({ query, status, messages }) => `${query.slice(-2)} ${status} ${messages.at(-1)!.by}`,
  );
const heavy = enter({ items: { 'I.WEIGHT': 300 } });
const complete = enter({
  items: { 'I.BIRTH': '1960', 'I.SEX': 'F', 'I.WEIGHT': 60 },
  complete: true,
});

describe('adoption', () => {
  it('is an event of the casebook, which follows the version from then on', () => {
    expect(given().when(adopt(relabelled))).toEqual([adopted(2)]);
    expect(course(adopt(relabelled)).definition).toBe(2);
    expect(given().when(adopt(relabelled, relabelled))).toEqual([adopted(3)]);
  });

  it('is of a newer version only', () => {
    const followed = folded([{ type: 'DefinitionAdopted', data: { definition: 2 } }], course());
    expect(() => adopt(relabelled)(followed)).toThrow('follows version 2 already');
    const ahead = folded([{ type: 'DefinitionAdopted', data: { definition: 3 } }], course());
    expect(() => adopt(relabelled)(ahead)).toThrow('follows version 3 already');
  });

  it('changes no value, and no form’s revision', () => {
    const before = course(complete, enter({ ...FOLLOW_UP, items: { 'I.HB': 12 } }));
    const gone = adopt(withoutItem('I.WEIGHT'), withoutForm, (next) => {
      itemOf(next, 'I.HB').type = 'integer';
    });
    expect(folded(gone(before), before).forms).toEqual(before.forms);
  });
});

describe('the edit checks of the version that is adopted', () => {
  it('raise and close queries, by the system', () => {
    const open = ['Q1 open edit check'];
    expect(queriesAfter(heavy)).toEqual(open);
    expect(queriesAfter(heavy, adopt(range(30, 400)))).toEqual(['Q1 closed edit check']);
    expect(queriesAfter(heavy, adopt(relabelled))).toEqual(open);
    expect(queriesAfter(enter({ items: { 'I.WEIGHT': 60 } }), adopt(range(70, 80)))).toEqual(open);
    expect(queriesAfter(heavy, adopt(range(30, 400)), adopt(range(30, 400), range(30, 250)))).toEqual([
      'Q1 closed edit check',
      'Q2 open edit check',
    ]);
  });

  it('ask complete forms, and only these, for what is required now', () => {
    expect(queriesAfter(complete, adopt(mandatory('I.DX')))).toHaveLength(1);
    expect(queriesAfter(heavy, adopt(range(0, 400), mandatory('I.DX')))).toEqual(['Q1 closed edit check']);
    const raised = given(...complete(course())).when(adopt(mandatory('I.DX')));
    expect(raised).toEqual([
      adopted(2),
      expect.objectContaining({
        type: 'QueryRaised',
        data: {
          ...BASELINE,
          item: 'I.DX',
          check: 'required',
          query: `${SUBJECT}-Q1`,
          text: expect.stringMatching(/^Diagnosis is required/),
        },
      }),
    ]);
  });

  it('raise each of several queries under an id of its own', () => {
    const events = adopt(mandatory('I.DX'), range(70, 80), (next) =>
      Object.assign(itemOf(next, 'I.HB'), { range: { soft: { min: 20 } } }),
    )(course(complete, enter({ ...FOLLOW_UP, items: { 'I.HB': 12 } })));
    const ids = events.flatMap((event) => (event.type === 'QueryRaised' ? event.data.query.slice(-2) : []));
    expect(ids).toEqual(['Q1', 'Q2', 'Q3']);
  });

  it('leave settled what a person settled', () => {
    const cancel = (casebook: Casebook) =>
      moveQuery('QueryCancelled', { query: `${SUBJECT}-Q1`, text: 'So it is.' }, casebook, seesQueries);
    expect(queriesAfter(heavy, cancel, adopt(relabelled))).toEqual(['Q1 cancelled anna']);
  });

  it('ask nothing of items and forms that are gone, and leave to people what people asked', () => {
    const asked: CasebookEvent = {
      type: 'QueryRaised',
      data: { ...BASELINE, item: 'I.WEIGHT', query: `${SUBJECT}-Q2`, text: 'Sure?' },
    };
    for (const change of [withoutItem('I.WEIGHT'), withoutForm])
      expect(queriesAfter(heavy, () => [asked], adopt(change))).toEqual([
        'Q1 closed edit check',
        'Q2 open anna',
      ]);
  });

  it('look at an item only where it belongs now', () => {
    const moved = (next: Definition) => {
      const item = itemOf(next, 'I.WEIGHT');
      withoutItem('I.WEIGHT')(next);
      next.forms[2]!.groups[0]!.items.push(item);
    };
    expect(queriesAfter(heavy, adopt(moved))).toEqual(['Q1 closed edit check']);
  });
});

describe('after an adoption', () => {
  it('the death is where the version says that it is', () => {
    const dated = enter({ items: { 'I.DX': '2026-02-01' } });
    const elsewhere = (next: Definition) => Object.assign(next.milestones, { death: 'I.DX' });
    expect(given(...dated(course())).when(adopt(elsewhere))).toEqual([
      adopted(2),
      { type: 'SubjectDied', data: { date: '2026-02-01' }, actor: { system: 'milestone' } },
    ]);
  });

  it('what was entered where an item no longer stands is out of reach, even for a whole form', () => {
    const { followed } = lineageOf(withoutItem('I.DX'), (next) =>
      next.forms[2]!.groups[0]!.items.push({
        oid: 'I.DX',
        label: 'Diagnosis',
        type: 'partialDate',
        presence: 'optional',
      }),
    );
    const before = course(enter({ items: { 'I.DX': '2025', 'I.SEX': 'F' } }));
    const whole = enter({ items: {}, whole: true, reason }, { study: followed, actor: investigator });
    const events = whole(before);
    expect(events).toMatchObject([{ data: { changes: [{ item: 'I.SEX', to: null }] } }]);
  });
});
