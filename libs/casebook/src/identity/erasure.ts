import { Problem } from '#problem';
import type { Casebook, CasebookEvent } from '../casebook.js';
import type { Reason } from '../held.js';

export interface EraseIdentity {
  readonly subject: string;
  readonly reason: Reason;
}

/**
 * Gives up the key of what identifies the subject. The event comes first: from it on no casebook is read or
 * entered with the key, and the key itself is destroyed because of it, by whoever comes first.
 */
export function eraseIdentity({ reason }: EraseIdentity, { erasedAt }: Casebook): CasebookEvent[] {
  if (erasedAt) throw new Problem('conflict', `The identity was erased already, at ${erasedAt}.`);
  return [{ type: 'IdentityErased', data: { reason } }];
}
