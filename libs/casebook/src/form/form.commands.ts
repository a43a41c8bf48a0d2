import { authorise, sightOf } from '#access';
import { Problem } from '#problem';
import { type CasebookFacts, consequenceFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook, sealedPlace } from '../casebook-stream.js';
import { seal } from '../identity/seal.js';
import { showsQuery } from '../query/query.view.js';
import { type EnterFormFacts, enterForm } from './enter-form.js';
import { type EnterForm, type PreparedForm, prepareForm } from './entry.js';
import { plannedForm } from './plan.js';
import { readerOf } from './reader.js';
import { viewForm } from './view.js';

/** The command that enters forms and corrects them. */
export function formCommands(sources: CasebookFacts) {
  const { studies } = sources;
  const EnterForm: CasebookCommand<EnterForm, EnterFormFacts, PreparedForm> = {
    ...onCasebook('EnterForm'),
    facts: async (context, command, casebook) => {
      const { log, caller, ifMatch } = context;
      const lineage = await studies.lineage(log, casebook.definition);
      const study = lineage.followed;
      const { oid, items } = plannedForm(study, command);
      const identifying = items.some((item) => item.identifying) || study.expressions.mayReadIdentity(oid);
      const key = identifying ? await sources.keyOf(log, casebook) : undefined;
      const sight = sightOf(caller, log, casebook.site);
      const actor = authorise(caller, 'EnterForm', log, casebook.site);
      const place = (path: string) => sealedPlace(log, casebook.subject, command, path);
      return {
        ifMatch,
        seal: (path, text) => {
          if (key) return seal(key, place(path), text);
          throw new Problem('erased', 'The identity of this subject was erased.');
        },
        shows: (query) => showsQuery(query, lineage.readAs(), sight),
        view: (form) => viewForm(form, Object.values(casebook.queries), lineage, readerOf(sight, key, place)),
        ...consequenceFacts(context, casebook, actor, study, key),
      };
    },
    prepare: (command, _, facts) => prepareForm(command, facts),
    decide: enterForm,
  };

  return { EnterForm };
}
