import { describe, expect, it } from 'vitest';
import { type FormData, type ItemData, type SubjectData, Tally } from '#odm';
import { compile, odmOidsOf, shippedStudies } from '#study';
import { OdmEntry } from './odm-entry.js';

const definition = shippedStudies().find(({ study }) => study.oid === 'SINET')!;
const study = compile(definition, 1);
const { oids } = odmOidsOf(definition, 1);

function actsOf(subject: Partial<SubjectData>, isNew = false) {
  const tally = new Tally();
  const entry = new OdmEntry(study, oids, tally);
  const acts = entry.acts({ subjectKey: 'S', ...subject }, isNew, { site: 'X1', consentDate: '2024-01-10' });
  return { acts, notes: tally.list().map(({ element, reason }) => `${element}: ${reason}`) };
}

const visitOf = (form: FormData, more: object = {}): Partial<SubjectData> => ({
  studyEvents: [{ studyEventOid: 'V_SCR', ...more, forms: [form] }],
});
const formOf = (items: ItemData[], itemGroupOid = 'IG.DM', more: object = {}): FormData => ({
  formOid: 'DM',
  itemGroups: [{ itemGroupOid, items, ...more }],
});

/** The one entry of a form that the subject gives. */
function entered(subject: Partial<SubjectData>) {
  const { acts } = actsOf(subject);
  const [entry, ...more] = acts;
  if (entry?.act !== 'EnterForm' || more.length > 0) throw new Error(JSON.stringify(acts));
  return entry.command;
}

describe('ODM clinical data', () => {
  it('enter values, missing ones and removals of a form, and leave its other items alone', () => {
    const items: ItemData[] = [
      { itemOid: 'I.DM.WEIGHT', values: ['61.5'] },
      { itemOid: 'I.DM.HEIGHT', isNull: true },
      { itemOid: 'I.DM.SEX', transactionType: 'Remove' },
    ];
    expect(entered(visitOf(formOf(items)))).toMatchObject({
      visit: 'V_SCR',
      form: 'DM',
      items: { 'I.DM.WEIGHT': 61.5, 'I.DM.SEX': null },
      missing: { 'I.DM.HEIGHT': 'unknown' },
      whole: false,
    });
  });

  it('enter rows, and occurrences by their keys', () => {
    const form = {
      ...formOf([{ itemOid: 'I.IM.TLDIAM', values: ['31'] }], 'IG.IM.TL', { repeatKey: '2' }),
      formOid: 'IM',
    };
    expect(entered(visitOf(form, { studyEventOid: 'V_UNS', repeatKey: '3' }))).toMatchObject({
      visit: 'V_UNS~3',
      form: 'IM',
      rows: { 'IG.IM.TL': [{ rowKey: '2', items: { 'I.IM.TLDIAM': 31 } }] },
    });
  });

  it('bring the reasons of changes', () => {
    const reasonOf = (item: Partial<ItemData>) =>
      entered(visitOf(formOf([{ itemOid: 'I.DM.SEX', values: ['F'], ...item }]))).reason;
    const because = (reasonForChange: string): Partial<ItemData> => ({
      auditRecord: { userOid: 'U', locationOid: 'L', dateTimeStamp: '2024-01-31T00:00:00Z', reasonForChange },
    });
    expect(reasonOf({})).toBeUndefined();
    expect(reasonOf({ transactionType: 'Update' })).toEqual({ code: 'imported', text: '' });
    expect(reasonOf(because('typing-error: Wrong line'))).toEqual({
      code: 'typing-error',
      text: 'Wrong line',
    });
    expect(reasonOf(because('I had it wrong'))).toEqual({ code: 'imported', text: 'I had it wrong' });
  });

  it('leave what the server computes, and the queries of edit checks, each noted', () => {
    const query = {
      oid: 'Q',
      source: 'System',
      state: 'Open',
      lastUpdate: '2024-01-31T00:00:00Z',
      text: '?',
    } as const;
    const items: ItemData[] = [
      { itemOid: 'I.DM.AGE', values: ['61'] },
      { itemOid: 'I.DM.SEX', transactionType: 'Context', queries: [query] },
    ];
    const { acts, notes } = actsOf(visitOf(formOf(items)));
    expect(acts).toEqual([]);
    expect(notes).toEqual([
      '@Value: derived items are computed anew',
      '@Type: the edit checks raise their queries themselves',
    ]);
  });

  it('enrol a subject at its first occurrence, where and when the document or else the caller says', () => {
    const enrolled = { act: 'EnrolSubject', command: { site: 'X1', consentDate: '2024-01-10' } };
    expect(actsOf({}, true).acts).toEqual([enrolled]);
    expect(actsOf({}, false).acts).toEqual([]);
    const flag = (name: string, text: string) => ({
      type: { codeListOid: 'daybook:SubjectEnrolled', text: name },
      value: { codeListOid: `daybook:SubjectEnrolled.${name}`, text },
    });
    const annotation = {
      seqNum: 1,
      comment: { text: { '': 'SubjectEnrolled' } },
      flags: [flag('site', 'FR01'), flag('consentDate', '2023-05-05')],
    };
    expect(actsOf({ annotations: [annotation] }, true).acts).toEqual([
      { act: 'EnrolSubject', command: { site: 'FR01', consentDate: '2023-05-05' } },
    ]);
  });
});
