import type { NewEvent } from '#event-store';
import { type FormAddress, formKey, type ItemAddress, itemPath } from '../address.js';
import type { Forms, ItemState } from '../form/form-state.js';
import type { Reason } from '../held.js';
import { actorName, type Stamped } from '../stamped.js';

export type VerificationEvent =
  | NewEvent<'ItemsVerified', FormAddress & { items: readonly VerifiedItem[] }>
  /** By a person with a reason, or by the system where a value is another one than was verified. */
  | NewEvent<'VerificationWithdrawn', FormAddress & { items: readonly ItemAddress[]; reason?: Reason }>;

export interface VerifiedItem extends ItemAddress {
  /** Of the value that was seen. */
  readonly version: number;
}

/** A form's ETag does not change with what is verified in it. */
export function foldVerification(forms: Forms, event: Stamped<VerificationEvent>): Forms {
  const key = formKey(event.data);
  const form = forms[key];
  if (!form) return forms;
  const items = { ...form.items };
  for (const item of event.data.items) {
    const path = itemPath(item);
    const before = items[path];
    if (before) items[path] = event.type === 'ItemsVerified' ? verified(before, event) : unverified(before);
  }
  return { ...forms, [key]: { ...form, items } };
}

function verified(item: ItemState, event: Stamped<VerificationEvent>): ItemState {
  return { ...item, verified: { by: actorName(event), at: event.recordedAt } };
}

function unverified({ verified: _, ...item }: ItemState): ItemState {
  return item;
}
