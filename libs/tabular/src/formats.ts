import { csv } from './csv.js';
import { datasetJson } from './dataset-json.js';
import { ndjson } from './ndjson.js';
import { parquet } from './parquet.js';
import type { Write } from './table.js';
import { xpt } from './xpt.js';

export interface Format {
  name: string;
  mediaType: string;
  /** Of file names, with its dot. */
  extension: string;
  write: Write;
}

/** Dataset-JSON has no media type of its own. */
export const formats: readonly Format[] = [
  { name: 'csv', mediaType: 'text/csv', extension: '.csv', write: csv },
  { name: 'ndjson', mediaType: 'application/x-ndjson', extension: '.ndjson', write: ndjson },
  { name: 'dataset-json', mediaType: 'application/json', extension: '.json', write: datasetJson },
  { name: 'parquet', mediaType: 'application/vnd.apache.parquet', extension: '.parquet', write: parquet },
  { name: 'xpt', mediaType: 'application/x-sas-xport', extension: '.xpt', write: xpt },
];

/** The format of a name, or of a media type with or without parameters. */
export function formatOf(nameOrMediaType: string): Format | undefined {
  const wanted = nameOrMediaType.split(';')[0]!.trim().toLowerCase();
  return formats.find(({ name, mediaType }) => name === wanted || mediaType === wanted);
}
