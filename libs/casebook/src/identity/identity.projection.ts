import type { Fold } from '#event-store';
import type { Studies } from '#study';
import { foldDuplicates } from './duplicate.projection.js';
import { foldErasure } from './erasure.projection.js';
import type { SubjectKeys } from './subject-key.table.js';

/** Follows every log for what is kept beside it of who the subjects are: their keys, and their fingerprints. */
export function foldIdentity(studies: Studies, keys: SubjectKeys): Fold {
  const folds = [foldErasure(keys), foldDuplicates(studies, keys)];
  return async (client, log, events) => {
    for (const fold of folds) await fold(client, log, events);
  };
}
