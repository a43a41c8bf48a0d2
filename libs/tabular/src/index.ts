export { csv } from './csv.js';
export { datasetJson } from './dataset-json.js';
export { dictionary } from './dictionary.js';
export { type Format, formatOf, formats } from './formats.js';
export { ndjson } from './ndjson.js';
export { parquet } from './parquet.js';
export type {
  CodeList,
  Column,
  ColumnType,
  Counted,
  Origin,
  Row,
  Rows,
  Table,
  Value,
  Write,
} from './table.js';
export { xpt } from './xpt.js';
