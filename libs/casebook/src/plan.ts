import { Problem } from '#problem';
import type { CompiledForm, CompiledStudy } from '#study';
import { formatKey, parseKey } from '#values';
import type { FormAddress } from './casebook.js';

/**
 * The form that the definition plans at an address.
 *
 * @throws Problem not-found where visit or form are unknown, do not go together or do not repeat
 */
export function plannedForm(study: CompiledStudy, { visit, form }: FormAddress): CompiledForm {
  const visitKey = parseKey(visit);
  const formKey = parseKey(form);
  const plannedVisit = visitKey && study.visit(visitKey.oid);
  const planned = formKey && plannedVisit?.forms.find((one) => one.oid === formKey.oid);
  const visitOccurs = visitKey?.repeat === 1 || plannedVisit?.repeating;
  const formOccurs = formKey?.repeat === 1 || planned?.repeating;
  if (planned && visitOccurs && formOccurs) return planned;
  throw new Problem('not-found', `The definition plans no form ${form} in visit ${visit}.`);
}

/** The one way in which an address is stored: `FU~1` is `FU`. Undefined for what is no key. */
export function canonicalAddress({ visit, form }: FormAddress): FormAddress | undefined {
  const visitKey = parseKey(visit);
  const formKey = parseKey(form);
  return visitKey && formKey && { visit: formatKey(visitKey), form: formatKey(formKey) };
}

/** A form of which every item tells the arms apart does so by being there at all. */
export function tellsArms({ items }: CompiledForm): boolean {
  return items.every((item) => item.revealsArm);
}
