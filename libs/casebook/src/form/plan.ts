import { Problem } from '#problem';
import type { CompiledForm, CompiledItem, CompiledStudy, Lineage } from '#study';
import { formatKey, parseKey } from '#values';
import type { FormAddress, ItemAddress } from '../address.js';

/**
 * The form that the definition plans at an address.
 *
 * @throws Problem not-found where visit or form are unknown, do not go together or do not repeat
 */
export function plannedForm(study: CompiledStudy, address: FormAddress): CompiledForm {
  return findPlanned(study, address) ?? notPlanned(address);
}

/** For reading: a form that is planned no more is as the last version had it that planned it. */
export function readableForm(lineage: Lineage, address: FormAddress): CompiledForm {
  return lineage.lastWith((study) => findPlanned(study, address)) ?? notPlanned(address);
}

export function findPlanned(study: CompiledStudy, { visit, form }: FormAddress): CompiledForm | undefined {
  const visitKey = parseKey(visit);
  const formKey = parseKey(form);
  const plannedVisit = visitKey && study.visit(visitKey.oid);
  const planned = formKey && plannedVisit?.forms.find((one) => one.oid === formKey.oid);
  const visitOccurs = visitKey?.repeat === 1 || plannedVisit?.repeating;
  const formOccurs = formKey?.repeat === 1 || planned?.repeating;
  return visitOccurs && formOccurs ? planned : undefined;
}

function notPlanned({ visit, form }: FormAddress): never {
  throw new Problem('not-found', `The definition plans no form ${form} in visit ${visit}.`);
}

/** The item, where the definition has it still in the place in which it was entered. */
export function itemInPlace(
  study: CompiledStudy,
  address: FormAddress,
  { item: oid, group }: ItemAddress,
): CompiledItem | undefined {
  const item = study.item(oid);
  const rows = item && study.group(item.groupOid)?.repeating ? item.groupOid : undefined;
  if (!item || rows !== group) return undefined;
  // Most forms do not repeat: their key is the OID.
  return item.formOid === address.form || item.formOid === parseKey(address.form)?.oid ? item : undefined;
}

/** The one way in which an address is stored: `FU~1` is `FU`. Undefined for what is no key. */
export function canonicalAddress({ visit, form }: FormAddress): FormAddress | undefined {
  const visitKey = parseKey(visit);
  const formKey = parseKey(form);
  return visitKey && formKey && { visit: formatKey(visitKey), form: formatKey(formKey) };
}

/** A form of which every item tells the arms apart does so by being there at all. */
export function tellsArms({ items }: Pick<CompiledForm, 'items'>): boolean {
  return items.every((item) => item.revealsArm);
}

/** The same by what the newest version says of the items, whose rules of who may see what hold. */
export function tellsArmsNow(
  { items }: Pick<CompiledForm, 'items'>,
  study: Pick<CompiledStudy, 'item'>,
): boolean {
  return tellsArms({ items: items.flatMap(({ oid }) => study.item(oid) ?? []) });
}

/** Whether a form, or a visit of which every form does, tells the arms apart by its name alone. */
export function placeTellsArms(
  { visit, form }: { readonly visit?: string | undefined; readonly form?: string | undefined },
  study: Pick<CompiledStudy, 'item' | 'form' | 'visit'>,
): boolean {
  const forms =
    form === undefined
      ? study.visit(parseKey(visit ?? '')?.oid ?? '')?.forms
      : [study.form(parseKey(form)?.oid ?? '')].flatMap((one) => one ?? []);
  return forms !== undefined && forms.length > 0 && forms.every((one) => tellsArmsNow(one, study));
}
