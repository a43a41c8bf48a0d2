import { adjudicationCommands } from './adjudication/adjudication.commands.js';
import { adoptionCommands } from './adoption/adoption.commands.js';
import type { CasebookFacts } from './casebook-facts.service.js';
import { dailyCommands } from './checks/daily.commands.js';
import { formCommands } from './form/form.commands.js';
import { duplicateCommands } from './identity/duplicate.commands.js';
import { erasureCommands } from './identity/erasure.commands.js';
import { lockCommands, underLocks } from './lock/lock.commands.js';
import { queryCommands } from './query/query.commands.js';
import { signatureCommands } from './signature/signature.commands.js';
import { subjectCommands } from './subject/subject.commands.js';
import { transferCommands } from './transfer/transfer.commands.js';
import { verificationCommands } from './verification/verification.commands.js';

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
