import { type Caller, type Permission, sightOf } from '#access';
import type { Context } from '#commands';
import type { Casebook } from '../casebook.js';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook, subjectStream } from '../casebook-stream.js';
import {
  commentQuery,
  type MoveQuery,
  moveQuery,
  type QueryFacts,
  type QueryStep,
  type RaiseQuery,
  raiseQuery,
  subjectOfQuery,
} from './query.js';
import { showsQuery } from './query.view.js';
import type { QueryPlaceFacts } from './query-place.js';

/** The commands on data queries. */
export function queryCommands({ studies }: CasebookFacts) {
  const RaiseQuery: CasebookCommand<RaiseQuery, QueryPlaceFacts> = {
    ...onCasebook('RaiseQuery'),
    facts: async ({ caller, log }, _, { definition, site }) => {
      const { arms, item } = sightOf(caller, log, site);
      return {
        study: await studies.version(log, definition),
        sees: (one) => item(one) && (arms || !one.revealsArm),
      };
    },
    prepare: (command) => command,
    decide: raiseQuery,
  };

  const facts = async (
    { caller, log }: Context<Caller>,
    _: unknown,
    casebook: Casebook,
  ): Promise<QueryFacts> => {
    const study = (await studies.lineage(log, casebook.definition)).readAs();
    const sight = sightOf(caller, log, casebook.site);
    return { shows: (query) => showsQuery(query, study, sight) };
  };
  const onQuery = (type: Permission, decide: CasebookCommand<MoveQuery, QueryFacts>['decide']) => ({
    ...onCasebook(type),
    stream: ({ query }: MoveQuery) => subjectStream(subjectOfQuery(query) ?? ''),
    facts,
    prepare: (command: MoveQuery) => command,
    decide,
  });
  const moving = (type: Permission, step: QueryStep) =>
    onQuery(type, (command, casebook, own) => moveQuery(step, command, casebook, own));

  return {
    RaiseQuery,
    AnswerQuery: moving('AnswerQuery', 'QueryAnswered'),
    CloseQuery: moving('CloseQuery', 'QueryClosed'),
    ReopenQuery: moving('ReopenQuery', 'QueryReopened'),
    CancelQuery: moving('CancelQuery', 'QueryCancelled'),
    CommentQuery: onQuery('CommentQuery', commentQuery),
  };
}
