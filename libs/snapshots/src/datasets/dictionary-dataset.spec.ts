import { describe, expect, it } from 'vitest';
import type { Definition } from '#study';
import { type Audience, seenBy } from '../dataset.js';
import { recordsOf, SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { studyChanges } from '../delta.js';
import { datasetsOf } from './datasets.js';

const dictionary = (audience: Audience, ...definitions: Definition[]) =>
  seenBy(datasetsOf(studyOf(...definitions)).find(({ name }) => name === 'DICTIONARY')!, audience)!;
const keys = (audience: Audience) => dictionary(audience, sinet).studyRows.map(({ key }) => key);

describe('the data dictionary', () => {
  it('has each column of each dataset that the audience is given', () => {
    for (const audience of ['blinded', 'unblinded'] as const) {
      const given = datasetsOf(studyOf(sinet)).flatMap((one) => seenBy(one, audience)?.table ?? []);
      const columns = given.flatMap(({ name, columns }) => columns.map((column) => `${name}/${column.name}`));
      expect(keys(audience)).toEqual(columns.sort());
    }
    expect(keys('unblinded')).toContain('SU/SUDAT');
    expect(keys('blinded')).not.toContain('SU/SUDAT');
    expect(keys('blinded')).not.toContain('SU/STUDYID');
    expect(keys('blinded')).not.toContain('SDTM_DM/ARM');
  });

  it('says what a column holds', () => {
    const rows = new Map(dictionary('blinded', sinet).studyRows.map(({ key, cells }) => [key, cells]));
    expect(rows.get('LB/HB')).toEqual([
      'LB',
      ...[19, 'HB', 'Haemoglobin', 'decimal', 'g/dL', 'I.LB.HB', null, null],
    ]);
    expect(rows.get('DM/SEX')!.slice(-2)).toEqual([
      'CL.SEX',
      '{"M":"Male","F":"Female","U":"Undifferentiated or unknown"}',
    ]);
  });

  it('is of the study, not of its subjects, and changes with the definition', () => {
    const dataset = datasetsOf(studyOf(sinet)).find(({ name }) => name === 'DICTIONARY')!;
    expect(recordsOf(dataset, new SubjectEvents())).toEqual([]);
    const renamed = structuredClone(sinet);
    renamed.forms.find(({ oid }) => oid === 'LB')!.groups[0]!.items[0]!.label = 'Day of sampling';
    const states = { before: dictionary('blinded', sinet), after: dictionary('blinded', sinet, renamed) };
    const changed = studyChanges(states).map(({ key }) => key);
    expect(changed).toContain('LB/LBDAT');
    expect(changed).not.toContain('LB/HB');
  });
});

describe('the datasets of a study', () => {
  it('each have a name of their own, whatever the forms are called', () => {
    const forms = sinet.forms.map((form) => (form.oid === 'CS' ? { ...form, oid: 'VISITS' } : form));
    const visits = sinet.visits.map((visit) => ({
      ...visit,
      forms: visit.forms.map((form) => (form === 'CS' ? 'VISITS' : form)),
    }));
    const names = datasetsOf(studyOf({ ...sinet, forms, visits, checks: [], derivations: [] })).map(
      ({ name }) => name,
    );
    expect(names).toContain('VISITS_');
    expect(new Set(names).size).toBe(names.length);
  });
});
