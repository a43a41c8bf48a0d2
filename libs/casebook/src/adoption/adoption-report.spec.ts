import { describe, expect, it } from 'vitest';
import type { Sight } from '#access';
import type { Definition } from '#study';
import type { Casebook, CasebookEvent } from '../casebook.js';
import {
  BASELINE,
  course,
  enter,
  FOLLOW_UP,
  itemOf,
  lineageOf,
  SUBJECT,
  withoutItem,
} from '../casebook.spec-kit.js';
import { adoptionReport } from './adoption-report.js';

const everything: Sight = { identity: true, arms: true, item: () => true };

function report(
  casebook: Casebook,
  steps: ((next: Definition) => void)[],
  events: CasebookEvent[] = [],
  sight = everything,
) {
  return adoptionReport(casebook, events, lineageOf(...steps), sight);
}

/** What is kept though it does not fit, as `item why`. */
const kept = (casebook: Casebook, ...steps: ((next: Definition) => void)[]) =>
  report(casebook, steps).kept.map(({ item, why }) => `${item} ${why}`);
const change = (oid: string, change: object) => (next: Definition) =>
  Object.assign(itemOf(next, oid), change);

const filled = course(
  enter({
    items: { 'I.NAME': 'Anna Abel', 'I.SEX': 'F', 'I.WEIGHT': 60.5, 'I.DX': '2025', 'I.SYMPT': ['PAIN'] },
    missing: { 'I.BIRTH': 'unknown' },
    rows: { 'IG.TL': [{ rowKey: 'a', items: { 'I.TLSITE': 'LIVER' } }] },
  }),
  enter({ ...FOLLOW_UP, items: { 'I.HB': 12 } }),
);

describe('the report of an adoption', () => {
  it('says from which version to which, and what was asked and settled', () => {
    const query = { ...BASELINE, query: `${SUBJECT}-Q1`, text: 'Why?', check: 'range' };
    const told = report(
      filled,
      [() => undefined],
      [
        { type: 'DefinitionAdopted', data: { definition: 2 } },
        { type: 'QueryRaised', data: { ...query, item: 'I.TLSITE', group: 'IG.TL', row: 'a' } },
        { type: 'QueryClosed', data: { query: `${SUBJECT}-Q9`, text: '' } },
        {
          type: 'ItemsDerived',
          data: { ...BASELINE, changes: [{ item: 'I.BMI', from: null, to: { value: 2 } }] },
        },
      ],
    );
    expect(told).toEqual({
      subjectKey: SUBJECT,
      from: 1,
      to: 2,
      kept: [],
      derived: [{ ...BASELINE, item: 'I.BMI' }],
      queries: {
        raised: [{ ...query, item: 'I.TLSITE', group: 'IG.TL', rowKey: 'a' }],
        closed: [`${SUBJECT}-Q9`],
      },
    });
  });

  it('lists nothing where every value still fits', () => {
    expect(kept(filled, change('I.WEIGHT', { range: { soft: { max: 10 } }, label: 'W' }))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['I.WEIGHT', { type: 'integer' }, 'not-an-integer'],
    ['I.WEIGHT', { range: { hard: { max: 50 } } }, 'out-of-range'],
    ['I.WEIGHT', { type: 'text', range: undefined }, 'wrong-type'],
    ['I.DX', { type: 'date' }, 'impossible-date'],
    ['I.SEX', { codeList: 'CL.CAUSE' }, 'not-in-code-list'],
    ['I.SYMPT', { type: 'code' }, 'wrong-type'],
    ['I.TLSITE', { length: 3 }, 'too-long'],
    ['I.SEX', { identifying: true }, 'not-sealed'],
    ['I.NAME', { identifying: false }, 'sealed'],
  ])('lists what no longer fits, but keeps it: %s %j', (oid, how, why) => {
    expect(kept(filled, change(oid, how))).toEqual([`${oid} ${why}`]);
  });

  it('lists what is gone as retired: items, groups and forms', () => {
    expect(kept(filled, withoutItem('I.DX'))).toEqual(['I.DX retired']);
    expect(kept(filled, (next) => next.visits.splice(1, 1))).toEqual(['I.HB retired']);
    expect(kept(filled, (next) => Object.assign(next.forms[0]!.groups[1]!, { repeating: false }))).toEqual([
      'I.TLSITE retired',
    ]);
    expect(kept(filled, withoutItem('I.BIRTH'))).toEqual(['I.BIRTH retired']);
  });

  it('says where, in the words of the version that it was entered with, and never what', () => {
    const { kept: told } = report(filled, [
      withoutItem('I.TLSITE'),
      change('I.WEIGHT', { label: 'W', type: 'integer' }),
    ]);
    expect(told).toEqual([
      { ...BASELINE, item: 'I.WEIGHT', why: 'not-an-integer', text: 'Weight: Must be a whole number' },
      {
        ...BASELINE,
        item: 'I.TLSITE',
        group: 'IG.TL',
        rowKey: 'a',
        why: 'retired',
        text: expect.stringMatching(/^Site: /),
      },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/60\.5|LIVER/);
  });

  it('tells nobody of what is hidden from them, by any version', () => {
    const sight: Sight = { ...everything, item: ({ hiddenFrom }) => !hiddenFrom };
    const hide = change('I.WEIGHT', { hiddenFrom: ['data-manager'] });
    const asked: CasebookEvent = {
      type: 'QueryRaised',
      data: { ...BASELINE, item: 'I.WEIGHT', query: `${SUBJECT}-Q1`, text: 'Weight 60.5 kg?' },
    };
    const told = report(filled, [hide, withoutItem('I.WEIGHT')], [asked], sight);
    expect(told).toMatchObject({ kept: [], queries: { raised: [] } });
  });
});
