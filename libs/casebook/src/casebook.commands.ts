import { adoptionCommands } from './adoption.commands.js';
import type { CasebookFacts } from './casebook-facts.service.js';
import { formCommands } from './form.commands.js';
import { queryCommands } from './query.commands.js';
import { subjectCommands } from './subject.commands.js';

/** All commands on casebooks, by their names. */
export function casebookCommands(facts: CasebookFacts) {
  return {
    ...subjectCommands(facts),
    ...formCommands(facts),
    ...queryCommands(facts),
    ...adoptionCommands(facts),
  };
}

export type CasebookCommands = ReturnType<typeof casebookCommands>;

/** DI token of the `CasebookCommands`. */
export const CASEBOOK_COMMANDS = Symbol('CasebookCommands');
