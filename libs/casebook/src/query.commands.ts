import type { Permission } from '#access';
import { Problem } from '#problem';
import type { CasebookFacts } from './casebook-facts.service.js';
import { type CasebookCommand, onCasebook, subjectStream } from './casebook-stream.js';
import { plannedForm } from './plan.js';
import {
  type MoveQuery,
  moveQuery,
  type QueryStep,
  type RaiseQuery,
  raiseQuery,
  subjectOfQuery,
} from './query.js';

/** The commands on data queries. */
export function queryCommands({ studies }: CasebookFacts) {
  const RaiseQuery: CasebookCommand<RaiseQuery, undefined> = {
    ...onCasebook('RaiseQuery'),
    facts: async ({ log }, command, { definition }) => {
      const study = await studies.version(log, definition);
      const form = plannedForm(study, command);
      const known = command.item === undefined || form.items.some((item) => item.oid === command.item);
      if (known) return;
      const message = `There is no item ${command.item} in form ${command.form}.`;
      throw new Problem('invalid-value', message, {
        errors: [{ pointer: '/item', code: 'unknown-item', message }],
      });
    },
    prepare: (command) => command,
    decide: raiseQuery,
  };

  return {
    RaiseQuery,
    AnswerQuery: moving('AnswerQuery', 'QueryAnswered'),
    CloseQuery: moving('CloseQuery', 'QueryClosed'),
    ReopenQuery: moving('ReopenQuery', 'QueryReopened'),
    CancelQuery: moving('CancelQuery', 'QueryCancelled'),
  };
}

function moving(type: Permission, step: QueryStep): CasebookCommand<MoveQuery, undefined> {
  return {
    ...onCasebook(type),
    stream: ({ query }) => subjectStream(subjectOfQuery(query) ?? ''),
    facts: () => undefined,
    prepare: (command) => command,
    decide: (command, casebook) => moveQuery(step, command, casebook),
  };
}
