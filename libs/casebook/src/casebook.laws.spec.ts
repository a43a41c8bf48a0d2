import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '#problem';
import { type FormAddress, formKey, itemPath } from './address.js';
import { type Casebook, type CasebookEvent, emptyCasebook, evolve } from './casebook.js';
import { projectCasebook } from './casebook.projection.js';
import {
  enrolment,
  enter,
  folded,
  KEY,
  place,
  reason,
  recorded,
  seesQueries,
  study,
  TODAY,
} from './casebook.spec-kit.js';
import { rowsOf } from './form/form-state.js';
import type { Change, Held } from './held.js';
import { seal } from './identity/seal.js';
import { commentQuery, moveQuery, type QueryStep, querySteps, raiseQuery } from './query/query.js';
import type { Stamped } from './stamped.js';
import { allocateArm, reinstateSubject, withdrawSubject } from './subject/subject.js';

type Decide = (casebook: Casebook) => CasebookEvent[];
interface Entry extends FormAddress {
  items: Record<string, unknown>;
  missing: Record<string, unknown>;
  rows: Record<string, { rowKey: string; items: Record<string, unknown> }[]>;
  whole: boolean;
}
interface Step {
  name: string;
  decide: Decide;
  /** What was asked for, where it was a form. */
  entry?: Entry;
}

/** Few values an item, so that the same come again. */
const values: Record<string, Record<string, unknown[]>> = {
  DM: {
    'I.NAME': ['Anna', 'Berta'],
    'I.BIRTH': ['1961', '1961-04'],
    'I.SEX': ['F', 'M'],
    'I.WEIGHT': [60, 10, 300],
    'I.SYMPT': [['PAIN'], ['FLUSH', 'PAIN']],
    'I.STAY': [0, 3],
  },
  DD: { 'I.DTH': ['2026-01', '2026-02-01'], 'I.CAUSE': ['TUMOUR'] },
  LB: { 'I.HB': [12, 1] },
  AE: { 'I.AETERM': ['Rash', 'Fever'] },
};
const rowValues = { 'I.TLSITE': ['LIVER', 'NODE'], 'I.TLDIAM': [20, 500] };

const some = (of: Record<string, unknown[]>) =>
  fc.record(
    Object.fromEntries(Object.entries(of).map(([item, values]) => [item, fc.constantFrom(...values, null)])),
    { requiredKeys: [] },
  );
const address = fc.constantFrom(
  { visit: 'V1', form: 'DM' },
  { visit: 'V1', form: 'DM' },
  { visit: 'V1', form: 'DD' },
  { visit: 'FU', form: 'LB' },
  { visit: 'FU~2', form: 'LB' },
  { visit: 'LOG', form: 'AE~2' },
);
const rows = fc.uniqueArray(fc.record({ rowKey: fc.constantFrom('a', 'b', 'c'), items: some(rowValues) }), {
  selector: ({ rowKey }) => rowKey,
  maxLength: 3,
});

const entry = address.chain(({ visit, form }) => {
  const items = some(values[form.replace(/~.*/, '')]!);
  const missing =
    form === 'DM'
      ? fc.constantFrom({}, {}, { 'I.WEIGHT': 'not-done' }, { 'I.BIRTH': 'refused' })
      : fc.constant({});
  const own =
    form === 'DM'
      ? fc.option(
          rows.map((rows) => ({ 'IG.TL': rows })),
          { nil: {} },
        )
      : fc.constant({});
  const flags = {
    whole: fc.boolean(),
    complete: fc.constantFrom(undefined, undefined, true, false),
    reasoned: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  };
  return fc.record({
    visit: fc.constant(visit),
    form: fc.constant(form),
    items,
    missing,
    rows: own,
    ...flags,
  });
});

const enterStep = entry.map(
  ({ complete, reasoned, ...entry }): Step => ({
    name: `enter ${JSON.stringify({ ...entry, complete, reasoned })}`,
    decide: enter({ ...entry, ...(complete !== undefined && { complete }), ...(reasoned && { reason }) }),
    entry: entry as Entry,
  }),
);
const queryStep = fc.tuple(fc.constantFrom(...(Object.keys(querySteps) as QueryStep[])), fc.nat(4)).map(
  ([type, at]): Step => ({
    name: `${type} ${at}`,
    decide: ({ subject, queries, ...rest }) =>
      moveQuery(
        type,
        { query: `${subject}-Q${at + 1}`, text: 'So.' },
        { subject, queries, ...rest },
        seesQueries,
      ),
  }),
);
const commentStep = fc.nat(4).map(
  (at): Step => ({
    name: `comment ${at}`,
    decide: (casebook) =>
      commentQuery({ query: `${casebook.subject}-Q${at + 1}`, text: 'Well.' }, casebook, seesQueries),
  }),
);
const subjectStep = fc.constantFrom<Step>(
  ...['A', 'B'].map((arm) => ({
    name: `allocate ${arm}`,
    decide: (casebook: Casebook) =>
      allocateArm({ subject: '', arm, date: TODAY, reason }, casebook, { today: TODAY, arms: ['A', 'B'] }),
  })),
  {
    name: 'withdraw',
    decide: (casebook) => withdrawSubject({ subject: '', date: TODAY, reason }, casebook, { today: TODAY }),
  },
  {
    name: 'reinstate',
    decide: (casebook) => reinstateSubject({ subject: '', reason }, casebook, { today: TODAY }),
  },
  {
    name: 'raise a query',
    decide: (casebook) =>
      raiseQuery({ subject: '', visit: 'V1', form: 'DM', item: 'I.SEX', text: '?' }, casebook, {
        study,
        sees: () => true,
      }),
  },
);
const step = fc.oneof(
  { weight: 6, arbitrary: enterStep },
  { weight: 3, arbitrary: queryStep },
  { weight: 1, arbitrary: commentStep },
  { weight: 1, arbitrary: subjectStep },
);
const steps = fc.array(step, { minLength: 1, maxLength: 25 }).map((steps) => {
  return Object.assign(steps, { [fc.toStringMethod]: () => steps.map(({ name }) => name).join('\n') });
});

/** Everything that happened, with the states in between. */
interface Act {
  step: Step | undefined;
  events: Stamped<CasebookEvent>[];
  before: Casebook;
  after: Casebook;
}

/** Takes the steps one after the other, past those that are refused; any other error is a defect. */
function acts(steps: readonly Step[]): Act[] {
  const first = folded([enrolment]);
  const acts: Act[] = [
    { step: undefined, events: recorded([enrolment]), before: emptyCasebook, after: first },
  ];
  for (const step of steps) {
    const before = acts.at(-1)!.after;
    const decided = decideOrRefuse(step, before);
    if (!decided) continue;
    const events = recorded(decided, before);
    acts.push({ step, events, before, after: events.reduce(evolve, before) });
  }
  return acts;
}

function decideOrRefuse({ decide }: Step, casebook: Casebook): CasebookEvent[] | undefined {
  try {
    return decide(casebook);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

const always = (law: (acts: Act[]) => void) => fc.assert(fc.property(steps, (steps) => law(acts(steps))));
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const last = (acts: Act[]) => acts.at(-1)!.after;
const changesIn = ({ events }: Act) =>
  events.flatMap((event) =>
    event.type === 'ItemsEntered' || event.type === 'ItemsCorrected'
      ? event.data.changes.map((change): [string, Change] => [
          `${formKey(event.data)}|${itemPath(change)}`,
          change,
        ])
      : [],
  );
const heldIn = ({ forms }: Casebook) =>
  Object.entries(forms).flatMap(([form, { items }]) =>
    Object.entries(items).map(([path, { held }]): [string, Held | null] => [`${form}|${path}`, held]),
  );

describe('the state', () => {
  it('is the fold of its events, read anew from their JSON', () => {
    always((acts) => {
      const events = copy(acts.flatMap(({ events }) => events));
      expect(events.reduce(evolve, emptyCasebook)).toEqual(last(acts));
      expect(JSON.stringify(events.reduce(evolve, emptyCasebook))).toBe(JSON.stringify(last(acts)));
    });
  });

  it('folds on from its own JSON as from itself', () => {
    always((acts) => {
      for (const { before, events, after } of acts)
        expect(JSON.stringify(events.reduce(evolve, copy(before)))).toBe(JSON.stringify(after));
    });
  });

  it('is decided on alike, itself or its own JSON', () => {
    always((acts) => {
      for (const { step, before } of acts.slice(1))
        expect(decideOrRefuse(step!, copy(before))).toEqual(decideOrRefuse(step!, before));
    });
  });

  it('holds in every item the last value it was changed to, and each change begins there', () => {
    always((acts) => {
      const model = new Map<string, Held | null>();
      for (const act of acts) {
        for (const [key, { from, to }] of changesIn(act)) {
          expect(from).toEqual(model.get(key) ?? null);
          expect(to).not.toEqual(from);
          model.set(key, to);
        }
        expect(new Map(heldIn(act.after))).toEqual(model);
      }
    });
  });

  it('counts in every item’s version its changes', () => {
    always((acts) => {
      const changes = acts.flatMap(changesIn);
      for (const [form, { items }] of Object.entries(last(acts).forms))
        for (const [path, { version }] of Object.entries(items))
          expect(version).toBe(changes.filter(([key]) => key === `${form}|${path}`).length);
    });
  });
});

describe('an entry', () => {
  it('does just what it says: what it names it sets, what it does not name it leaves, or empties as a whole', () => {
    always((acts) => {
      const model = new Map<string, Held | null>();
      for (const { step, after } of acts) {
        if (step?.entry) {
          const named = namedBy(step.entry);
          const form = formKey(step.entry);
          if (step.entry.whole)
            for (const key of model.keys()) if (key.startsWith(`${form}|`)) model.delete(key);
          for (const [path, held] of named) model.set(`${form}|${path}`, held);
        }
        const expected = [...model].filter(([, held]) => held !== null);
        expect(new Map(heldIn(after).filter(([, held]) => held !== null))).toEqual(new Map(expected));
      }
    });
  });

  it('changes what was held only with a reason', () => {
    always((acts) => {
      for (const { events } of acts)
        for (const event of events) {
          if (event.type === 'ItemsEntered')
            expect(event.data.changes.every(({ from }) => from === null)).toBe(true);
          if (event.type === 'ItemsCorrected') {
            expect(event.data.reason).toEqual(reason);
            expect(event.data.changes.every(({ from }) => from !== null)).toBe(true);
          }
        }
    });
  });

  it('puts no identifying value into the log', () => {
    always((acts) => {
      expect(JSON.stringify(acts.map(({ events }) => events))).not.toMatch(/Anna|Berta|1961/);
    });
  });

  it('never leaves more rows than a group may have', () => {
    always((acts) => {
      expect(rowsOf(last(acts).forms['V1/DM'], 'IG.TL').size).toBeLessThanOrEqual(2);
    });
  });

  it('keeps the status of death in step with the date of death', () => {
    always((acts) => {
      for (const { after } of acts) {
        const held = after.forms['V1/DD']?.items['I.DTH']?.held;
        expect(after.died).toBe(held && 'value' in held ? held.value : undefined);
        expect(after.status === 'dead').toBe(after.died !== undefined);
      }
    });
  });
});

/** What an entry says that its form shall hold, by item path. */
function namedBy({ items, missing, rows, ...form }: Entry): Map<string, Held | null> {
  const named = new Map<string, Held | null>();
  const set = (path: string, item: string, value: unknown) => {
    const identifying = study.item(item)!.identifying;
    const kept = identifying ? seal(KEY, place(path, form), String(value)) : value;
    named.set(path, value === null ? null : ({ value: kept } as Held));
  };
  for (const [item, value] of Object.entries(items)) set(item, item, value);
  for (const [item, code] of Object.entries(missing)) named.set(item, { missing: code } as Held);
  for (const [group, list] of Object.entries(rows))
    for (const { rowKey, items } of list)
      for (const [item, value] of Object.entries(items)) set(`${group}/${rowKey}/${item}`, item, value);
  return named;
}

describe('queries', () => {
  /** From which status an event leads a query to which; only the system closes an open one. */
  const graph = [
    'open>answered',
    'answered>closed',
    'answered>open',
    'closed>open',
    'open>cancelled',
    'answered>cancelled',
    'open>open',
    'answered>answered',
  ];

  it('never leave the allowed graph, and are never lost or renumbered', () => {
    always((acts) => {
      for (const { before, after, events } of acts) {
        const ids = Object.keys(after.queries);
        expect(ids).toEqual(ids.map((_, i) => `${after.subject}-Q${i + 1}`));
        for (const event of events) {
          if (!('query' in event.data) || event.type === 'QueryRaised') continue;
          const move = `${before.queries[event.data.query]?.status}>${after.queries[event.data.query]?.status}`;
          if ('system' in event.actor) expect(['open>closed', 'answered>closed']).toContain(move);
          else expect(graph).toContain(move);
        }
      }
    });
  });

  it('have one message a step', () => {
    always((acts) => {
      const steps = acts.flatMap(({ events }) => events.filter(({ data }) => 'query' in data));
      const threads = Object.values(last(acts).queries).flatMap(({ messages }) => messages);
      expect(threads).toHaveLength(steps.length);
    });
  });

  it('of checks stand one at a time at a place', () => {
    always((acts) => {
      const reopened = acts.some(({ step }) => step?.name.startsWith('QueryReopened'));
      const places = openChecks(last(acts)).map(
        (query) => `${query.check} ${formKey(query)} ${pathOf(query)}`,
      );
      if (!reopened) expect(new Set(places).size).toBe(places.length);
    });
  });

  it('of checks are open only where the data violate the check, unless a person reopened them', () => {
    always((acts) => {
      const after = last(acts);
      for (const query of openChecks(after)) {
        if (query.messages.some(({ type }) => type === 'QueryReopened')) continue;
        const { items } = after.forms[formKey(query)]!;
        const held = items[pathOf(query)]?.held;
        if (query.check === 'required') expect(held ?? null).toBeNull();
        else expect(isOutside(query.item!, held)).toBe(true);
      }
    });
  });

  it('were raised wherever a value lies outside its range, or a complete form lacks a required item', () => {
    always((acts) => {
      const { forms, queries } = last(acts);
      const asked = new Set(
        Object.values(queries).map((query) => `${query.check} ${formKey(query)} ${pathOf(query)}`),
      );
      for (const [key, form] of Object.entries(forms)) {
        for (const [path, { item, held }] of Object.entries(form.items))
          if (isOutside(item, held)) expect(asked).toContain(`range ${key} ${path}`);
        if (!form.complete) continue;
        for (const path of requiredIn(form.form.replace(/~.*/, ''), [...rowsOf(form, 'IG.TL')]))
          if (!form.items[path]?.held) expect(asked).toContain(`required ${key} ${path}`);
      }
    });
  });

  const openChecks = ({ queries }: Casebook) =>
    Object.values(queries).filter(
      ({ check, status }) => check !== undefined && (status === 'open' || status === 'answered'),
    );
  const pathOf = (query: { item?: string; group?: string; row?: string }) =>
    query.row === undefined ? query.item! : `${query.group}/${query.row}/${query.item}`;
  const isOutside = (item: string, held: Held | null | undefined) =>
    held != null && 'value' in held && typeof held.value === 'number' && outside[item]?.(held.value) === true;
  const outside: Record<string, (value: number) => boolean> = {
    'I.WEIGHT': (value) => value < 30 || value > 250,
    'I.TLDIAM': (value) => value > 100,
    'I.HB': (value) => value < 3 || value > 22,
  };
  const requiredIn = (form: string, rows: string[]) =>
    ({
      DM: ['I.BIRTH', 'I.SEX', 'I.WEIGHT', ...rows.map((row) => `IG.TL/${row}/I.TLSITE`)],
      DD: ['I.DTH'],
      LB: ['I.HB'],
      AE: ['I.AETERM'],
    })[form]!;
});

describe('the read models', () => {
  /** What upserting leaves in the tables: by key, the last row counts. */
  function upsert(tables: Map<string, object>, before: Casebook, after: Casebook): Map<string, object> {
    for (const { model, rows } of projectCasebook(before, after, 'S'))
      for (const row of rows) {
        const columns = row as Record<string, unknown>;
        tables.set(`${model.table} ${model.key.map((column) => columns[column]).join(' ')}`, row);
      }
    return tables;
  }

  it('are the same brought up act by act or written anew', () => {
    always((acts) => {
      const kept = acts.reduce((tables, { before, after }) => upsert(tables, before, after), new Map());
      expect(kept).toEqual(upsert(new Map(), emptyCasebook, last(acts)));
    });
  });
});

describe('the random courses', () => {
  it('come everywhere: each kind of event happens', () => {
    const seen = new Set(
      fc
        .sample(steps, { numRuns: 300, seed: 1 })
        .flatMap((steps) => acts(steps).flatMap(({ events }) => events.map(({ type }) => type))),
    );
    expect([...seen].sort()).toEqual([
      'ArmAllocated',
      'ArmCrossedOver',
      'DeathRetracted',
      'FormCompleted',
      'FormReopened',
      'ItemsCorrected',
      'ItemsEntered',
      'QueryAnswered',
      'QueryCancelled',
      'QueryClosed',
      'QueryCommented',
      'QueryRaised',
      'QueryReopened',
      'SubjectDied',
      'SubjectEnrolled',
      'SubjectReinstated',
      'SubjectWithdrawn',
    ]);
  });
});
