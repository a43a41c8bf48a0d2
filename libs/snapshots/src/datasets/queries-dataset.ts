import { showsQuery } from '#casebook';
import { type Dataset, placeColumns, type StudyAt } from '../dataset.js';
import { isAnalysed } from './item-columns.js';

/** One row a data query; what was written in it may tell who the subject is, and is left out. */
export function queriesDataset({ oid, lineage }: StudyAt): Dataset {
  const reading = lineage.readAs();
  return {
    name: 'QUERIES',
    label: 'Data queries',
    columns: [
      ...placeColumns,
      { name: 'QUERY', label: 'Query', type: 'string' },
      { name: 'VISIT', label: 'Visit', type: 'string' },
      { name: 'FORM', label: 'Form', type: 'string' },
      { name: 'ITEM', label: 'Item', type: 'string' },
      { name: 'ROWKEY', label: 'Row', type: 'string' },
      { name: 'CHECK', label: 'Edit check that raised it', type: 'string' },
      { name: 'STATUS', label: 'Status', type: 'string' },
      { name: 'RAISEDAT', label: 'Raised', type: 'datetime' },
      { name: 'CHANGEDAT', label: 'Last changed', type: 'datetime' },
      { name: 'MESSAGES', label: 'Messages in its thread', type: 'integer' },
    ],
    basis: ({ casebook: { site, queries } }) => [site, queries],
    *rows({ casebook: { site, subject, queries } }) {
      for (const state of Object.values(queries)) {
        const { query, visit, form, row, check, status, raisedAt, changedAt, messages } = state;
        if (!showsQuery(state, reading, { arms: true, item: isAnalysed })) continue;
        const about = [visit, form, state.item, row, check].map((value) => value ?? null);
        yield {
          key: query,
          cells: [oid, site, subject, query, ...about, status, raisedAt, changedAt, messages.length],
          ...(!showsQuery(state, reading, { arms: false, item: isAnalysed }) && { tellsArms: true }),
        };
      }
    },
  };
}
