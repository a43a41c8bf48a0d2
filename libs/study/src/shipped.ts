import { readFileSync } from 'node:fs';
import { Problem } from '#problem';
import type { Definition } from './definition/definition.js';
import { validateDefinition } from './definition/validate.js';

const STUDIES = ['sinet'];

/**
 * The studies that come with Daybook, from `studies/`: `study.json` names the forms, each of which is a
 * file of its own, as are code lists, checks and SDTM domains. Throws a Problem `invalid-definition` when one has been
 * edited into a fault.
 */
export function shippedStudies(): Definition[] {
  return STUDIES.map(assemble);
}

function assemble(folder: string): Definition {
  const read = (file: string) =>
    JSON.parse(readFileSync(new URL(`../studies/${folder}/${file}.json`, import.meta.url), 'utf8'));
  const study: { forms: string[] } = read('study');
  const result = validateDefinition({
    ...study,
    forms: study.forms.map((form) => read(`forms/${form}`)),
    codeLists: read('code-lists'),
    ...read('checks'),
    sdtm: read('sdtm'),
  });
  if ('faults' in result)
    throw new Problem('invalid-definition', `The study in ${folder} has faults`, { errors: result.faults });
  return result.definition;
}
