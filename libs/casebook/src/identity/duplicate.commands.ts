import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type DuplicateFacts, type ReconcileDuplicates, reconcileDuplicates } from './duplicate.js';
import { matchesOf } from './duplicate.projection.js';

/** The command by which queries on possible duplicates come and go. */
export function duplicateCommands({ studies, pool }: CasebookFacts) {
  const ReconcileDuplicates: CasebookCommand<ReconcileDuplicates, DuplicateFacts> = {
    ...onCasebook('ReconcileDuplicates'),
    facts: async ({ log }, { subject }, { definition }) => {
      const study = await studies.version(log, definition);
      const check = study.definition.duplicates?.check;
      return { study, check, matches: await matchesOf(pool, log, subject) };
    },
    prepare: (command) => command,
    decide: reconcileDuplicates,
  };
  return { ReconcileDuplicates };
}
