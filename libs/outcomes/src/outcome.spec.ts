import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type Definition, type Endpoint, shippedStudies } from '#study';
import { addDays, formatKey } from '#values';
import { atCutOff, type Outcome, outcomesOf } from './outcome.js';
import { CourseEvents } from './outcome.spec-kit.js';
import { itemsRead } from './outcome-reads.js';

const sinet = shippedStudies().find(({ study }) => study.oid === 'SINET')!;

interface Course {
  inclusion?: string;
  lastAlive?: string[];
  died?: string;
  siteCause?: string;
  finalCause?: string;
  arm?: string;
}

function eventsOf({ inclusion, lastAlive = [], died, siteCause, finalCause, arm }: Course): CourseEvents {
  const events = new CourseEvents();
  if (arm) events.allocate(arm);
  if (inclusion) events.enter('V_INC', 'EN', { 'I.EN.ENDAT': inclusion });
  for (const [i, date] of lastAlive.entries()) {
    events.enter(formatKey({ oid: 'V_UNS', repeat: i + 1 }), 'FU', {
      'I.FU.LASTALIVE': date,
      'I.FU.FUDAT': date,
    });
  }
  const death = { 'I.DD.DTHDAT': died, 'I.DD.DTHCAUSE_S': siteCause, 'I.DD.ADFINAL': finalCause };
  for (const [item, value] of Object.entries(death)) {
    if (value) events.enter('V_EOS', 'DD', { [item]: value });
  }
  return events;
}

function outcomes(events: CourseEvents, endpoints: Partial<Endpoint> = {}): Record<string, Outcome> {
  const definition: Definition = {
    ...sinet,
    endpoints: sinet.endpoints.map((endpoint) => ({ ...endpoint, ...endpoints })),
  };
  const all = outcomesOf(events.course(itemsRead(definition)), compile(definition, 1));
  return Object.fromEntries(all.map((outcome) => [outcome.endpoint, outcome]));
}

const endpoint = (oid: string, course: Course) => outcomes(eventsOf(course))[oid];

/** Included on 10 January 2020, and seen two years later. */
const followed = (arm = 'B') => eventsOf({ inclusion: '2020-01-10', lastAlive: ['2022-01-10'], arm });

describe('outcomes', () => {
  it('do not exist before time zero is recorded', () => {
    expect(outcomes(eventsOf({ died: '2021-01-01' }))).toEqual({});
  });

  it('are censored when last known alive, at inclusion at the earliest', () => {
    expect(endpoint('OS', { inclusion: '2020-01-10' })).toMatchObject({
      end: '2020-01-10',
      days: 0,
      event: 0,
      description: 'No follow-up after the start',
    });
    expect(
      endpoint('OS', { inclusion: '2020-01-10', lastAlive: ['2021-01-09', '2020-07-10'] }),
    ).toMatchObject({ start: '2020-01-10', end: '2021-01-09', days: 365, event: 0 });
  });

  it('are censored at a withdrawal that is later than the last contact', () => {
    const events = followed().enter('V_SCR', 'IC', { 'I.IC.ICWDAT': '2022-03-01' });
    expect(outcomes(events).OS).toMatchObject({ end: '2022-03-01', description: 'Withdrawal of consent' });
  });

  it('are events by the cause of death; other deaths compete with death due to siNET', () => {
    const course = { inclusion: '2020-01-10', lastAlive: ['2021-01-09'], died: '2021-05-01' };
    const due = endpoint('DSDTH', { ...course, siteCause: 'SINET' });
    expect(due).toMatchObject({ end: '2021-05-01', event: 1, description: 'Death due to siNET' });
    const other = endpoint('DSDTH', { ...course, siteCause: 'CARDIOVASCULAR' });
    expect(other).toMatchObject({ end: '2021-05-01', event: 2, description: 'Death from another cause' });
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
      endSource: null,
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
    const end = (died: string) => {
      const { end, imputed } = endpoint('OS', { ...course, died })!;
      return [end, imputed];
    };
    expect(end('2020-08')).toEqual(['2020-08-15', 'D']);
    expect(end('2020')).toEqual(['2020-07-01', 'M']);
    expect(end('2020-06')).toEqual(['2020-06-21', 'D']);
    expect(end('2020-08-03')).toEqual(['2020-08-03', null]);
  });

  it('say where their dates stand, and which act put them there', () => {
    const events = eventsOf({ inclusion: '2020-01-10', lastAlive: ['2021-01-09'] });
    events.enter('V_UNS', 'FU', { 'I.FU.LASTALIVE': '2021-02-01' });
    expect(outcomes(events).OS).toMatchObject({
      startSource: { visit: 'V_INC', form: 'EN', item: 'I.EN.ENDAT', position: 101 },
      end: '2021-02-01',
      endSource: { visit: 'V_UNS', form: 'FU', item: 'I.FU.LASTALIVE', position: 103 },
    });
  });
});

describe('an endpoint', () => {
  it('of several events has the first, and takes what competes only where it comes first', () => {
    const events = followed()
      .enter('V_M12', 'IM', { 'I.IM.IMDAT': '2021-01-05', 'I.IM.RECIST': 'PD' })
      .enter('V_M06', 'IM', { 'I.IM.IMDAT': '2020-07-05', 'I.IM.RECIST': 'PD' })
      .enter('V_EOS', 'DD', { 'I.DD.DTHDAT': '2021-01-05' });
    expect(outcomes(events).PFS).toMatchObject({
      end: '2020-07-05',
      event: 1,
      endSource: { visit: 'V_M06' },
    });
    events.enter('V_M06', 'IM', { 'I.IM.RECIST': 'SD' });
    expect(outcomes(events).PFS).toMatchObject({
      end: '2021-01-05',
      description: 'Progression (RECIST 1.1)',
    });
    events.enter('V_M12', 'IM', { 'I.IM.RECIST': null });
    expect(outcomes(events).PFS).toMatchObject({ end: '2021-01-05', event: 1, description: 'Death' });
    expect(outcomes(events).TTCOMP).toMatchObject({ end: '2021-01-05', event: 2 });
  });

  it('PFS is censored at the last evaluable imaging', () => {
    const events = followed()
      .enter('V_M06', 'IM', { 'I.IM.IMDAT': '2020-07-05', 'I.IM.RECIST': 'SD' })
      .enter('V_M12', 'IM', { 'I.IM.IMDAT': '2021-01-05', 'I.IM.RECIST': 'NE' });
    expect(outcomes(events).PFS).toMatchObject({ end: '2020-07-05', event: 0 });
  });

  it('TTCOMP takes the visit’s date where the onset is not known', () => {
    const events = followed().enter('V_M06', 'FU', { 'I.FU.FUDAT': '2020-07-05', 'I.FU.BLEED': 'Y' });
    expect(outcomes(events).TTCOMP).toMatchObject({
      end: '2020-07-05',
      event: 1,
      description: 'Bleeding',
      endSource: { item: 'I.FU.FUDAT' },
    });
    events.enter('V_M06', 'FU', { 'I.FU.COMPONSET': '2020-06-30' });
    expect(outcomes(events).TTCOMP).toMatchObject({ end: '2020-06-30' });
    events.enter('V_M06', 'FU', { 'I.FU.BLEED': 'N' });
    expect(outcomes(events).TTCOMP).toMatchObject({ end: '2022-01-10', event: 0 });
  });

  it('TTEMS and TTCROSS read the surgery; only arm B can cross over', () => {
    const operated = (arm: string) =>
      followed(arm).enter('V_SURG', 'SU', {
        'I.SU.SUDAT': '2021-03-01',
        'I.SU.SUTYPE': 'EMERGENCY',
        'I.SU.SUPROC': ['STOMA', 'SBRESECT'],
      });
    expect(outcomes(operated('B'))).toMatchObject({
      TTEMS: { end: '2021-03-01', event: 1 },
      TTCROSS: { end: '2021-03-01', event: 1 },
    });
    expect(outcomes(operated('A'))).not.toHaveProperty('TTCROSS');
    const bypassed = operated('B').enter('V_SURG', 'SU', { 'I.SU.SUPROC': ['BYPASS'] });
    expect(outcomes(bypassed).TTCROSS).toMatchObject({ end: '2022-01-10', event: 0 });
  });

  it('TTLDT imputes an incomplete date, not before the start, and leaves out what was earlier', () => {
    const treated = (date: string) =>
      outcomes(followed().enter('COMMON', 'TX~2', { 'I.TX.TXCAT': 'TACE', 'I.TX.TXSTDT': date })).TTLDT!;
    expect(treated('2021')).toMatchObject({ end: '2021-07-01', imputed: 'M', event: 1 });
    expect(treated('2021-04')).toMatchObject({ end: '2021-04-15', imputed: 'D' });
    expect(treated('2020-01')).toMatchObject({ end: '2020-01-15', imputed: 'D' });
    expect(treated('2019')).toMatchObject({ end: '2022-01-10', event: 0 });
    expect(treated('2020-01-09')).toMatchObject({ event: 0 });
    expect(treated('2020-01-10')).toMatchObject({ event: 1, days: 0 });
  });

  it('MORT90 begins with the first surgery and ends after 90 days', () => {
    const operated = () => followed().enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' });
    expect(outcomes(followed())).not.toHaveProperty('MORT90');
    expect(outcomes(operated()).MORT90).toMatchObject({ start: '2020-02-01', end: '2020-05-01', days: 90 });
    const dead = (died: string) => outcomes(operated().enter('V_EOS', 'DD', { 'I.DD.DTHDAT': died })).MORT90;
    expect(dead('2020-05-01')).toMatchObject({ event: 1, days: 90 });
    expect(dead('2020-05-02')).toMatchObject({ event: 0, end: '2020-05-01' });
    const seen = eventsOf({ inclusion: '2020-01-10' })
      .enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' })
      .enter('V_POD30', 'PO', { 'I.PO.PODAT': '2020-03-02', 'I.PO.POSTAT': 'ALIVE' });
    expect(outcomes(seen).MORT90).toMatchObject({ event: 0, end: '2020-03-02', days: 30 });
  });

  it('reads a row by itself: a condition holds in the same row', () => {
    const rows = {
      oid: 'SEVERE',
      label: 'Time to a severe complication',
      start: { date: 'I.SU.SUDAT' },
      events: [
        {
          date: 'I.PO.COMPDAT',
          where: { 'I.PO.CLAVIEN': ['IIIb'], 'I.PO.POCOMP': ['Y'] },
          description: 'Severe',
        },
      ],
      censoring: [{ date: 'I.PO.PODAT', description: 'Seen' }],
    };
    const complication = (date: string, grade: string) => ({ 'I.PO.COMPDAT': date, 'I.PO.CLAVIEN': grade });
    const events = new CourseEvents()
      .enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' })
      .enter('V_POD30', 'PO', { 'I.PO.POCOMP': 'Y' })
      .enter('V_POD30', 'PO', complication('2020-02-03', 'I'), { group: 'IG.PO.COMP', row: 'a' })
      .enter('V_POD30', 'PO', complication('2020-02-09', 'IIIb'), { group: 'IG.PO.COMP', row: 'b' });
    const definition = { ...sinet, endpoints: [rows] };
    const [outcome] = outcomesOf(events.course(itemsRead(definition)), compile(definition, 1));
    expect(outcome).toMatchObject({ end: '2020-02-09', endSource: { group: 'IG.PO.COMP', row: 'b' } });
  });
});

describe('a cut-off', () => {
  const course = { inclusion: '2020-01-10', lastAlive: ['2021-01-09'], died: '2021-05-01' };

  it('of an endpoint censors whatever is later, and leaves out who was not yet included', () => {
    const at = (cutOff: string) => outcomes(eventsOf(course), { cutOff }).OS;
    expect(at('2021-05-01')).toMatchObject({ event: 1, end: '2021-05-01' });
    expect(at('2021-04-30')).toMatchObject({ event: 0, end: '2021-04-30', description: 'Data cut-off' });
    expect(at('2020-01-09')).toBeUndefined();
  });

  it('of a request gives what the definition’s own would have given', () => {
    const day = fc.integer({ min: -100, max: 2500 }).map((days) => addDays('2020-01-10', days));
    fc.assert(
      fc.property(day, day, day, (died, seen, cutOff) => {
        const events = eventsOf({ inclusion: '2020-01-10', lastAlive: [seen], died, arm: 'B' });
        const own = Object.values(outcomes(events, { cutOff }));
        const later = Object.values(outcomes(events)).flatMap((outcome) => atCutOff(outcome, cutOff) ?? []);
        expect(later).toEqual(own);
      }),
    );
  });
});
