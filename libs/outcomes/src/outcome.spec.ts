import { describe, expect, it } from 'vitest';
import type { Casebook } from '#casebook';
import { compile, shippedStudies } from '#study';
import { outcomesOf } from './outcome.js';

const study = compile(shippedStudies().find(({ study }) => study.oid === 'SINET')!, 1);

interface Course {
  inclusion?: string;
  lastAlive?: string[];
  died?: string;
  siteCause?: string;
  finalCause?: string;
}

/** A casebook that holds just what outcomes are read from. */
function casebook({ inclusion, lastAlive = [], died, siteCause, finalCause }: Course): Casebook {
  const form = (visit: string, name: string, values: Record<string, string | undefined>) => {
    const items = Object.entries(values).flatMap(([item, value]) =>
      value === undefined
        ? []
        : [[item, { item, held: { value }, definition: 1, version: 1, by: 'u', at: '' }] as const],
    );
    return [
      `${visit}/${name}`,
      { visit, form: name, revision: 1, complete: true, items: Object.fromEntries(items) },
    ] as const;
  };
  const forms = Object.fromEntries([
    form('V_INC', 'EN', { 'I.EN.ENDAT': inclusion }),
    ...lastAlive.map((date, i) =>
      form(`V_M${String(6 * (i + 1)).padStart(2, '0')}`, 'FU', { 'I.FU.LASTALIVE': date }),
    ),
    form('V_EOS', 'DD', { 'I.DD.DTHDAT': died, 'I.DD.DTHCAUSE_S': siteCause, 'I.DD.ADFINAL': finalCause }),
  ]);
  return {
    subject: 'FR01-0001',
    site: 'FR01',
    status: died ? 'dead' : 'enrolled',
    definition: 1,
    consentDate: '',
    enrolledAt: '',
    crossovers: [],
    withdrawn: false,
    ...(died && { died }),
    revision: 1,
    forms,
    queries: {},
  };
}

const endpoint = (oid: string, course: Course) =>
  outcomesOf(casebook(course), study).find((one) => one.endpoint === oid);

describe('outcomes', () => {
  it('do not exist before time zero is recorded', () => {
    expect(outcomesOf(casebook({ died: '2021-01-01' }), study)).toEqual([]);
  });

  it('are censored when last known alive, at inclusion at the earliest', () => {
    expect(endpoint('OS', { inclusion: '2020-01-10' })).toMatchObject({
      end: '2020-01-10',
      days: 0,
      event: 0,
    });
    expect(
      endpoint('OS', { inclusion: '2020-01-10', lastAlive: ['2021-01-09', '2020-07-10'] }),
    ).toMatchObject({
      start: '2020-01-10',
      end: '2021-01-09',
      days: 365,
      event: 0,
    });
  });

  it('are events by the cause of death; other deaths compete with death due to siNET', () => {
    const course = { inclusion: '2020-01-10', lastAlive: ['2021-01-09'], died: '2021-05-01' };
    expect(endpoint('DSDTH', { ...course, siteCause: 'SINET' })).toMatchObject({
      end: '2021-05-01',
      event: 1,
    });
    expect(endpoint('DSDTH', { ...course, siteCause: 'CARDIOVASCULAR' })).toMatchObject({
      end: '2021-05-01',
      event: 2,
    });
    expect(endpoint('OS', { ...course, siteCause: 'CARDIOVASCULAR' })).toMatchObject({ event: 1 });
  });

  it('let the committee’s cause overrule the site’s', () => {
    const course = {
      inclusion: '2020-01-10',
      died: '2021-05-01',
      siteCause: 'SINET',
      finalCause: 'CARDIOVASCULAR',
    };
    expect(endpoint('DSDTH', course)).toMatchObject({ event: 2 });
  });

  it('count a death of unknown or not yet recorded cause as the event', () => {
    const course = { inclusion: '2020-01-10', died: '2021-05-01' };
    expect(endpoint('DSDTH', { ...course, siteCause: 'UNKNOWN' })).toMatchObject({ event: 1 });
    expect(endpoint('DSDTH', course)).toMatchObject({ event: 1 });
  });

  it('end at the horizon: a later death or contact is censored there', () => {
    expect(endpoint('OS', { inclusion: '2015-02-28', lastAlive: ['2021-01-01'] })).toMatchObject({
      end: '2020-02-28',
      event: 0,
    });
    expect(endpoint('OS', { inclusion: '2015-02-28', died: '2020-02-29' })).toMatchObject({
      end: '2020-02-28',
      event: 0,
    });
    expect(endpoint('OS', { inclusion: '2015-02-28', died: '2020-02-28' })).toMatchObject({
      end: '2020-02-28',
      event: 1,
    });
  });

  it('impute an incomplete date of death, but never before the subject was last known alive', () => {
    const course = { inclusion: '2020-01-10', lastAlive: ['2020-06-20'] };
    expect(endpoint('OS', { ...course, died: '2020-08' })).toMatchObject({ end: '2020-08-15', event: 1 });
    expect(endpoint('OS', { ...course, died: '2020' })).toMatchObject({ end: '2020-07-01', event: 1 });
    expect(endpoint('OS', { ...course, died: '2020-06' })).toMatchObject({ end: '2020-06-21', event: 1 });
  });
});
