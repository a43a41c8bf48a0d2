import type { Value } from '#tabular';
import { type Dataset, type DatasetColumn, type DatasetRow, seenBy } from '../dataset.js';

const columns: readonly DatasetColumn[] = [
  { name: 'DATASET', label: 'Dataset', type: 'string' },
  { name: 'NTH', label: 'Order of the columns', type: 'integer' },
  { name: 'NAME', label: 'Column', type: 'string' },
  { name: 'LABEL', label: 'Label', type: 'string' },
  { name: 'TYPE', label: 'Type', type: 'string' },
  { name: 'UNIT', label: 'Unit', type: 'string' },
  { name: 'ITEM', label: 'Item that the column holds', type: 'string' },
  { name: 'CODELIST', label: 'Code list', type: 'string' },
  { name: 'CODES', label: 'Labels by code, as JSON', type: 'string' },
];

/** One row a column of every dataset, this one's too; for the blinded of what they are given. */
export function dictionaryDataset(datasets: readonly Dataset[]): Dataset {
  const dictionary: Dataset = { name: 'DICTIONARY', label: 'Data dictionary', columns, rows: () => [] };
  return { ...dictionary, studyRows: [...datasets, dictionary].flatMap(rowsOf) };
}

function rowsOf(dataset: Dataset): DatasetRow[] {
  const isGiven = seenBy(dataset, 'blinded') !== undefined;
  return dataset.columns.map((column, at) => ({
    key: `${dataset.name}/${column.name}`,
    cells: [dataset.name, at + 1, ...about(column)],
    ...((!isGiven || column.tellsArms) && { tellsArms: true }),
  }));
}

function about({ name, label, type, unit, oid, codeList }: DatasetColumn): Value[] {
  return [name, label, type, unit ?? null, oid ?? null, ...(codeList ? coded(codeList) : [null, null])];
}

/** Written out: an object would put codes that are numbers before the others. */
function coded({ oid, codes }: NonNullable<DatasetColumn['codeList']>): Value[] {
  const pairs = codes.map(({ code, label }) => `${JSON.stringify(code)}:${JSON.stringify(label)}`);
  return [oid, `{${pairs.join(',')}}`];
}
