/** A small study, and casebooks of it, for the specs of this library. */
import { parseKey } from '#values';
import { casebookView } from './casebook-view.js';
import { compileCheck, compileDerivation, type Derived, type Verdict } from './compile.js';
import { type Environment, environmentOf, type StudyDescription } from './environment.js';
import type { CasebookFacts, FormFacts, Place } from './facts.js';

const item = (
  oid: string,
  type: StudyDescription['forms'][0]['groups'][0]['items'][0]['type'],
  more = {},
) => ({
  oid,
  label: oid,
  type,
  ...more,
});

export const study: StudyDescription = {
  arms: [
    { code: 'A', label: 'Arm A' },
    { code: 'B', label: 'Arm B' },
  ],
  codeLists: [
    {
      oid: 'CL.NY',
      codes: [
        { code: 'N', label: 'No' },
        { code: 'Y', label: 'Yes' },
      ],
    },
    {
      oid: 'CL.SITE',
      codes: [
        { code: 'LIVER', label: 'Liver' },
        { code: 'BONE', label: 'Bone' },
      ],
    },
  ],
  visits: [
    {
      oid: 'V0',
      type: 'scheduled',
      repeating: false,
      target: { day: 0, before: 10, after: 0 },
      forms: ['DM'],
    },
    {
      oid: 'V1',
      type: 'scheduled',
      repeating: false,
      target: { day: 30, before: 5, after: 7 },
      forms: ['FU', 'LAB'],
    },
    {
      oid: 'V2',
      type: 'scheduled',
      repeating: false,
      target: { day: 60, before: 5, after: 7 },
      forms: ['FU', 'LAB'],
    },
    { oid: 'UNS', type: 'unscheduled', repeating: true, forms: ['FU'] },
    { oid: 'LOG', type: 'common', repeating: true, forms: ['AE'] },
  ],
  forms: [
    {
      oid: 'DM',
      repeating: false,
      groups: [
        {
          oid: 'IG.DM',
          repeating: false,
          items: [
            item('I.DM.BIRTH', 'partialDate', { identifying: true }),
            item('I.DM.NAME', 'text', { identifying: true }),
            item('I.DM.AGE', 'integer'),
            item('I.DM.HEIGHT', 'decimal'),
            item('I.DM.WEIGHT', 'decimal'),
            item('I.DM.BMI', 'decimal'),
            item('I.DM.OBESE', 'code', { codeList: 'CL.NY' }),
            item('I.DM.FIRST', 'date'),
            item('I.DM.SEEN', 'partialDate'),
            item('I.DM.SITES', 'codes', { codeList: 'CL.SITE' }),
            item('I.DM.SMOKER', 'code', { codeList: 'CL.NY' }),
            item('I.DM.PACKS', 'integer'),
            item('I.DM.NOTE', 'text'),
            item('I.DM.VERDICT', 'text', { hiddenFrom: ['investigator'] }),
          ],
        },
      ],
    },
    {
      oid: 'FU',
      repeating: false,
      groups: [
        {
          oid: 'IG.FU',
          repeating: false,
          items: [item('I.FU.DATE', 'date'), item('I.FU.WEIGHT', 'decimal'), item('I.FU.ECOG', 'integer')],
        },
        {
          oid: 'IG.FU.TL',
          repeating: true,
          items: [item('I.FU.SITE', 'code', { codeList: 'CL.SITE' }), item('I.FU.MM', 'decimal')],
        },
      ],
    },
    {
      oid: 'LAB',
      repeating: true,
      groups: [
        {
          oid: 'IG.LAB',
          repeating: false,
          items: [item('I.LAB.DATE', 'date'), item('I.LAB.CGA', 'decimal')],
        },
      ],
    },
    {
      oid: 'AE',
      repeating: true,
      groups: [
        {
          oid: 'IG.AE',
          repeating: false,
          items: [item('I.AE.START', 'partialDate'), item('I.AE.GRADE', 'integer')],
        },
      ],
    },
  ],
};

export const environment = environmentOf(study, {
  LIMIT: { type: 'integer', value: 3 },
  FACTOR: { type: 'decimal', value: 1.5 },
  OPENED: { type: 'date', value: '2024-01-15' },
});

/** A form at `visit/form`, each with its repeat after a tilde: `UNS~2/FU`. */
export function at(
  address: string,
  items: FormFacts['items'] = {},
  more: Partial<FormFacts> = {},
): FormFacts {
  return { ...placeAt(address), complete: false, items, rows: {}, ...more };
}

export function placeAt(address: string): Place {
  const [visit, form] = address.split('/').map((key) => parseKey(key));
  if (!visit || !form) throw new Error(`${address} is no address`);
  return { visit: visit.oid, visitRepeat: visit.repeat, form: form.oid, formRepeat: form.repeat };
}

export function casebook(forms: readonly FormFacts[], more: Partial<CasebookFacts> = {}): CasebookFacts {
  return { forms, today: '2026-03-01', consentDate: '2025-01-10', status: 'enrolled', ...more };
}

/** The verdict of an expression on the last of the forms. */
export function verdict(
  source: string,
  forms: readonly FormFacts[],
  more: Partial<CasebookFacts> = {},
  on: Environment = environment,
): Verdict {
  const place = forms.at(-1)!;
  const compiled = compileCheck(source, on, place.form);
  if ('faults' in compiled) throw new Error(`${source}: ${compiled.faults[0]?.message}`);
  return compiled.check.evaluate(casebookView(casebook(forms, more), on), place);
}

/** What an expression gives for an item on the last of the forms. */
export function derived(
  source: string,
  oid: string,
  forms: readonly FormFacts[],
  more: Partial<CasebookFacts> = {},
): Derived {
  const compiled = compileDerivation(source, environment, oid);
  if ('faults' in compiled) throw new Error(`${source}: ${compiled.faults[0]?.message}`);
  return compiled.derivation.evaluate(casebookView(casebook(forms, more), environment), forms.at(-1)!);
}

/** The one fault of an expression, and the part of it that is at fault. */
export function faultOf(source: string, form = 'DM'): { code: string; at: string; message: string } {
  const compiled = compileCheck(source, environment, form);
  if (!('faults' in compiled)) throw new Error(`${source} compiles`);
  const [{ code, offset, length, message } = { code: '', offset: 0, length: 0, message: '' }] =
    compiled.faults;
  return { code, at: source.slice(offset, offset + length), message };
}
