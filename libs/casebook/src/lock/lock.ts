import { Problem } from '#problem';
import { type CompiledStudy, type LockReason, type LockStep, refuseStep } from '#study';
import { parseKey } from '#values';
import { formKey } from '../address.js';
import type { Casebook, CasebookEvent } from '../casebook.js';
import { findPlanned } from '../form/plan.js';
import { type LockLevel, type LockPlace, lockKey, placeIn } from './lock-state.js';

/** Freezes or locks, or lifts it: of the item, form, visit or casebook that the place names. */
export interface ChangeLock extends LockPlace {
  readonly subject: string;
  readonly reason?: LockReason;
}

export interface LockFacts {
  /** The version that the casebook follows. */
  readonly followed: CompiledStudy;
  /** All that it ever asked for. */
  readonly known: CompiledStudy;
}

/**
 * Levels stand side by side: a form that is locked stays so when its visit is unlocked. Nothing has to be
 * complete, signed or frozen before it is locked: whoever locks decides that, and sees it in the summary.
 *
 * @throws Problem not-found, invalid-value; conflict for a step that changes nothing; reason-required
 */
export function changeLock(
  step: LockStep,
  { reason, ...command }: ChangeLock,
  casebook: Casebook,
  facts: LockFacts,
): CasebookEvent[] {
  const place = placeIn(command);
  refuseUnknown(place, casebook, facts);
  refuseStep(step, casebook.locks[lockKey(place)] ?? {}, reason);
  return [{ type: step, data: { level: levelOf(place), ...place, ...(reason && { reason }) } }];
}

function levelOf({ visit, form, item }: LockPlace): LockLevel {
  if (item !== undefined) return 'item';
  if (form !== undefined) return 'form';
  return visit === undefined ? 'subject' : 'visit';
}

/** What is still empty can be locked, too: it is not entered then. */
function refuseUnknown(place: LockPlace, casebook: Casebook, { followed, known }: LockFacts): void {
  const { visit, form, item, group, row } = place;
  if ((group === undefined) !== (row === undefined) || (row !== undefined && item === undefined))
    throw invalid('/rowKey', 'A row is named by group and rowKey, and with an item.');
  if (form !== undefined && visit === undefined) throw invalid('/visit', 'A form is one of a visit.');
  if (item !== undefined && form === undefined) throw invalid('/form', 'An item is one of a form.');
  const forms = Object.values(casebook.forms);
  if (visit !== undefined && form === undefined) {
    const { oid, repeat } = parseKey(visit)!;
    const planned = followed.visit(oid);
    if (!(planned && (repeat === 1 || planned.repeating)) && !forms.some((one) => one.visit === visit))
      throw new Problem('not-found', `There is no visit ${visit}.`);
  }
  if (visit === undefined || form === undefined) return;
  const address = { visit, form };
  if (!findPlanned(followed, address) && !casebook.forms[formKey(address)])
    throw new Problem('not-found', `There is no form ${form} in visit ${visit}.`);
  const found = item === undefined ? undefined : known.item(item);
  if (item !== undefined && found?.formOid !== parseKey(form)!.oid)
    throw invalid('/item', `There is no item ${item} in form ${form}.`);
  if (group !== undefined && found?.groupOid !== group)
    throw invalid('/group', `Item ${item} is not in group ${group}.`);
}

function invalid(pointer: string, message: string): Problem {
  return new Problem('invalid-value', message, { errors: [{ pointer, code: 'not-applicable', message }] });
}
