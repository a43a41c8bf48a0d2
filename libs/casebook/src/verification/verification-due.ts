import { type CompiledStudy, hasSource } from '#study';
import type { ItemAddress } from '../address.js';
import type { FormState } from '../form/form-state.js';
import { itemInPlace } from '../form/plan.js';

/** How far the verification of a form is, in the terms of the study's plan. */
export interface Due {
  /** How many of the entered items the plan has verified of this subject. */
  readonly planned: number;
  /** How many of those are verified. */
  readonly verified: number;
  /** The others. */
  readonly pending: readonly ItemAddress[];
}

/** @param subject the key that the plan's sample is drawn by */
export function verificationDue(form: FormState, subject: string, study: CompiledStudy): Due {
  return dueOf(form, study.verification.of(subject), study);
}

/** The same, where it is known of a subject what the plan has verified. */
export function dueOf(
  form: FormState,
  isPlanned: ReturnType<CompiledStudy['verification']['of']>,
  study: CompiledStudy,
): Due {
  const planned = Object.values(form.items).filter((state) => {
    const item = state.held && itemInPlace(study, form, state);
    return item && isPlanned(item);
  });
  const pending = planned.filter((state) => !state.verified);
  return {
    planned: planned.length,
    verified: planned.length - pending.length,
    pending: pending.map(({ item, group, row }) => (group && row ? { item, group, row } : { item })),
  };
}

/** Of all that is entered in a form and has a source, whatever the plan is. */
export function verifiedShare(form: FormState, study: CompiledStudy): 'none' | 'partial' | 'complete' {
  const entered = Object.values(form.items).filter((state) => {
    const item = state.held && itemInPlace(study, form, state);
    return item && hasSource(item);
  });
  const verified = entered.filter((state) => state.verified).length;
  if (verified === 0) return 'none';
  return verified === entered.length ? 'complete' : 'partial';
}
