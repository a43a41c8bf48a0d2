import { describe, expect, it } from 'vitest';
import { compile } from './definition/compile.js';
import { validateDefinition } from './definition/validate.js';
import { shippedStudies } from './shipped.js';

const studies = shippedStudies();
const definition = studies[0] ?? expect.fail('no study is shipped');
const study = compile(definition, 1);

function itemsWhere(flag: 'identifying' | 'derived' | 'revealsArm' | 'hiddenFrom'): string[] {
  return definition.forms
    .flatMap((form) => form.groups.flatMap((group) => group.items))
    .filter((item) => item[flag])
    .map((item) => item.oid);
}

describe('the shipped siNET study', () => {
  it('is the only one, and sound', () => {
    expect(studies.map(({ study }) => study.oid)).toEqual(['SINET']);
    expect(validateDefinition(definition)).toEqual({ definition });
  });

  it('calls what the registry does not say a proposal', () => {
    expect(definition.study.description).toContain('proposals');
  });

  it('has its seventeen forms, each within some visit', () => {
    const forms = 'DM IC EL EN DX LB IM CS SU PT PO FU TX AE QL DD ES'.split(' ');
    expect(definition.forms.map(({ oid }) => oid)).toEqual(forms);
    expect(new Set(definition.visits.flatMap((visit) => visit.forms))).toEqual(new Set(forms));
    expect(definition.forms.filter((form) => form.repeating).map(({ oid }) => oid)).toEqual([
      'LB',
      'IM',
      'TX',
      'AE',
    ]);
  });

  it('names items and groups after their form', () => {
    for (const form of definition.forms) {
      for (const group of form.groups) {
        expect(group.oid).toMatch(new RegExp(`^IG\\.${form.oid}(\\.[A-Z]+)?$`));
        for (const item of group.items) expect(item.oid).toMatch(new RegExp(`^I\\.${form.oid}\\.[A-Z]`));
      }
    }
  });

  it('follows up every half year for five years, with questionnaires at 6 months and yearly', () => {
    const followUp = definition.visits.filter(({ oid }) => /^V_M\d\d$/.test(oid));
    expect(followUp.map(({ oid, target }) => [oid, target?.day, target?.after])).toEqual([
      ['V_M06', 183, 42],
      ['V_M12', 366, 42],
      ['V_M18', 549, 42],
      ['V_M24', 732, 42],
      ['V_M30', 915, 42],
      ['V_M36', 1098, 42],
      ['V_M42', 1281, 42],
      ['V_M48', 1464, 42],
      ['V_M54', 1647, 42],
      ['V_M60', 1830, 60],
    ]);
    expect(followUp.filter(({ forms }) => forms.includes('QL')).map(({ oid }) => oid)).toEqual([
      'V_M06',
      'V_M12',
      'V_M24',
      'V_M36',
      'V_M48',
      'V_M60',
    ]);
  });

  it('holds logs in COMMON and extra visits in V_UNS, both repeating', () => {
    expect(definition.visits.filter((visit) => visit.repeating).map(({ oid, type }) => [oid, type])).toEqual([
      ['V_UNS', 'unscheduled'],
      ['COMMON', 'common'],
    ]);
  });

  it('expects surgery of arm A alone, within 90 days and 30 of grace', () => {
    expect(study.visit('V_SURG')?.target).toEqual({ day: 90, before: 90, after: 30, arms: ['A'] });
    expect(study.visit('V_POD30')?.target?.from).toBe('I.SU.SUDAT');
  });

  it('knows what identifies a subject', () => {
    expect(itemsWhere('identifying').sort()).toEqual(
      ['BIRTHDT', 'GP', 'INITIALS', 'MRN', 'NAME', 'NATID', 'PHONE']
        .map((name) => `I.DM.${name}`)
        .concat('I.DD.CERTFILE', 'I.DD.DTHTEXT')
        .sort(),
    );
  });

  it('hides central review and adjudication from sites', () => {
    expect(itemsWhere('hiddenFrom')).toEqual([
      'I.PT.PTCENTRAL',
      'I.DD.AD1CAUSE',
      'I.DD.AD2CAUSE',
      'I.DD.AD3CAUSE',
      'I.DD.ADFINAL',
      'I.DD.ADDAT',
    ]);
    expect(study.item('I.DD.ADFINAL')?.hiddenFrom).toEqual(['investigator', 'coordinator']);
  });

  it('masks the arm and everything that comes of surgery', () => {
    const revealing = itemsWhere('revealsArm');
    for (const form of ['SU', 'PT', 'PO'])
      expect(study.form(form)?.items.every(({ oid }) => revealing.includes(oid))).toBe(true);
    expect(revealing.filter((oid) => !/^I\.(SU|PT|PO)\./.test(oid))).toEqual([
      'I.EN.ARM',
      'I.EN.ARMREAS',
      'I.EN.ARMOTH',
      'I.FU.COMPMGT',
      'I.FU.EMSURG',
      'I.FU.CROSS',
      'I.FU.SBS',
      'I.AE.AEREL',
      'I.DD.DTHCAUSE_S',
    ]);
  });

  it('enters target lesions and complications as rows', () => {
    expect(study.group('IG.IM.TL')).toMatchObject({ formOid: 'IM', repeating: true, maxRows: 5 });
    expect(study.group('IG.PO.COMP')).toMatchObject({ formOid: 'PO', repeating: true });
    expect(study.item('I.IM.TLDIAM')?.groupOid).toBe('IG.IM.TL');
  });

  it('bounds the questionnaire, and names its questions by number alone', () => {
    const questions = study.form('QL')?.items.filter(({ oid }) => /^I\.QL\.Q\d\d$/.test(oid)) ?? [];
    expect(questions).toHaveLength(51);
    for (const { oid, label, range } of questions) {
      expect(label).toMatch(/^QLQ-(C30|GI\.NET21) question \d+$/);
      expect(range?.hard).toEqual({ min: 1, max: /Q29|Q30/.test(oid) ? 7 : 4 });
    }
  });

  it('has its edit checks, but for those of items themselves and of the study as a whole', () => {
    const numbers = new Set(definition.checks?.map(({ oid }) => Number(/^C(\d\d)/.exec(oid)?.[1])));
    const all = Array.from({ length: 31 }, (_, i) => i + 1);
    // 1 and 2 are ranges and dates, 30 looks for duplicates among all subjects.
    expect(all.filter((number) => !numbers.has(number))).toEqual([1, 2, 30]);
  });

  it('derives what is derived, but for what is coded, numbered and signed', () => {
    const derived = new Set(definition.derivations?.map(({ item }) => item));
    expect(itemsWhere('derived').filter((item) => !derived.has(item))).toEqual([
      'I.EN.SUBJNO',
      'I.EN.SITE',
      'I.AE.AEPT',
      'I.ES.ESSIGN',
    ]);
  });

  it('needs the subject’s key for checks of the forms alone that look at the birth date', () => {
    const forms = definition.forms.map(({ oid }) => oid);
    expect(forms.filter((form) => study.expressions.mayReadIdentity(form))).toEqual(['DM', 'DX']);
    expect(study.expressions.mayReadIdentity()).toBe(true);
    expect(['I.DM.BIRTHDT', 'I.DM.NAME'].map(study.expressions.isRead)).toEqual([true, false]);
  });

  it('has the eight endpoints, and counts deaths of unknown cause as siNET deaths', () => {
    expect(definition.endpoints.map(({ oid }) => oid)).toEqual([
      'DSDTH',
      'OS',
      'PFS',
      'TTCOMP',
      'TTEMS',
      'TTCROSS',
      'TTLDT',
      'MORT90',
    ]);
    expect(definition.endpoints[0]!.events[0]!.causes).toEqual(['SINET', 'POSTOP', 'TREATMENT', 'UNKNOWN']);
  });
});
