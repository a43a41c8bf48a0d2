import { describe, expect, it } from 'vitest';
import { recordsOf, SubjectEvents, sinet, studyOf, type Told } from '../dataset.spec-kit.js';
import { auditDataset } from './audit-dataset.js';

const dataset = auditDataset(studyOf(sinet));
const about = (item: string, rows: readonly Told[]) => rows.filter((row) => row.ITEM === item);

describe('the dataset of the audit trail', () => {
  it('has a row for each item that an act changes, with who, when, what and why', () => {
    const events = new SubjectEvents()
      .enter('V_UNS~2', 'LB', { 'I.LB.HB': 9, 'I.LB.CGA': { missing: 'not-done' } })
      .correct('V_UNS~2', 'LB', { 'I.LB.HB': 13.5 }, 'Misread');
    const rows = recordsOf(dataset, events);
    expect(rows.map(({ key }) => key)).toEqual([
      'FR01-0001/000000000000/0000',
      'FR01-0001/000000000001/0000',
      'FR01-0001/000000000001/0001',
      'FR01-0001/000000000002/0000',
    ]);
    expect(rows[0]).toMatchObject({ TYPE: 'SubjectEnrolled', NEWVALUE: '2020-01-01', FORM: null });
    expect(rows[2]).toMatchObject({ LINE: 1, ITEM: 'I.LB.CGA', NEWVALUE: null, NEWMISS: 'not-done' });
    expect(rows[3]).toEqual({
      key: 'FR01-0001/000000000002/0000',
      STUDYID: 'SINET',
      SITEID: 'FR01',
      SUBJID: 'FR01-0001',
      POSITION: 2,
      LINE: 0,
      RECORDED: '2020-01-01T00:02:00.000Z',
      USERID: 'ada',
      ROLE: 'coordinator',
      SYSTEM: null,
      TYPE: 'ItemsCorrected',
      VISIT: 'V_UNS',
      VISITREP: 2,
      FORM: 'LB',
      FORMREP: 1,
      GROUP: null,
      ROWKEY: null,
      ITEM: 'I.LB.HB',
      QUERY: null,
      OLDVALUE: null,
      OLDMISS: null,
      NEWVALUE: '13.5',
      NEWMISS: null,
      REASONCD: 'transcription-error',
      REASON: 'Misread',
    });
  });

  it('tells nothing of what identifies, nor a reason that could', () => {
    const events = new SubjectEvents().correct(
      'V_SCR',
      'DM',
      { 'I.DM.NAME': 'Müller', 'I.DM.WEIGHT': 60 },
      'Is called Müller',
    );
    const rows = recordsOf(dataset, events);
    expect(about('I.DM.NAME', rows)).toEqual([]);
    expect(about('I.DM.WEIGHT', rows)).toMatchObject([{ NEWVALUE: '60', REASON: null }]);
    expect(JSON.stringify(rows)).not.toContain('Müller');
  });

  it('tells the blinded nothing of arms, nor a reason that could', () => {
    const events = new SubjectEvents()
      .allocate('A')
      .enter('V_SURG', 'SU', { 'I.SU.SUDAT': '2020-02-01' })
      .add('FormCompleted', { visit: 'V_SURG', form: 'SU' })
      .add('DataFrozen', { level: 'visit', visit: 'V_SURG' })
      .correct('V_M06', 'FU', { 'I.FU.EMSURG': 'Y', 'I.FU.VSTAT': 'ALIVE' }, 'Was operated on');
    const blinded = recordsOf(dataset, events, 'blinded');
    // The lines have no gap where something stands before them that is not told.
    expect(blinded.map((row) => [row.TYPE, row.LINE, row.ITEM, row.REASON])).toEqual([
      ['SubjectEnrolled', 0, null, null],
      ['ItemsCorrected', 0, 'I.FU.VSTAT', null],
    ]);
    const unblinded = recordsOf(dataset, events);
    expect(unblinded).toHaveLength(7);
    expect(about('I.FU.EMSURG', unblinded)).toMatchObject([{ LINE: 1, REASON: 'Was operated on' }]);
  });

  it('places what happens to a query, but not what was written in it', () => {
    const events = new SubjectEvents()
      .add('QueryRaised', { query: 'Q1', visit: 'V_SCR', form: 'LB', item: 'I.LB.HB', text: 'So low?' })
      .add('QueryRaised', { query: 'Q2', visit: 'V_SCR', form: 'DM', item: 'I.DM.NAME', text: 'Who?' })
      .add('QueryRaised', { query: 'Q3', visit: 'V_SURG', form: 'SU', text: 'When?' })
      .add('QueryAnswered', { query: 'Q1', text: 'Yes' });
    const rows = recordsOf(dataset, events).slice(1);
    expect(rows).toMatchObject([
      { TYPE: 'QueryRaised', QUERY: 'Q1', ITEM: 'I.LB.HB' },
      { TYPE: 'QueryRaised', QUERY: 'Q3', FORM: 'SU' },
      { TYPE: 'QueryAnswered', QUERY: 'Q1', FORM: 'LB' },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/low|Who|When|Yes/);
    expect(recordsOf(dataset, events, 'blinded').slice(1)).toMatchObject([{ QUERY: 'Q1' }, { QUERY: 'Q1' }]);
  });

  it('has a row for each item that is verified', () => {
    const items = [{ item: 'I.LB.HB', version: 1 }];
    const events = new SubjectEvents()
      .enter('V_SCR', 'LB', { 'I.LB.HB': 9 })
      .add('ItemsVerified', { visit: 'V_SCR', form: 'LB', items });
    expect(recordsOf(dataset, events)[2]).toMatchObject({ TYPE: 'ItemsVerified', ITEM: 'I.LB.HB' });
  });
});
