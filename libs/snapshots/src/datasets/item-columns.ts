import { type Held, holdsSealed } from '#casebook';
import type { CompiledItem, ItemType } from '#study';
import type { ColumnType, Value } from '#tabular';
import type { DatasetColumn, StudyAt } from '../dataset.js';

/** An item of the study with its column. */
export interface ItemColumn {
  readonly item: CompiledItem;
  readonly column: DatasetColumn;
}

/** For whom datasets are made: what is hidden from that role is in none. */
export const DATASET_ROLE = 'statistician';

const typeOfColumn: Readonly<Record<ItemType, ColumnType>> = {
  text: 'string',
  integer: 'integer',
  decimal: 'decimal',
  date: 'date',
  partialDate: 'string',
  code: 'string',
  codes: 'string',
};

/**
 * The columns of a form's items, those of all versions of the definition, in the order in which they first
 * appeared: a later version adds columns at the end and takes none away.
 */
export function itemColumns(study: StudyAt, form: string): ItemColumn[] {
  const names = new Set<string>();
  return itemsOf(study, form).flatMap((oid) => {
    const item = study.lineage.readAs().item(oid)!;
    const name = nameOf(oid, names);
    names.add(name);
    if (!isAnalysed(item)) return [];
    return { item, column: columnOf(item, name, study) };
  });
}

/** Neither what identifies a subject nor what is hidden from the statistical unit. */
export function isAnalysed({ identifying, hiddenFrom }: CompiledItem): boolean {
  return !identifying && !hiddenFrom?.includes(DATASET_ROLE);
}

function itemsOf({ versions }: StudyAt, form: string): string[] {
  const oids = versions.flatMap((version) => version.form(form)?.items.map(({ oid }) => oid) ?? []);
  return [...new Set(oids)];
}

/** What stands last in the OID, where no earlier item of the form has that name: `CGA` for `I.LB.CGA`. */
function nameOf(oid: string, taken: ReadonlySet<string>): string {
  const short = oid.slice(oid.lastIndexOf('.') + 1).replaceAll(/[^A-Za-z0-9_]/g, '_');
  if (short !== '' && !taken.has(short)) return short;
  return oid.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

function columnOf(item: CompiledItem, name: string, { versions }: StudyAt): DatasetColumn {
  const { oid, label, unit, codes, revealsArm, codeList } = item;
  const types = new Set(
    versions.flatMap((version) => {
      const known = version.item(oid);
      return known ? typeOfColumn[known.type] : [];
    }),
  );
  return {
    name,
    label,
    oid,
    type: oneType(types),
    ...(unit !== undefined && { unit }),
    ...(codes && {
      codeList: { oid: codeList!, codes: [...codes].map(([code, text]) => ({ code, label: text })) },
    }),
    ...(revealsArm && { tellsArms: true }),
  };
}

/** Versions may give an item another type: its column then holds both. */
function oneType(types: ReadonlySet<ColumnType>): ColumnType {
  if (types.size === 1) return [...types][0]!;
  return [...types].every((type) => type === 'integer' || type === 'decimal') ? 'decimal' : 'string';
}

/** Between several codes of one item. */
export const BETWEEN_CODES = '|';

/** A held value in a column; null for what is missing, whatever the reason. */
export function cellOf(held: Held | null | undefined, type: ColumnType): Value {
  if (!held || 'missing' in held || holdsSealed(held)) return null;
  const value = held.value as string | number | boolean | readonly string[];
  if (typeof value === 'object') return value.join(BETWEEN_CODES);
  return type === 'string' ? String(value) : value;
}
