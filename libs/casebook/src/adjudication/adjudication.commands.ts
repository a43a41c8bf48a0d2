import { authorise, sightOf } from '#access';
import { Problem } from '#problem';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type ConsequenceFacts, following } from '../consequences.js';
import { type RecordOpinion, recordOpinion } from './adjudication.js';

/** The command of the endpoint committee. */
export function adjudicationCommands(facts: CasebookFacts) {
  const base = onCasebook('RecordOpinion');
  const RecordOpinion: CasebookCommand<RecordOpinion, ConsequenceFacts> = {
    ...base,
    authorise: (context, command, casebook) => {
      const actor = base.authorise(context, command, casebook);
      const { caller, log } = context;
      // An item that is hidden from no role is seen by whoever reads casebooks at the site.
      if (!sightOf(caller, log, casebook.site).item({ hiddenFrom: [] })) return actor;
      throw new Problem('not-permitted', 'Whoever reads the casebooks of a site does not adjudicate them.');
    },
    facts: async (context, _, casebook) => ({
      ...(await facts.of('RecordOpinion', context, casebook)),
      actor: authorise(context.caller, 'RecordOpinion', context.log, casebook.site),
      // A member of the committee is told nothing of what a check reads.
      mayEnter: () => false,
    }),
    prepare: (command) => command,
    decide: following(recordOpinion),
  };

  return { RecordOpinion };
}
