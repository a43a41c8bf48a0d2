import { type Casebook, holdsSealed, type ItemState } from '#casebook';
import type { SdtmKey, SdtmSource, SdtmValue } from '#study';
import type { Value } from '#tabular';
import { parseKey } from '#values';
import type { StudyAt } from '../dataset.js';
import { BETWEEN_CODES, isAnalysed } from './item-columns.js';
import { itemBeside, type PlacedRecord, type RecordPlace } from './sdtm-records.js';

/** Whether each item that a record asks for holds one of the codes it is to hold. */
export function isMet({ record, place }: PlacedRecord, casebook: Casebook, study: StudyAt): boolean {
  return Object.entries(record.where ?? {}).every(([item, codes]) =>
    heldIn(itemBeside(casebook, place, item), study).some((code) => codes.includes(String(code))),
  );
}

/** What is held there, a value or several codes; nothing of what is missing, identifies or is hidden. */
export function heldIn(state: ItemState | undefined, { lineage }: StudyAt): (string | number | boolean)[] {
  const item = state && lineage.readAs().item(state.item);
  const held = state?.held;
  if (!item || !isAnalysed(item) || !held || 'missing' in held || holdsSealed(held)) return [];
  return [held.value as string | number | boolean | string[]].flat();
}

/** Null where none of the sources has something. */
export function sdtmValue(
  value: SdtmValue | undefined,
  place: RecordPlace | undefined,
  casebook: Casebook,
  study: StudyAt,
): Value {
  if (value === undefined || typeof value === 'string') return value ?? null;
  for (const source of [value].flat()) {
    const found = source.key
      ? keys[source.key](casebook, place, study)
      : itemValue(source, place, casebook, study);
    if (found !== null) return found;
  }
  return null;
}

const keys: Readonly<
  Record<SdtmKey, (casebook: Casebook, place: RecordPlace | undefined, study: StudyAt) => Value>
> = {
  subject: ({ subject }) => subject,
  site: ({ site }) => site,
  visit: (_, place, { lineage }) => {
    const key = place && parseKey(place.form.visit);
    const label = key && lineage.readAs().visit(key.oid)?.label;
    return label === undefined ? null : key?.repeat === 1 ? label : `${label} (${key?.repeat})`;
  },
  arm: ({ arm }) => arm?.code ?? null,
  armLabel: ({ arm }, _, study) => labelOfArm(arm?.code, study),
  actualArm: (casebook) => actualArm(casebook) ?? null,
  actualArmLabel: (casebook, _, study) => labelOfArm(actualArm(casebook), study),
};

const actualArm = ({ arm, crossovers }: Casebook) => crossovers.at(-1)?.to ?? arm?.code;

function labelOfArm(code: string | undefined, { lineage }: StudyAt): string | null {
  return lineage.followed.definition.arms.find((arm) => arm.code === code)?.label ?? null;
}

function itemValue(
  { item: oid, as, codes, has }: SdtmSource,
  place: RecordPlace | undefined,
  casebook: Casebook,
  study: StudyAt,
): Value {
  const state = oid === undefined ? place?.own : itemBeside(casebook, place, oid);
  const held = heldIn(state, study);
  if (!state || held.length === 0) return null;
  if (as === 'flag') return 'Y';
  if (has !== undefined) return held.includes(has) ? 'Y' : 'N';
  // In the terms in which it was entered: a unit may be another one since.
  const item = study.lineage.readAs(state.definition).item(state.item);
  if (as === 'unit')
    return item?.unit === undefined ? null : ((codes ? codes[item.unit] : item.unit) ?? null);
  const told = held.flatMap((one) => {
    const text = as === 'label' ? (item?.codes?.get(String(one)) ?? one) : one;
    return codes ? (codes[String(one)] ?? []) : text;
  });
  return told.length > 1 ? told.join(BETWEEN_CODES) : (told[0] ?? null);
}
