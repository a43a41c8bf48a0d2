import {
  type Casebook,
  type FormState,
  formKey,
  type ItemAddress,
  type ItemState,
  itemPath,
} from '#casebook';
import type { RecordedEvent } from '#event-store';
import type { SdtmDomain, SdtmRecord } from '#study';

/** A record of a domain, and where in the casebook it stands. */
export interface PlacedRecord {
  readonly record: SdtmRecord;
  /** Absent of one record a subject. */
  readonly place?: RecordPlace;
}

export interface RecordPlace {
  readonly form: FormState;
  /** The record's own item. */
  readonly own: ItemState;
}

/** Every place where a record of the domain may be: each in which one of its items was ever entered. */
export function placedRecords({ records }: SdtmDomain, { forms }: Casebook): PlacedRecord[] {
  return records.flatMap((record): PlacedRecord[] => {
    if (record.of === undefined) return [{ record }];
    return Object.values(forms).flatMap((form) =>
      Object.values(form.items)
        .filter(({ item }) => item === record.of)
        .map((own) => ({ record, place: { form, own } })),
    );
  });
}

/** An item beside a record's own: in the same row, else in the same form; of one record a subject, anywhere. */
export function itemBeside(casebook: Casebook, place: RecordPlace | undefined, item: string) {
  if (!place) return Object.values(casebook.forms).find(({ items }) => items[item]?.held)?.items[item];
  const { items } = place.form;
  return items[itemPath({ ...place.own, item })] ?? items[item];
}

export const placeKey = ({ form, own }: RecordPlace) => `${formKey(form)}/${itemPath(own)}`;

/** Numbers of records that tell the arms apart begin here: a gap before another record would tell of them too. */
const APART = 100_000;

/**
 * --SEQ by place: the order in which the items of the domain's records were first entered. A number is never
 * given to another place, so those of records that are there no longer, or are not yet, are left out.
 *
 * @param isApart whether a record in a visit tells the arms apart
 */
export function sequenceNumbers(
  { records }: SdtmDomain,
  events: readonly RecordedEvent[],
  isApart: (record: SdtmRecord, visit: string) => boolean,
): ReadonlyMap<string, number> {
  const byItem = new Map(records.map((record) => [record.of, record]));
  const numbers = new Map<string, number>();
  const last = { together: 0, apart: APART };
  for (const { data } of events) {
    const { changes, ...address } = data as Entry;
    for (const change of changes ?? []) {
      const record = byItem.get(change.item);
      const key = record && `${formKey(address)}/${itemPath(change)}`;
      if (key === undefined || numbers.has(key)) continue;
      const number = isApart(record!, address.visit) ? ++last.apart : ++last.together;
      numbers.set(key, number);
    }
  }
  return numbers;
}

interface Entry {
  readonly visit: string;
  readonly form: string;
  readonly changes?: readonly ItemAddress[];
}
