import { readFileSync } from 'node:fs';
import type { Definition } from './definition/definition.js';

const STUDIES = ['sinet'];

/**
 * The studies that come with Daybook, from `studies/`: `study.json` names the forms, each of which is a
 * file of its own, as are code lists, checks and SDTM domains. Nothing is checked here: publishing does that.
 */
export function shippedStudies(): Definition[] {
  return STUDIES.map(assemble);
}

function assemble(folder: string): Definition {
  const read = (file: string) =>
    JSON.parse(readFileSync(new URL(`../studies/${folder}/${file}.json`, import.meta.url), 'utf8'));
  const study: { forms: string[] } & Omit<Definition, 'forms'> = read('study');
  return {
    ...study,
    forms: study.forms.map((form) => read(`forms/${form}`)),
    codeLists: read('code-lists'),
    ...read('checks'),
    sdtm: read('sdtm'),
  };
}
