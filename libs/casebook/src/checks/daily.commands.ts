import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type DailyFacts, type RunDailyChecks, runDailyChecks } from './daily.js';

/** The command that checks a casebook because a day has passed. */
export function dailyCommands(facts: CasebookFacts) {
  const RunDailyChecks: CasebookCommand<RunDailyChecks, DailyFacts> = {
    ...onCasebook('RunDailyChecks'),
    facts: async (context, _, casebook) => ({
      ...(await facts.of('RunDailyChecks', context, casebook)),
      locks: (await facts.studies.locks(context.log)).state,
    }),
    prepare: (command) => command,
    decide: runDailyChecks,
  };
  return { RunDailyChecks };
}
