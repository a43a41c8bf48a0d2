import { describe, expect, it } from 'vitest';
import { recordsOf, SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { signaturesDataset } from './signatures-dataset.js';

const dataset = signaturesDataset(studyOf(sinet));
const form = (visit: string, name: string) => ({ visit, form: name, revision: 1 });
const signed = (...forms: ReturnType<typeof form>[]) =>
  new SubjectEvents().add('SignatureGiven', {
    signature: 'FR01-0001-S1',
    name: 'Ada Investigator',
    meaning: 'I confirm these data',
    forms,
    items: ['I.DM.SEX'],
    definition: 1,
    hash: 'c2lnbmVk',
    openQueries: 0,
  });

describe('the dataset of signatures', () => {
  it('has the name, the time and the meaning of each form that is signed', () => {
    const rows = recordsOf(dataset, signed(form('V_SCR', 'DM'), form('V_M06', 'LB')), 'unblinded');
    expect(rows).toMatchObject([
      { VISIT: 'V_M06', FORM: 'LB', SIGNER: 'Ada Investigator', STATUS: 'valid', HASH: 'c2lnbmVk' },
      { VISIT: 'V_SCR', FORM: 'DM', MEANING: 'I confirm these data', SIGNEDAT: expect.any(String) },
    ]);
  });

  it('tells the blinded neither of forms that only one arm has, nor what broke, nor the hash', () => {
    const rows = recordsOf(dataset, signed(form('V_SCR', 'DM'), form('V_SURG', 'SU')), 'blinded');
    expect(rows.map(({ FORM }) => FORM)).toEqual(['DM']);
    expect(Object.keys(rows[0]!)).not.toEqual(expect.arrayContaining(['HASH']));
    expect(JSON.stringify(rows)).not.toMatch(/valid|c2lnbmVk/);
  });
});
