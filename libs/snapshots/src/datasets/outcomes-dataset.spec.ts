import { describe, expect, it } from 'vitest';
import { recordsOf, SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { outcomesDataset } from './outcomes-dataset.js';

const dataset = outcomesDataset(studyOf(sinet));
const included = () => new SubjectEvents().allocate('B').enter('V_INC', 'EN', { 'I.EN.ENDAT': '2020-01-10' });
const of = (endpoint: string, events: SubjectEvents) =>
  recordsOf(dataset, events).find(({ PARAMCD }) => PARAMCD === endpoint);

describe('the dataset of outcomes', () => {
  it('has no row before time zero', () => {
    expect(recordsOf(dataset, new SubjectEvents())).toEqual([]);
  });

  it('says of a censored subject when and why, and where it stands', () => {
    const events = included().enter('V_M06', 'FU', { 'I.FU.LASTALIVE': '2020-07-01' });
    expect(of('OS', events)).toEqual({
      key: 'FR01-0001/OS',
      STUDYID: 'SINET',
      USUBJID: 'SINET-FR01-0001',
      SUBJID: 'FR01-0001',
      SITEID: 'FR01',
      ARMCD: 'B',
      PARAMCD: 'OS',
      PARAM: 'Overall survival',
      STARTDT: '2020-01-10',
      ADT: '2020-07-01',
      ADTF: null,
      AVAL: 174 / 30.4375,
      AVALDAYS: 173,
      CNSR: 1,
      EVNTDESC: null,
      CNSDTDSC: 'Last known alive',
      SRCDOM: 'FU',
      SRCVAR: 'I.FU.LASTALIVE',
      SRCSEQ: 3,
      EVTTYPE: 0,
    });
  });

  it('tells an event from a competing one, and what was imputed of its date', () => {
    const died = (cause: string) =>
      included().enter('V_EOS', 'DD', { 'I.DD.DTHDAT': '2021-05', 'I.DD.DTHCAUSE_S': cause });
    expect(of('DSDTH', died('SINET'))).toMatchObject({ CNSR: 0, EVTTYPE: 1, ADT: '2021-05-15', ADTF: 'D' });
    expect(of('DSDTH', died('INFECTION'))).toMatchObject({ CNSR: 2, EVTTYPE: 2, CNSDTDSC: null });
  });

  it('has neither arms nor the endpoints of one arm for the blinded', () => {
    const rows = recordsOf(dataset, included(), 'blinded');
    expect(rows.map(({ key }) => key)).toContain('FR01-0001/OS');
    expect(rows.map(({ key }) => key)).not.toContain('FR01-0001/TTCROSS');
    expect(rows.map(({ key }) => key)).not.toContain('FR01-0001/TTEMS');
    expect(rows[0]).not.toHaveProperty('ARMCD');
    expect(of('TTCROSS', included())).toBeDefined();
  });

  it('can be an XPT of version 5', () => {
    for (const { name, label } of dataset.columns) {
      expect(name).toMatch(/^[A-Z][A-Z0-9]{0,7}$/);
      expect(label.length).toBeLessThanOrEqual(40);
    }
  });
});
