import type { Fault } from '#problem';
import { originFaults } from '../odm/odm-origin.js';
import type { Definition } from './definition.js';
import { duplicateFaults } from './duplicates-faults.js';
import { expressionFaults } from './expression-faults.js';
import { oversightFaults } from './oversight-faults.js';
import { referenceFaults } from './references.js';
import { sdtmFaults } from './sdtm-faults.js';
import { shapeFaults } from './shape.js';

/** Whether `input` is a sound study definition, or else every fault it has with its place. */
export function validateDefinition(input: unknown): { definition: Definition } | { faults: Fault[] } {
  const shape = shapeFaults(input);
  const faults = [
    ...shape,
    ...referenceFaults(input),
    ...expressionFaults(input, shape),
    ...(shape.length === 0 ? originFaults(input as Definition) : []),
    ...(shape.length === 0 ? oversightFaults(input as Definition) : []),
    ...(shape.length === 0 ? duplicateFaults(input as Definition) : []),
    ...(shape.length === 0 ? sdtmFaults(input as Definition) : []),
  ];
  return faults.length > 0 ? { faults } : { definition: input as Definition };
}
