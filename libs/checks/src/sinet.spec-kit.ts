/** The checks of the study that comes with Daybook, compiled, and short ways to write its casebooks. */
import { readFileSync } from 'node:fs';
import { casebookView } from './casebook-view.js';
import { type CheckSetDefinition, compileCheckSet } from './check-set.js';
import { at, casebook } from './checks.spec-kit.js';
import { environmentOf, type StudyDescription } from './environment.js';
import type { CasebookFacts, FormFacts } from './facts.js';

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../study/studies/sinet/${file}.json`, import.meta.url), 'utf8'));
}

const { forms, ...rest } = read<Omit<StudyDescription, 'forms' | 'codeLists'> & { forms: string[] }>('study');

export const sinet: StudyDescription = {
  ...rest,
  forms: forms.map((form) => read(`forms/${form}`)),
  codeLists: read('code-lists'),
};
export const environment = environmentOf(sinet);
export const definition = read<CheckSetDefinition>('checks');

const compiled = compileCheckSet(definition, environment);
if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
export const { checks, derivations } = compiled.checkSet;

export type Items = FormFacts['items'];

/** Where each form is filled in, unless an example says otherwise. */
const USUAL = {
  DM: 'V_SCR',
  IC: 'V_SCR',
  EL: 'V_SCR',
  DX: 'V_SCR',
  LB: 'V_SCR',
  IM: 'V_SCR',
  CS: 'V_SCR',
  PT: 'V_SURG',
  EN: 'V_INC',
  SU: 'V_SURG',
  PO: 'V_POD30',
  FU: 'V_M06',
  QL: 'V_M06',
  TX: 'COMMON',
  AE: 'COMMON',
  DD: 'V_EOS',
  ES: 'V_EOS',
} as const;

/** A complete form: `FU` at its usual visit, or `V_M12/FU`; rows under the names of their groups. */
export function form(address: string, items: Items = {}, rows: FormFacts['rows'] = {}): FormFacts {
  const usual = USUAL[address as keyof typeof USUAL];
  return at(usual ? `${usual}/${address}` : address, items, { complete: true, rows });
}

export function partly(address: string, items: Items): FormFacts {
  return { ...form(address, items), complete: false };
}

/** What a check says of the last of the forms. */
export function says(oid: string, given: readonly FormFacts[], facts: Partial<CasebookFacts> = {}) {
  const place = given.at(-1)!;
  const check = checks.find((one) => one.oid === oid && one.form === place.form);
  if (!check) throw new Error(`there is no check ${oid} of ${place.form}`);
  const view = casebookView(casebook(given, facts), environment);
  return { verdict: check.evaluate(view, place), text: check.message(view, place) };
}

/** What a derivation gives for the last of the forms. */
export function derive(oid: string, given: readonly FormFacts[], facts: Partial<CasebookFacts> = {}) {
  const derivation = derivations.find(({ item }) => item === oid);
  if (!derivation) throw new Error(`nothing derives ${oid}`);
  return derivation.evaluate(casebookView(casebook(given, facts), environment), given.at(-1)!);
}
