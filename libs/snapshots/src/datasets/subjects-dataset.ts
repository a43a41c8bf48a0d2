import { type Dataset, placeColumns, type StudyAt } from '../dataset.js';

/** One row a subject. */
export function subjectsDataset({ oid }: StudyAt): Dataset {
  return {
    name: 'SUBJECTS',
    label: 'Subjects',
    columns: [
      ...placeColumns,
      { name: 'STATUS', label: 'Status', type: 'string' },
      { name: 'CONSENTED', label: 'Date of consent', type: 'date' },
      { name: 'ENROLLEDAT', label: 'Enrolled', type: 'datetime' },
      { name: 'DEFINITION', label: 'Version of the definition that the casebook follows', type: 'integer' },
      { name: 'WITHDRAWN', label: 'Date of withdrawal', type: 'date' },
      { name: 'DIED', label: 'Date of death as recorded', type: 'string' },
      { name: 'ARM', label: 'Arm as first allocated', type: 'string', tellsArms: true },
      { name: 'ALLOCATED', label: 'Date of allocation', type: 'date', tellsArms: true },
      { name: 'CROSSEDTO', label: 'Arm last crossed over to', type: 'string', tellsArms: true },
      { name: 'CROSSED', label: 'Date of the last crossover', type: 'date', tellsArms: true },
    ],
    rows({ casebook }) {
      const { site, subject, status, consentDate, enrolledAt, definition, withdrawnOn, died, arm } = casebook;
      const crossover = casebook.crossovers.at(-1);
      const way = [status, consentDate, enrolledAt, definition, withdrawnOn ?? null, died ?? null];
      const arms = [arm?.code, arm?.date, crossover?.to, crossover?.date].map((value) => value ?? null);
      return [{ key: subject, cells: [oid, site, subject, ...way, ...arms] }];
    },
  };
}
