import { describe, expect, it } from 'vitest';
import type { Definition, ItemDefinition } from './definition.js';
import { smallItems, smallStudy } from './definition.spec-kit.js';
import { diffDefinitions } from './diff.js';
import type { AdjudicationDefinition } from './oversight.js';
import { validateDefinition } from './validate.js';

const sites = ['investigator', 'coordinator'];
const hidden = (oid: string, own: Partial<ItemDefinition> = {}): ItemDefinition => ({
  oid,
  label: oid,
  type: 'code',
  codeList: 'CL.SEX',
  presence: 'optional',
  hiddenFrom: sites,
  ...own,
});
const day: ItemDefinition = {
  oid: 'I.DAY',
  label: 'Day',
  type: 'date',
  presence: 'optional',
  hiddenFrom: sites,
};
const committee = [hidden('I.A'), hidden('I.B'), hidden('I.C'), hidden('I.F'), day];
const adjudication: AdjudicationDefinition = {
  of: 'death',
  opinions: ['I.A', 'I.B', 'I.C'],
  final: 'I.F',
  date: 'I.DAY',
  masked: ['I.SEX'],
};

/** A study whose committee has its items on the form of the death. */
function studyWith(own: Partial<Definition>, items: ItemDefinition[] = committee): Definition {
  const death: ItemDefinition = { oid: 'I.DTH', label: 'Death', type: 'date', presence: 'optional' };
  const study = smallStudy([...smallItems, death, ...items]);
  return { ...study, milestones: { ...study.milestones, death: 'I.DTH' }, ...own };
}
function faultsOf(definition: Definition): Record<string, string> {
  const result = validateDefinition(definition);
  const faults = 'faults' in result ? result.faults : [];
  return Object.fromEntries(faults.map(({ pointer, code }) => [pointer, code]));
}

describe('a plan of verification', () => {
  it('names items that have a source, and a share where it is a sample', () => {
    const verification = { plan: 'sample' as const, critical: ['I.SEX', 'I.NONE', 'I.A'] };
    expect(faultsOf(studyWith({ verification }))).toEqual({
      '/verification/critical/1': 'dangling',
      '/verification/critical/2': 'not-applicable',
      '/verification/share': 'missing',
    });
    expect(faultsOf(studyWith({ verification: { plan: 'all', share: 0.5 } }))).toEqual({
      '/verification/share': 'not-applicable',
    });
    expect(faultsOf(studyWith({ verification: { plan: 'sample', share: 1.5 } }))).toEqual({
      '/verification/share': 'invalid',
    });
  });

  it('may change without harm to any data', () => {
    const before = studyWith({ verification: { plan: 'all' } });
    const after = studyWith({ verification: { plan: 'critical', critical: ['I.SEX'] } });
    expect(diffDefinitions(before, after).map(({ path, verdict }) => `${path} ${verdict}`)).toEqual([
      '/verification/plan safe',
      '/verification/critical safe',
    ]);
  });
});

describe('an adjudication', () => {
  it('is sound where its items are hidden codes on the form of the death', () => {
    expect(faultsOf(studyWith({ adjudication }))).toEqual({});
  });

  it('needs the milestone of death, and items that are there', () => {
    const { milestones, ...study } = studyWith({ adjudication });
    const { death: _, ...others } = milestones;
    expect(faultsOf({ ...study, milestones: others })).toEqual({ '/adjudication/of': 'not-applicable' });
    const dangling = { ...adjudication, final: 'I.NONE', masked: ['I.NO'] };
    expect(faultsOf(studyWith({ adjudication: dangling }))).toMatchObject({
      '/adjudication/final': 'dangling',
      '/adjudication/masked/0': 'dangling',
    });
  });

  it.each<[string, Partial<ItemDefinition>]>([
    ['a site could see', { hiddenFrom: ['investigator'] }],
    ['has other codes', { codeList: 'CL.SEX3' }],
    ['is identifying', { identifying: true }],
  ])('refuses an item that %s', (_, own) => {
    const items = [hidden('I.A', own), ...committee.slice(1)];
    expect(faultsOf(studyWith({ adjudication }, items))).toEqual({
      '/adjudication/opinions/0': 'not-applicable',
    });
  });

  it('refuses an item of another form, of another type, or named twice', () => {
    expect(faultsOf(studyWith({ adjudication: { ...adjudication, date: 'I.DAT' } }))).toEqual({
      '/adjudication/date': 'not-applicable',
    });
    expect(faultsOf(studyWith({ adjudication: { ...adjudication, date: 'I.A' } }))).toMatchObject({
      '/adjudication/date': 'wrong-item-type',
      '/adjudication': 'duplicate',
    });
  });

  it('needs somebody to look at the data where it changes', () => {
    const after = studyWith({ adjudication: { ...adjudication, masked: [] } });
    expect(diffDefinitions(studyWith({ adjudication }), after)).toMatchObject([
      { path: '/adjudication/masked', verdict: 'needs-mapping' },
    ]);
  });
});
