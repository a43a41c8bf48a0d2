import type { Column, Origin, Row, Rows, Table } from '#tabular';

/** Tables with values at the edges of each type, that every program is to read as they were written. */

export interface Sample {
  table: Table;
  rows: readonly Row[];
}

const columns: readonly Column[] = [
  { name: 'SUBJID', label: 'Subject', type: 'string', length: 60 },
  { name: 'VISITNUM', label: 'Visit number', type: 'integer' },
  { name: 'WEIGHT', label: 'Weight', type: 'decimal', unit: 'kg' },
  { name: 'ALIVE', label: 'Alive', type: 'boolean' },
  { name: 'VISITDT', label: 'Date of visit', type: 'date' },
  { name: 'ENTRDTM', label: 'Entered', type: 'datetime' },
  {
    name: 'SEX',
    label: 'Sex, “as registered”',
    type: 'string',
    codeList: {
      oid: 'CL.SEX',
      codes: [
        { code: 'F', label: 'Female' },
        { code: 'M', label: 'Male' },
        { code: '9', label: 'Other, "unknown"; – ' },
      ],
    },
  },
];

const rows: readonly Row[] = [
  ['FR01-0001', 1, 70.25, true, '2026-01-31', '2026-01-31T12:34:56.789Z', 'F'],
  ['a "quoted", text', -1, -0, false, '2024-02-29', '2024-02-29T23:59:59Z', 'M'],
  ['two\r\nlines\nand\ta tab', Number.MAX_SAFE_INTEGER, 0.1, null, '1600-02-29', '1600-01-01T00:00:00Z', '9'],
  ['emoji 👩‍🔬, Größe, 漢字, \u{10FFFF}', Number.MIN_SAFE_INTEGER, 1 / 3, true, '9999-12-31', null, null],
  [null, null, null, null, null, null, null],
  ['=1+1', 0, 123456789.12345679, true, '1969-12-31', '1969-12-31T23:59:59.999Z', 'F'],
  [
    "it's; <b>&amp;</b> \\n NA null",
    42,
    -2.2250738585072e-60,
    false,
    '1960-01-01',
    '1960-01-01T00:00:00Z',
    'F',
  ],
  ['', 7, 7.2e75, false, '0001-01-01', '9999-12-31T23:59:59.999Z', 'M'],
];

/** What every format can carry; to SAS in version 5. */
export const visits: Sample = { table: { name: 'VISITS', label: 'Visits', columns }, rows };

const longColumns: readonly Column[] = [
  ...columns,
  { name: 'free_text_of_the_investigator', label: 'Text '.repeat(20), type: 'string', length: 3000 },
];

/** What takes SAS version 8. */
export const remarks: Sample = {
  table: { name: 'REMARKS', label: 'Remarks', columns: longColumns },
  rows: rows.map((row, index) => [...row, index === 3 ? null : 'long “text” '.repeat(index * 20).trim()]),
};

/** Numbers that SAS has no room for. */
export const extremes: Sample = {
  table: visits.table,
  rows: [1e308, Number.MAX_VALUE, 5e-324, -5e-324, 1e21, 2 ** 53 + 2].map((weight) =>
    rows[0]!.with(2, weight),
  ),
};

export const nothing: Sample = { table: visits.table, rows: [] };

export function originOf(sample: Sample): Origin {
  return {
    createdAt: '2026-01-31T12:00:00.000Z',
    records: sample.rows.length,
    originator: 'A trial unit',
    sourceSystem: { name: 'Daybook', version: '1' },
    studyOid: 'S.SINET',
    metaDataVersionOid: 'MDV.3',
    fileOid: 'SNAPSHOT.1',
  };
}

export async function* inBatches(rows: readonly Row[], size: number): Rows {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
