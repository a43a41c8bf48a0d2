import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { compile } from '#study';
import { adoptDefinition } from './adoption/adopt-definition.js';
import type { Casebook, CasebookEvent } from './casebook.js';
import {
  ADVERSE_EVENT,
  BASELINE,
  change,
  course,
  DEATH,
  entered,
  FOLLOW_UP,
  folded,
  given,
  instant,
  investigator,
  KEY,
  place,
  reason,
  SUBJECT,
  seesAsInvestigator,
  seesQueries,
  TODAY,
  value,
} from './casebook.spec-kit.js';
import { type ConsequenceFacts, withConsequences } from './consequences.js';
import { checkedDefinition, checkedStudy, enterChecked, queriesOf, told } from './consequences.spec-kit.js';
import { unseal } from './identity/seal.js';
import { moveQuery, type QueryStep } from './query/query.js';
import { allocateArm, withdrawSubject } from './subject/subject.js';

const facts: ConsequenceFacts = {
  study: checkedStudy,
  today: TODAY,
  now: instant(500),
  actor: investigator,
  mayEnter: seesAsInvestigator,
  open: (address, path, sealed) => unseal(KEY, place(path, address), sealed),
};
const step = (type: QueryStep, number: number) => (casebook: Casebook) =>
  moveQuery(type, { query: `${SUBJECT}-Q${number}`, text: 'As in the source.' }, casebook, seesQueries);
const settle = (number: number) => [step('QueryAnswered', number), step('QueryClosed', number)];

const heavy = enterChecked({ items: { 'I.WEIGHT': 120, 'I.SEX': 'F' } });
const male = enterChecked({ items: { 'I.SEX': 'M' }, reason });
const light = enterChecked({ items: { 'I.WEIGHT': 80 }, reason });

describe('a check that fires', () => {
  it('raises a query with its text filled in and the items it concerns, as an act of the system', () => {
    const events = given().when(heavy);
    expect(told(events)).toEqual(['ItemsEntered', 'derived DM I.BMI=30', 'raised HEAVY V1/DM']);
    expect((events as CasebookEvent[]).at(-1)).toEqual({
      type: 'QueryRaised',
      data: {
        ...BASELINE,
        item: 'I.WEIGHT',
        items: ['I.WEIGHT', 'I.SEX'],
        check: 'HEAVY',
        query: `${SUBJECT}-Q1`,
        text: '120 kg, sex F?',
      },
      actor: { system: 'edit check' },
    });
  });

  it('asks nothing that is not known', () => {
    expect(told(given().when(enterChecked({ items: { 'I.SEX': 'F' } })))).toEqual(['ItemsEntered']);
    const missing = enterChecked({ items: { 'I.SEX': 'F' }, missing: { 'I.WEIGHT': 'not-done' } });
    expect(told(given().when(missing))).toEqual(['ItemsEntered']);
  });

  it('asks once while its query stands, whatever its status', () => {
    const heavier = enterChecked({ items: { 'I.WEIGHT': 130 }, reason });
    for (const steps of [[], [step('QueryAnswered', 1)]])
      expect(told(heavier(course(heavy, ...steps)))).toEqual(['ItemsCorrected', 'derived DM I.BMI=32.5']);
  });

  it('numbers its queries after those of ranges and required items', () => {
    const casebook = course(enterChecked({ items: { 'I.WEIGHT': 300, 'I.SEX': 'F' }, complete: true }));
    expect(queriesOf(casebook)).toEqual(['Q1 range open', 'Q2 required open', 'Q3 HEAVY open']);
  });

  it('asks at other forms of the casebook, too', () => {
    const casebook = course(
      enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 9 } }),
      enterChecked({ visit: 'FU~2', form: 'LB', items: { 'I.HB': 8 } }),
      enterChecked({ visit: 'FU~3', form: 'LB', items: { 'I.HB': 12 } }),
    );
    expect(told(male(casebook))).toEqual(['ItemsEntered', 'raised SPARSE FU/LB', 'raised SPARSE FU~2/LB']);
  });
});

describe('data that no longer violate a check', () => {
  it.each([
    ['another value of one of its items', male],
    ['of the other', light],
    ['a missing code', enterChecked({ missing: { 'I.WEIGHT': 'unknown' }, reason })],
    ['nothing', enterChecked({ items: { 'I.WEIGHT': null }, reason })],
  ])('close its query: %s', (_, decide) => {
    for (const steps of [[], [step('QueryAnswered', 1)]])
      expect(queriesOf(folded(decide(course(heavy, ...steps)), course(heavy, ...steps)))).toEqual([
        'Q1 HEAVY closed',
      ]);
  });

  it('close it at other forms, too', () => {
    const casebook = course(male, enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 9 } }));
    expect(queriesOf(casebook)).toEqual(['Q1 SPARSE open']);
    expect(told(enterChecked({ items: { 'I.SEX': 'F' }, reason })(casebook))).toEqual([
      'ItemsCorrected',
      'closed Q1',
    ]);
  });

  it('and then do so again raise another one', () => {
    expect(queriesOf(course(heavy, light, enterChecked({ items: { 'I.WEIGHT': 120 }, reason })))).toEqual([
      'Q1 HEAVY closed',
      'Q2 HEAVY open',
    ]);
  });
});

describe('a query of a check that a person settled', () => {
  const young = enterChecked({ items: { 'I.HB': 9 }, ...FOLLOW_UP });
  const settled = course(male, young, ...settle(1));

  it('stays settled, also when something else that the check reads changes', () => {
    const again = enterChecked({ ...FOLLOW_UP, items: {}, complete: true });
    expect(queriesOf(folded(again(settled), settled))).toEqual(['Q1 SPARSE closed']);
  });

  it('is raised again when an item of it changes', () => {
    const lower = enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 8 }, reason });
    expect(told(lower(settled))).toEqual(['ItemsCorrected', 'raised SPARSE FU/LB']);
  });

  it('is raised again when the data were well in between', () => {
    const female = folded(enterChecked({ items: { 'I.SEX': 'F' }, reason })(settled), settled);
    expect(queriesOf(female)).toEqual(['Q1 SPARSE closed']);
    expect(told(male(female))).toEqual(['ItemsCorrected', 'raised SPARSE FU/LB']);
  });

  it('and reopened though the data are well stays until its items change', () => {
    const reopened = course(heavy, light, step('QueryReopened', 1));
    const other = enterChecked({ items: { 'I.SEX': 'M' }, reason });
    expect(told(enterChecked({ items: { 'I.SYMPT': ['PAIN'] } })(reopened))).toEqual(['ItemsEntered']);
    expect(told(other(reopened))).toEqual(['ItemsCorrected', 'closed Q1']);
  });
});

describe('a hard check', () => {
  const seenFirst = enterChecked({ items: { 'I.SEEN': '2025-11-30', 'I.DX': '2025-12' } });

  it('refuses what violates it, at the items, with the check and its text', () => {
    expect(given().when(seenFirst)).toEqual({ refused: 'invalid-value', at: ['/items/I.SEEN'] });
    expect(problemOf(seenFirst)).toMatchObject({
      details: {
        errors: [{ code: 'ORDER', message: 'Seen on 2025-11-30, before the diagnosis of 2025-12.' }],
      },
    });
    const seen = entered({ 'I.SEEN': value('2025-11-30') });
    expect(given(seen).when(enterChecked({ items: { 'I.DX': '2025-12' } }))).toEqual({
      refused: 'invalid-value',
      at: ['/items/I.DX'],
    });
  });

  it('lets what cannot be judged, and what satisfies it, pass', () => {
    const sameMonth = enterChecked({ items: { 'I.SEEN': '2025-12-10', 'I.DX': '2025-12' } });
    expect(told(given().when(sameMonth))).toEqual(['ItemsEntered']);
  });

  it('that was violated before is asked about, and can be corrected step by step', () => {
    const before = entered({ 'I.SEEN': value('2025-11-30'), 'I.DX': value('2025-12') });
    const earlier = enterChecked({ items: { 'I.SEEN': '2025-10-30' }, reason });
    expect(told(given(before).when(earlier))).toEqual(['ItemsCorrected', 'raised ORDER V1/DM']);
    const casebook = folded([before], course());
    const asked = folded(earlier(casebook), casebook);
    expect(told(enterChecked({ items: { 'I.DX': '2025-09' }, reason })(asked))).toEqual([
      'ItemsCorrected',
      'closed Q1',
    ]);
  });

  it('does not tell of what the caller must not know', () => {
    const review = entered({ 'I.CENTRAL': value('no') });
    expect(given(review).when(male)).toEqual({ refused: 'invalid-value', at: ['/items/I.SEX'] });
    expect(problemOf(male, review)).toMatchObject({
      details: {
        errors: [{ code: 'edit-check', message: 'This does not go with other data of the casebook.' }],
      },
    });
  });

  function problemOf(decide: (casebook: Casebook) => CasebookEvent[], ...events: CasebookEvent[]): Problem {
    try {
      decide(folded(events, course()));
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    return expect.fail('was not refused');
  }
});

describe('derived items', () => {
  it('are computed by the system, in the same act as what they depend on', () => {
    const events = given().when(enterChecked({ items: { 'I.WEIGHT': 80 } }));
    expect(events).toEqual([
      entered({ 'I.WEIGHT': value(80) }),
      {
        type: 'ItemsDerived',
        data: { ...BASELINE, changes: [change('I.BMI', null, value(20))] },
        actor: { system: 'derivation' },
      },
    ]);
  });

  it('follow each correction, and are emptied with what they depend on', () => {
    const casebook = course(enterChecked({ items: { 'I.WEIGHT': 80 } }));
    const emptied = enterChecked({ items: { 'I.WEIGHT': null }, reason });
    expect(told(emptied(casebook))).toEqual(['ItemsCorrected', 'derived DM I.BMI=null']);
    expect(told(enterChecked({ items: { 'I.WEIGHT': 80, 'I.SEX': 'M' }, reason })(casebook))).toEqual([
      'ItemsEntered',
    ]);
  });

  it('follow from derived items of other forms, each in an event of its form, before any check', () => {
    const casebook = course(
      enterChecked({ items: { 'I.WEIGHT': 80 } }),
      enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 15 } }),
      enterChecked({ visit: 'FU~2', form: 'LB', items: { 'I.HB': 16 } }),
    );
    expect(told(enterChecked({ items: { 'I.WEIGHT': 40 }, reason })(casebook))).toEqual([
      'ItemsCorrected',
      'derived DM I.BMI=10',
      'derived LB I.RATIO=1.5',
      'derived LB I.RATIO=1.6',
      'raised RATIO FU/LB',
      'raised RATIO FU~2/LB',
    ]);
  });

  it('are held to their own ranges on whichever form', () => {
    const casebook = course(
      enterChecked({ items: { 'I.WEIGHT': 80 } }),
      enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 15 } }),
    );
    const tiny = folded(enterChecked({ items: { 'I.WEIGHT': 4 }, reason })(casebook), casebook);
    expect(queriesOf(tiny)).toEqual(['Q1 range open', 'Q2 range open', 'Q3 RATIO open']);
    expect(Object.values(tiny.queries)[1]).toMatchObject({ ...FOLLOW_UP, item: 'I.RATIO' });
  });

  it('come back to what they were without a trace', () => {
    const casebook = course(enterChecked({ items: { 'I.WEIGHT': 80 } }));
    expect(told(enterChecked({ items: { 'I.WEIGHT': 80 }, whole: true })(casebook))).toEqual([]);
  });

  it('read what identifies, and put only what follows from it into the log', () => {
    const events = given().when(enterChecked({ items: { 'I.BIRTH': '1961-01-15', 'I.DX': '1960' } }));
    expect(told(events)).toEqual(['ItemsEntered', 'derived DM I.AGE=65', 'raised BORN V1/DM']);
    expect(JSON.stringify(events)).not.toContain('1961');
  });

  it('and queries stay as they are once the identity is erased', () => {
    const casebook = course(enterChecked({ items: { 'I.BIRTH': '1961-01-15', 'I.DX': '1960' } }));
    const erased = enterChecked({ items: { 'I.DX': '1970' }, complete: true, reason }, { open: undefined });
    const after = folded(erased(casebook), casebook);
    expect(after.forms['V1/DM']!.items['I.AGE']!.held).toEqual(value(65));
    expect(after.queries[`${SUBJECT}-Q1`]!.status).toBe('open');
  });

  it('of forms that nobody entered are none', () => {
    expect(told(given().when(enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 12 } })))).toEqual([
      'ItemsEntered',
    ]);
  });
});

describe('facts of the casebook', () => {
  const alive = course(enterChecked({ items: { 'I.SEX': 'F', 'I.DX': '2025-11' } }));
  const dies = enterChecked({ ...DEATH, items: { 'I.DTH': '2026-02-01' } });

  it('are looked at when they change: the death', () => {
    const dead = folded(dies(alive), alive);
    expect(told(dies(alive))).toEqual(['ItemsEntered', 'SubjectDied', 'raised DEAD V1/DM']);
    expect(told(enterChecked({ ...ADVERSE_EVENT, items: { 'I.AETERM': 'Sepsis' } })(dead))).toEqual([
      'ItemsEntered',
      'closed Q1',
    ]);
  });

  it('are looked at when they change: arm and withdrawal', () => {
    const allocate = allocateArm({ subject: SUBJECT, arm: 'A', date: TODAY }, alive, {
      today: TODAY,
      arms: ['A', 'B'],
    });
    expect(told(withConsequences(alive, allocate, facts))).toEqual(['ArmAllocated', 'raised LATE V1/DM']);
    const withdraw = withdrawSubject({ subject: SUBJECT, date: TODAY, reason }, alive, { today: TODAY });
    expect(told(withConsequences(alive, withdraw, facts))).toEqual(['SubjectWithdrawn']);
  });

  it('are looked at with every entry: the day', () => {
    const early = { today: '2025-12-01' };
    const inTime = course(enterChecked({ items: { 'I.DX': '2025-11-20' } }, early), (casebook) => [
      { type: 'ArmAllocated', data: { arm: 'A', date: casebook.consentDate } },
    ]);
    expect(told(enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 12 } }, early)(inTime))).toEqual([
      'ItemsEntered',
    ]);
    expect(told(enterChecked({ ...FOLLOW_UP, items: { 'I.HB': 12 } })(inTime))).toEqual([
      'ItemsEntered',
      'raised LATE V1/DM',
    ]);
  });

  it('a form of which everything was taken back is as if it had never been', () => {
    const eventful = course(
      enterChecked({ items: { 'I.SEX': 'F' } }),
      enterChecked({ ...ADVERSE_EVENT, items: { 'I.AETERM': 'Sepsis' } }),
      dies,
    );
    expect(queriesOf(eventful)).toEqual([]);
    const mistaken = enterChecked({ ...ADVERSE_EVENT, items: { 'I.AETERM': null }, reason });
    expect(told(mistaken(eventful))).toEqual(['ItemsCorrected', 'raised DEAD V1/DM']);
  });
});

describe('another version of the definition', () => {
  const adopt = (next: typeof checkedDefinition) => (casebook: Casebook) => {
    const study = compile(next, 2);
    const own = { ...facts, study };
    return withConsequences(
      casebook,
      adoptDefinition({ subject: SUBJECT, definition: 2 }, casebook, own),
      own,
    );
  };
  const { checks = [], derivations = [] } = checkedDefinition;

  it('looks with its checks and derivations at what was entered before', () => {
    const plain = course(
      enterChecked(
        { items: { 'I.WEIGHT': 120, 'I.SEX': 'F' } },
        { study: compile({ ...checkedDefinition, checks: [], derivations: [] }, 1) },
      ),
    );
    expect(told(adopt(checkedDefinition)(plain))).toEqual([
      'DefinitionAdopted',
      'derived DM I.BMI=30',
      'raised HEAVY V1/DM',
    ]);
  });

  it('closes the queries of checks that it does not have, and of those that it has otherwise', () => {
    const without = checks.filter(({ oid }) => oid !== 'HEAVY');
    const milder = checks.map((check) =>
      check.oid === 'HEAVY' ? { ...check, when: 'WEIGHT > 150.0' } : check,
    );
    for (const next of [without, milder])
      expect(told(adopt({ ...checkedDefinition, checks: next, derivations })(course(heavy)))).toEqual([
        'DefinitionAdopted',
        'closed Q1',
      ]);
  });

  it('leaves queries alone that it raises, too', () => {
    expect(told(adopt(checkedDefinition)(course(heavy)))).toEqual(['DefinitionAdopted']);
    const settled = course(heavy, ...settle(1));
    expect(told(adopt(checkedDefinition)(settled))).toEqual(['DefinitionAdopted']);
  });
});
