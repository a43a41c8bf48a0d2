import { describe, expect, it } from 'vitest';
import { recordsOf, SubjectEvents, sinet, studyOf, type Told } from '../dataset.spec-kit.js';
import { visitsDataset } from './visits-dataset.js';

const dataset = visitsDataset(studyOf(sinet));
const included = (arm: string) =>
  new SubjectEvents().allocate(arm).enter('V_INC', 'EN', { 'I.EN.ENDAT': '2020-01-10' });
const keys = (rows: readonly Told[]) => rows.map(({ key }) => key.split('/')[1]);
const visit = (oid: string, rows: readonly Told[]) => rows.find(({ key }) => key === `FR01-0001/${oid}`);

describe('the dataset of visits', () => {
  it('has what is planned, with its window once there is a time zero', () => {
    expect(visit('V_M06', recordsOf(dataset, new SubjectEvents()))).toMatchObject({
      VISITNAM: 'Month 6',
      PLANNED: true,
      TARGET: null,
      FORMS: 0,
      FIRSTAT: null,
    });
    expect(visit('V_M06', recordsOf(dataset, included('B')))).toMatchObject({
      EARLIEST: '2020-05-30',
      TARGET: '2020-07-11',
      LATEST: '2020-08-22',
    });
  });

  it('plans for an arm, and after an event, what is theirs', () => {
    expect(keys(recordsOf(dataset, included('A')))).toContain('V_SURG');
    expect(keys(recordsOf(dataset, included('B')))).not.toContain('V_SURG');
    const operated = included('A').enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' });
    expect(keys(recordsOf(dataset, included('A')))).not.toContain('V_POD30');
    expect(visit('V_POD30', recordsOf(dataset, operated))).toMatchObject({ TARGET: '2020-03-02' });
  });

  it('says of what is entered how much, and from when to when', () => {
    const events = included('B')
      .enter('V_UNS~2', 'FU', { 'I.FU.FUDAT': '2020-03-01' })
      .enter('V_UNS~2', 'LB', { 'I.LB.HB': 9 })
      .add('FormCompleted', { visit: 'V_UNS~2', form: 'FU' })
      .correct('V_UNS~2', 'LB', { 'I.LB.HB': 10 }, 'One too few');
    expect(visit('V_UNS~2', recordsOf(dataset, events))).toMatchObject({
      VISIT: 'V_UNS',
      VISITREP: 2,
      PLANNED: false,
      FORMS: 2,
      COMPLETE: 1,
      FIRSTAT: '2020-01-01T00:03:00.000Z',
      LASTAT: '2020-01-01T00:06:00.000Z',
    });
  });

  it('counts nothing for the blinded that only one arm has', () => {
    const events = included('A')
      .enter('V_SCR', 'PT', { 'I.PT.PTDAT': '2020-02-03' })
      .enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' });
    const blinded = recordsOf(dataset, events, 'blinded');
    expect(keys(blinded)).not.toContain('V_SURG');
    expect(keys(blinded)).not.toContain('V_POD30');
    expect(visit('V_SCR', blinded)).toMatchObject({ FORMS: 0, FIRSTAT: null });
    expect(visit('V_SCR', blinded)).not.toHaveProperty('ALLFORMS');
    expect(visit('V_SCR', recordsOf(dataset, events))).toMatchObject({ FORMS: 0, ALLFORMS: 1 });
    expect(visit('V_SURG', recordsOf(dataset, events))).toMatchObject({ ALLFORMS: 1 });
  });
});
