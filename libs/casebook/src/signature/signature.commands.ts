import { sightOf } from '#access';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { showsQuery } from '../query/query.view.js';
import { type SignatureFacts, type SignData, signData } from './signature.js';

/** The command that signs. Whoever runs it has made sure that it is the signer who asks. */
export function signatureCommands({ studies }: CasebookFacts) {
  const SignData: CasebookCommand<SignData, SignatureFacts> = {
    ...onCasebook('SignData'),
    facts: async ({ log, caller }, _, casebook) => {
      const lineage = await studies.lineage(log, casebook.definition);
      const sight = sightOf(caller, log, casebook.site);
      const known = lineage.readAs();
      return {
        ...{ by: caller.id, name: caller.name, followed: lineage.followed, known, sees: sight.item },
        shows: (query) => showsQuery(query, known, sight),
      };
    },
    prepare: (command) => command,
    decide: signData,
  };

  return { SignData };
}
