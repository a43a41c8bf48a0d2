import { checked, createdAt } from './checked.js';
import { lineWriter } from './lines.js';
import { sasFormats } from './sas.js';
import type { Column, ColumnType, Origin, Row, Rows, Table } from './table.js';
import { encodedLines } from './text.js';

const dataTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  integer: 'integer',
  decimal: 'double',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
};

/**
 * CDISC Dataset-JSON 1.1, its attributes in the order the specification recommends, a row a line. A decimal
 * is a `double`, since `decimal` would be text there.
 * @see https://www.cdisc.org/standards/data-exchange/dataset-json
 */
export async function* datasetJson(table: Table, rows: Rows, origin: Origin): AsyncIterable<Uint8Array> {
  const batches = checked(table, rows, origin);
  const metadata = JSON.stringify({
    datasetJSONCreationDateTime: createdAt(origin),
    datasetJSONVersion: '1.1.0',
    fileOID: origin.fileOid,
    originator: origin.originator,
    sourceSystem: origin.sourceSystem && {
      name: origin.sourceSystem.name,
      version: origin.sourceSystem.version,
    },
    studyOID: origin.studyOid,
    metaDataVersionOID: origin.metaDataVersionOid,
    itemGroupOID: table.oid ?? `IG.${table.name}`,
    records: origin.records,
    name: table.name,
    label: table.label,
    columns: table.columns.map((column) => columnMetadata(table, column)),
  });
  const cells = lineWriter(
    table.columns.map((_, index) => (index === 0 ? '[' : ',')),
    JSON.stringify,
    ']',
  );
  const line = (row: Row, isFirst: boolean): string => `${isFirst ? '' : ','}\n${cells(row)}`;
  yield* encodedLines(`${metadata.slice(0, -1)},"rows":[`, batches, line, '\n]}\n');
}

/** Dates are text in the file, and the reader's to make SAS dates of. */
function columnMetadata(table: Table, column: Column): object {
  const format = sasFormats[column.type];
  return {
    itemOID: column.oid ?? `IT.${table.name}.${column.name}`,
    name: column.name,
    label: column.label,
    dataType: dataTypes[column.type],
    targetDataType: format && 'integer',
    length: column.length,
    displayFormat: format && `${format.name}${format.width}.`,
  };
}
