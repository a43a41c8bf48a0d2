import { adjudicationCommands } from './adjudication.commands.js';
import { adoptionCommands } from './adoption.commands.js';
import type { CasebookFacts } from './casebook-facts.service.js';
import { dailyCommands } from './daily.commands.js';
import { duplicateCommands } from './duplicate.commands.js';
import { erasureCommands } from './erasure.commands.js';
import { formCommands } from './form.commands.js';
import { lockCommands, underLocks } from './lock.commands.js';
import { queryCommands } from './query.commands.js';
import { signatureCommands } from './signature.commands.js';
import { subjectCommands } from './subject.commands.js';
import { transferCommands } from './transfer.commands.js';
import { verificationCommands } from './verification.commands.js';

/** All commands on casebooks, by their names. */
export function casebookCommands(facts: CasebookFacts) {
  const commands = {
    ...subjectCommands(facts),
    ...transferCommands(facts),
    ...erasureCommands(),
    ...duplicateCommands(facts),
    ...dailyCommands(facts),
    ...formCommands(facts),
    ...queryCommands(facts),
    ...signatureCommands(facts),
    ...adoptionCommands(facts),
    ...verificationCommands(facts),
    ...adjudicationCommands(facts),
    ...lockCommands(facts),
  };
  return underLocks(commands, facts);
}

export type CasebookCommands = ReturnType<typeof casebookCommands>;

/** DI token of the `CasebookCommands`. */
export const CASEBOOK_COMMANDS = Symbol('CasebookCommands');
