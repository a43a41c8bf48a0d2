import type { Fault } from '#problem';
import type { Definition } from './definition.js';
import { referenceFaults } from './references.js';
import { shapeFaults } from './shape.js';

/** Whether `input` is a sound study definition, or else every fault it has with its place. */
export function validateDefinition(input: unknown): { definition: Definition } | { faults: Fault[] } {
  const faults = [...shapeFaults(input), ...referenceFaults(input)];
  return faults.length > 0 ? { faults } : { definition: input as Definition };
}
