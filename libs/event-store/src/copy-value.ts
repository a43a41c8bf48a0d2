import type { CopyBytes } from './copy-bytes.js';

/** Puts a value that is not null, after its length. */
export type PutValue = (to: CopyBytes, value: never) => void;

/** Days and moments are counted from 2000. */
const EPOCH = Date.UTC(2000, 0, 1);
const DAY = 86_400_000;
const TEXT_OID = 25;

/** How PostgreSQL's binary formats have the types of which read models are made, by their names in SQL. */
const byType: Readonly<Record<string, PutValue>> = {
  boolean(to, value: boolean) {
    to.int32(1);
    to.byte(value ? 1 : 0);
  },
  smallint(to, value: number) {
    to.int32(2);
    to.int16(value);
  },
  integer(to, value: number) {
    to.int32(4);
    to.int32(value);
  },
  bigint(to, value: number) {
    to.int32(8);
    to.int64(value);
  },
  text(to, value: string) {
    to.text(value);
  },
  'text[]'(to, values: readonly string[]) {
    to.within(() => {
      to.int32(values.length > 0 ? 1 : 0);
      to.int32(0);
      to.int32(TEXT_OID);
      if (values.length === 0) return;
      to.int32(values.length);
      to.int32(1);
      for (const value of values) to.text(value);
    });
  },
  json(to, value: unknown) {
    to.text(JSON.stringify(value));
  },
  jsonb(to, value: unknown) {
    to.within(() => {
      to.byte(1);
      to.raw(JSON.stringify(value));
    });
  },
  uuid(to, value: string) {
    const digits = value.replaceAll('-', '');
    to.int32(16);
    for (let i = 0; i < 32; i += 8) to.int32(Number.parseInt(digits.slice(i, i + 8), 16) | 0);
  },
  /** YYYY-MM-DD. */
  date(to, value: string) {
    to.int32(4);
    to.int32((Date.parse(value) - EPOCH) / DAY);
  },
  /** A Date, or RFC 3339 to the millisecond. */
  'timestamp with time zone'(to, value: string | Date) {
    to.int32(8);
    to.int64((typeof value === 'string' ? Date.parse(value) - EPOCH : value.getTime() - EPOCH) * 1000);
  },
};

/** @throws TypeError for a type that no read model has had so far */
export function putterOf(type: string): PutValue {
  const put = byType[type];
  if (!put) throw new TypeError(`cannot copy values of type ${type}`);
  return put;
}
