import { sightOf } from '#access';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import {
  type VerificationFacts,
  type VerifyItems,
  verifyItems,
  type WithdrawVerification,
  withdrawVerification,
} from './verification.js';

/** The commands on the verification of source data. */
export function verificationCommands({ studies }: CasebookFacts) {
  const facts: CasebookCommand<VerifyItems, VerificationFacts>['facts'] = async (
    { log, caller },
    _,
    { definition, site },
  ) => ({
    study: await studies.version(log, definition),
    maySee: sightOf(caller, log, site).item,
  });

  const VerifyItems: CasebookCommand<VerifyItems, VerificationFacts> = {
    ...onCasebook('VerifyItems'),
    facts,
    prepare: (command) => command,
    decide: verifyItems,
  };

  const WithdrawVerification: CasebookCommand<WithdrawVerification, VerificationFacts> = {
    ...onCasebook('WithdrawVerification'),
    facts: (context, command, casebook) => facts(context, { ...command, forms: [], visits: [] }, casebook),
    prepare: (command) => command,
    decide: withdrawVerification,
  };

  return { VerifyItems, WithdrawVerification };
}
