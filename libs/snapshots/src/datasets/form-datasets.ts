import { type Casebook, type FormState, formKey, itemPath } from '#casebook';
import { parseKey } from '#values';
import { type Dataset, type DatasetRow, formColumns, type StudyAt } from '../dataset.js';
import { cellOf, type ItemColumn, itemColumns } from './item-columns.js';

/** One table a form, with a column for each item; and one for each of its repeating groups. */
export function formDatasets(study: StudyAt): Dataset[] {
  const forms = new Set(study.versions.flatMap(({ definition }) => definition.forms.map(({ oid }) => oid)));
  return [...forms].flatMap((form) => {
    const { label } = study.lineage.readAs().form(form)!;
    const items = itemColumns(study, form);
    const groupOf = ({ item }: ItemColumn) => study.lineage.readAs().group(item.groupOid)!;
    const plain = items.filter((one) => !groupOf(one).repeating);
    const groups = new Set(items.filter((one) => groupOf(one).repeating).map(({ item }) => item.groupOid));
    return [
      ...(plain.length > 0 ? [dataset(study, { form, name: form, label, items: plain })] : []),
      ...[...groups].map((group) =>
        dataset(study, {
          form,
          group,
          name: `${form}_${group.slice(group.lastIndexOf('.') + 1)}`,
          label: `${label}: ${study.lineage.readAs().group(group)!.label}`,
          items: items.filter(({ item }) => item.groupOid === group),
        }),
      ),
    ];
  });
}

interface Shape {
  readonly form: string;
  readonly group?: string;
  readonly name: string;
  readonly label: string;
  readonly items: readonly ItemColumn[];
}

function dataset(study: StudyAt, { form, group, name, label, items }: Shape): Dataset {
  const columns = [...formColumns, ...items.map(({ column }) => column)];
  return {
    name,
    label,
    columns,
    basis: ({ casebook }) => [casebook.site, ...formsOf(casebook, form)],
    *rows({ casebook }) {
      for (const state of formsOf(casebook, form)) {
        if (group === undefined) yield rowOf(study, casebook, state, items);
        else for (const row of rowKeys(state, group)) yield rowOf(study, casebook, state, items, group, row);
      }
    },
  };
}

const sorted = new WeakMap<Casebook['forms'], ReadonlyMap<string, readonly FormState[]>>();

/** A casebook's forms of one OID: dozens of datasets ask for theirs. */
export function formsOf({ forms }: Casebook, oid: string): readonly FormState[] {
  const known = sorted.get(forms);
  if (known) return known.get(oid) ?? [];
  const byOid = new Map<string, FormState[]>();
  for (const form of Object.values(forms)) {
    const own = parseKey(form.form)?.oid ?? '';
    byOid.set(own, [...(byOid.get(own) ?? []), form]);
  }
  sorted.set(forms, byOid);
  return byOid.get(oid) ?? [];
}

function rowKeys({ items }: FormState, group: string): Set<string> {
  return new Set(
    Object.values(items).flatMap((item) => (item.group === group && item.held ? item.row! : [])),
  );
}

function rowOf(
  study: StudyAt,
  casebook: Casebook,
  state: FormState,
  items: readonly ItemColumn[],
  group?: string,
  row?: string,
): DatasetRow {
  const cells = items.map(({ item, column }) => {
    const path = itemPath({ item: item.oid, ...(group && row !== undefined && { group, row }) });
    return cellOf(state.items[path]?.held, column.type);
  });
  const key = `${casebook.subject}/${formKey(state)}${row === undefined ? '' : `/${row}`}`;
  return { key, cells: [...placeOf(study, casebook, state), row ?? null, state.complete, ...cells] };
}

/** The values of the leading columns but the last two. */
export function placeOf({ oid }: StudyAt, { site, subject }: Casebook, { visit, form }: FormState) {
  const visitKey = parseKey(visit)!;
  return [oid, site, subject, visitKey.oid, visitKey.repeat, parseKey(form)!.repeat];
}
