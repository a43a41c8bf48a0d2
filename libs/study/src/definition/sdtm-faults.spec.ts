import { describe, expect, it } from 'vitest';
import { smallStudy } from './definition.spec-kit.js';
import { diffDefinitions } from './diff.js';
import type { SdtmDomain, SdtmRecord, SdtmValue } from './sdtm-mapping.js';
import { validateDefinition } from './validate.js';

const domain = (records: SdtmRecord[], own: Partial<SdtmDomain> = {}): SdtmDomain => ({
  code: 'XX',
  label: 'Things',
  class: 'findings',
  variables: [{ name: 'XXORRES', label: 'Result', type: 'string' }],
  records,
  ...own,
});
const result = (value: SdtmValue, record: SdtmRecord = { of: 'I.SEX' }) =>
  domain([{ ...record, values: { XXORRES: value } }]);

function faultsOf(...sdtm: SdtmDomain[]): string[] {
  const checked = validateDefinition({ ...smallStudy(), sdtm });
  return 'faults' in checked ? checked.faults.map(({ pointer, code }) => `${pointer} ${code}`) : [];
}

describe('an SDTM domain', () => {
  it('takes texts, items of the same form with their labels and units, and keys', () => {
    const values: SdtmValue[] = [
      'TEXT',
      {},
      { as: 'label' },
      { codes: { F: 'FEMALE' } },
      { has: 'F' },
      { item: 'I.NOTE' },
      [{ item: 'I.NOTE' }, { as: 'unit' }],
      { key: 'visit' },
    ];
    for (const value of values) expect(faultsOf(result(value)), JSON.stringify(value)).toEqual([]);
    expect(faultsOf(result({ item: 'I.NOTE' }, { of: 'I.ROW' }))).toEqual([]);
    expect(faultsOf(result({ item: 'I.NOTE' }, {}))).toEqual([]);
  });

  it.each<[SdtmValue, SdtmRecord | undefined, string]>([
    [{ item: 'I.NONE' }, undefined, 'dangling'],
    [{ item: 'I.NAME' }, undefined, 'not-applicable'],
    [{ item: 'I.ROW' }, undefined, 'not-applicable'],
    [{ item: 'I.DAT' }, undefined, 'not-applicable'],
    [{ item: 'I.NOTE', as: 'label' }, undefined, 'wrong-item-type'],
    [{ codes: { X: 'OTHER' } }, undefined, 'dangling'],
    [{ has: 'X' }, undefined, 'dangling'],
    [{ key: 'site', item: 'I.NOTE' }, undefined, 'not-applicable'],
    [{ key: 'visit' }, {}, 'not-applicable'],
    [{}, {}, 'not-applicable'],
    [{ item: 'I.ROW' }, {}, 'not-applicable'],
  ])('cannot take %j', (value, record, code) => {
    expect(faultsOf(result(value, record))).toEqual([`/sdtm/0/records/0/values/XXORRES ${code}`]);
  });

  it('has records of existing items, each once, and conditions on codes', () => {
    expect(faultsOf(domain([{ of: 'I.NONE' }]))).toEqual(['/sdtm/0/records/0/of dangling']);
    expect(faultsOf(domain([{ of: 'I.NAME' }]))).toEqual(['/sdtm/0/records/0/of not-applicable']);
    expect(faultsOf(domain([{ of: 'I.SEX' }, { of: 'I.SEX' }]))).toEqual(['/sdtm/0/records/1/of duplicate']);
    expect(faultsOf(domain([{}, { of: 'I.SEX' }]))).toEqual(['/sdtm/0/records not-applicable']);
    expect(faultsOf(domain([{ of: 'I.NOTE', where: { 'I.SEX': ['X'] } }]))).toEqual([
      '/sdtm/0/records/0/where/I.SEX dangling',
    ]);
    expect(faultsOf(domain([{ of: 'I.SEX', values: { YY: '' } }]))).toEqual([
      '/sdtm/0/records/0/values/YY dangling',
    ]);
  });

  it('has names and labels that fit version 5 of XPT, none twice', () => {
    const named = (name: string, label = 'x') =>
      faultsOf(domain([{ of: 'I.SEX' }], { variables: [{ name, label, type: 'string' }] }));
    expect(named('XXTOOLONG')).toEqual(['/sdtm/0/variables/0/name invalid']);
    expect(named('xx')).toEqual(['/sdtm/0/variables/0/name invalid']);
    expect(named('XX', 'x'.repeat(41))).toEqual(['/sdtm/0/variables/0/label invalid']);
    expect(named('XXSEQ')).toEqual(['/sdtm/0/variables/0/name duplicate']);
    expect(faultsOf(domain([{ of: 'I.SEX' }]), domain([{ of: 'I.SEX' }]))).toEqual([
      '/sdtm/1/code duplicate',
    ]);
  });

  it('changes nothing of what was entered', () => {
    const before = { ...smallStudy(), sdtm: [result('A')] };
    const after = { ...smallStudy(), sdtm: [result('B'), result('C', {})] };
    after.sdtm[1]!.code = 'YY';
    expect(diffDefinitions(before, after).map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
      '/sdtm/XX/records safe',
      '/sdtm/YY safe',
    ]);
  });
});
