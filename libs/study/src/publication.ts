import type { NewEvent } from '#event-store';
import { Problem } from '#problem';
import type { Definition } from './definition/definition.js';
import { diffDefinitions } from './definition/diff.js';
import { validateDefinition } from './definition/validate.js';

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
  const definition = soundDefinition(command);
  if (state.versions.length > 0)
    throw new Problem('already-exists', `There is a study ${definition.study.oid} already.`);
  return published(1, definition);
}

/**
 * A later version becomes the current one: subjects are enrolled under it from then on, while each casebook
 * there is follows its own until it adopts another.
 *
 * @throws Problem invalid-definition, also for a definition of another study; not-found before the first
 *   version; conflict when nothing changes
 */
export function publishDefinition(command: PublishDefinition, state: Publications): PublicationEvent[] {
  const current = state.versions.at(-1);
  if (!current) throw new Problem('not-found', 'There is no such thing here.');
  const definition = soundDefinition(command);
  const { oid } = current.definition.study;
  if (definition.study.oid !== oid) {
    const message = `This is not a definition of study ${oid}.`;
    throw new Problem('invalid-definition', message, {
      errors: [{ pointer: '/study/oid', code: 'other-study', message }],
    });
  }
  if (diffDefinitions(current.definition, definition).length === 0)
    throw new Problem('conflict', `Nothing changes: this is version ${state.versions.length}.`);
  return published(state.versions.length + 1, definition);
}

function soundDefinition(command: PublishDefinition): Definition {
  const result = validateDefinition(command.definition);
  if ('definition' in result) return result.definition;
  const { faults } = result;
  throw new Problem('invalid-definition', `The definition has ${faults.length} fault(s).`, {
    errors: faults,
  });
}

const published = (version: number, definition: Definition): PublicationEvent[] => [
  { type: 'DefinitionPublished', data: { version, definition } },
];
