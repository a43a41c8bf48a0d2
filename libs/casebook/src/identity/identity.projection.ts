import type { Anew } from '#commands';
import type { Fold } from '#event-store';
import type { Studies } from '#study';
import { duplicatesAnew, foldDuplicates } from './duplicate.projection.js';
import { eraseAgain, foldErasure } from './erasure.projection.js';
import type { SubjectKeys } from './subject-key.table.js';

/** Follows every log for what is kept beside it of who the subjects are: their keys, and their fingerprints. */
export function foldIdentity(studies: Studies, keys: SubjectKeys): Fold {
  const folds = [foldErasure(keys), foldDuplicates(studies, keys)];
  return async (client, log, events) => {
    for (const fold of folds) await fold(client, log, events);
  };
}

/** The same from the whole log. */
export function identityAnew(studies: Studies, keys: SubjectKeys): Anew {
  const duplicates = duplicatesAnew(studies, keys);
  return async (log) => {
    const { rowsOf, rest } = await duplicates(log);
    return {
      async rowsOf(history) {
        await eraseAgain(keys, log, history);
        return rowsOf(history);
      },
      ...(rest && { rest }),
    };
  };
}
