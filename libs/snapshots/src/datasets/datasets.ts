import type { Dataset, StudyAt } from '../dataset.js';
import { auditDataset } from './audit-dataset.js';
import { dictionaryDataset } from './dictionary-dataset.js';
import { formDatasets } from './form-datasets.js';
import { itemsDataset } from './items-dataset.js';
import { outcomesDataset } from './outcomes-dataset.js';
import { queriesDataset } from './queries-dataset.js';
import { sdtmDatasets } from './sdtm-datasets.js';
import { signaturesDataset } from './signatures-dataset.js';
import { subjectsDataset } from './subjects-dataset.js';
import { visitsDataset } from './visits-dataset.js';

/** All datasets of a study as it was defined by then. */
export function datasetsOf(study: StudyAt): Dataset[] {
  const datasets = [
    subjectsDataset(study),
    visitsDataset(study),
    outcomesDataset(study),
    itemsDataset(study),
    queriesDataset(study),
    signaturesDataset(study),
    auditDataset(study),
  ];
  const domains = sdtmDatasets(study);
  const taken = new Set(['DICTIONARY', ...[...datasets, ...domains].map(({ name }) => name)]);
  const forms = formDatasets(study).map((form) => ({ ...form, name: freeName(form.name, taken) }));
  const all = [...datasets, ...domains, ...forms];
  return [dictionaryDataset(all), ...all];
}

/** A form may be called as one of the other datasets is. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(`${name}_`, taken) : name;
}
