import type { ColumnType } from './table.js';

/** How SAS shows its dates (days since 1960) and datetimes (seconds since 1960), which are numbers to it. */
export const sasFormats: Readonly<Partial<Record<ColumnType, { name: string; width: number }>>> = {
  date: { name: 'DATE', width: 9 },
  datetime: { name: 'DATETIME', width: 20 },
};
