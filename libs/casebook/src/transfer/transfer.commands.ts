import { authorise } from '#access';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type ConsequenceFacts, following } from '../consequences.js';
import { type TransferFacts, type TransferSubject, transferSubject } from './transfer.js';

/** The command that hands a subject over to another site. */
export function transferCommands(facts: CasebookFacts) {
  const own = onCasebook('TransferSubject');
  const TransferSubject: CasebookCommand<TransferSubject, TransferFacts & ConsequenceFacts> = {
    ...own,
    // Whoever may do it at one site only neither gives a subject away nor takes one.
    authorise: (context, command, casebook) => {
      const actor = own.authorise(context, command, casebook);
      authorise(context.caller, 'TransferSubject', context.log, command.site);
      return actor;
    },
    facts: async (context, { site }, casebook) => ({
      ...(await facts.of('TransferSubject', context, casebook)),
      siteExists: await exists(facts, context.log, site),
    }),
    prepare: (command) => command,
    decide: following(transferSubject),
  };
  return { TransferSubject };
}

async function exists({ pool }: CasebookFacts, study: string, site: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM site WHERE study = $1 AND site = $2', [study, site]);
  return rowCount === 1;
}
