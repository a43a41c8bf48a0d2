import { Problem } from '#problem';
import type { CompiledStudy, Studies } from '#study';
import type { CasebookFacts } from '../casebook-facts.service.js';
import { type CasebookCommand, onCasebook } from '../casebook-stream.js';
import { type ConsequenceFacts, following } from '../consequences.js';
import { type AdoptDefinition, type AdoptionFacts, adoptDefinition } from './adopt-definition.js';

/** The command that moves a casebook to another version of the study's definition. */
export function adoptionCommands(facts: CasebookFacts) {
  const AdoptDefinition: CasebookCommand<AdoptDefinition, AdoptionFacts & ConsequenceFacts> = {
    ...onCasebook('AdoptDefinition'),
    facts: async (context, { definition }, casebook) => {
      const study = await publishedVersion(facts.studies, context.log, definition);
      return facts.of('AdoptDefinition', context, casebook, study);
    },
    prepare: (command) => command,
    decide: following(adoptDefinition),
  };

  return { AdoptDefinition };
}

/** @throws Problem invalid-value for a version that was never published */
export async function publishedVersion(
  studies: Studies,
  study: string,
  version: number,
): Promise<CompiledStudy> {
  const { versions } = await studies.publications(study);
  if (versions[version - 1]) return studies.version(study, version);
  const message = `Versions 1 to ${versions.length} of the definition are published.`;
  throw new Problem('invalid-value', message, {
    errors: [{ pointer: '/definition', code: 'unknown-version', message }],
  });
}
