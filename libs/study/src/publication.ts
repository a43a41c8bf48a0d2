import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import type { Definition } from './definition.js';
import { validateDefinition } from './validate.js';

/** A study's definitions, by version from 1; none before the study exists. */
export interface Publications {
  readonly versions: readonly { readonly definition: Definition; readonly publishedAt: string }[];
}

export type PublicationEvent = NewEvent<'DefinitionPublished', { version: number; definition: Definition }>;

export const nothingPublished: Publications = { versions: [] };

export function evolvePublications(
  state: Publications,
  event: PublicationEvent & { recordedAt: string },
): Publications {
  const { definition } = event.data;
  return { versions: [...state.versions, { definition, publishedAt: event.recordedAt }] };
}

export interface PublishDefinition {
  readonly definition: unknown;
}

/**
 * The first version makes the study.
 *
 * @throws Problem invalid-definition with every fault's place, already-exists when the study exists
 */
export function createStudy(command: PublishDefinition, state: Publications): PublicationEvent[] {
  const result = validateDefinition(command.definition);
  if ('faults' in result) {
    throw new Problem('invalid-definition', `The definition has ${result.faults.length} fault(s).`, {
      errors: result.faults,
    });
  }
  const { definition } = result;
  if (state.versions.length > 0)
    throw new Problem('already-exists', `There is a study ${definition.study.oid} already.`);
  return [{ type: 'DefinitionPublished', data: { version: 1, definition } }];
}
