import { grouped } from '#values';
import {
  BOOL,
  type Codes,
  DATE,
  DOUBLE,
  INT,
  type ItemType,
  listOf,
  type RecordType,
  TEXT,
  type Type,
} from './types.js';

/** What the checks of a study must know of it; a study definition has all of this. */
export interface StudyDescription {
  readonly arms: readonly CodeDescription[];
  readonly visits: readonly VisitDescription[];
  readonly forms: readonly FormDescription[];
  readonly codeLists: readonly { readonly oid: string; readonly codes: readonly CodeDescription[] }[];
}

export interface CodeDescription {
  readonly code: string;
  readonly label: string;
}

export interface VisitDescription {
  readonly oid: string;
  readonly type: 'scheduled' | 'unscheduled' | 'common';
  readonly repeating: boolean;
  readonly target?: { readonly day: number; readonly before: number; readonly after: number };
  readonly forms: readonly string[];
}

export interface FormDescription {
  readonly oid: string;
  readonly repeating: boolean;
  readonly groups: readonly {
    readonly oid: string;
    readonly repeating: boolean;
    readonly items: readonly ItemDescription[];
  }[];
}

export interface ItemDescription {
  readonly oid: string;
  readonly label: string;
  readonly type: 'text' | 'integer' | 'decimal' | 'date' | 'partialDate' | 'code' | 'codes';
  readonly codeList?: string;
  readonly identifying?: boolean;
  readonly hiddenFrom?: readonly string[];
  readonly revealsArm?: boolean;
}

/** What the study's expressions share by name. */
export type Constant =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer' | 'decimal'; readonly value: number }
  | { readonly type: 'text' | 'date'; readonly value: string };

/** One version of a study as its expressions see it. */
export interface Environment {
  /** In the order in which they are planned. */
  readonly visits: ReadonlyMap<string, VisitDescription & { readonly order: number }>;
  readonly forms: ReadonlyMap<string, FormScope>;
  readonly items: ReadonlyMap<string, ItemScope>;
  readonly arms: Codes;
  readonly constants: Readonly<Record<string, Constant>>;
}

export interface FormScope {
  readonly oid: string;
  readonly repeating: boolean;
  /** The form as itself being checked, and as one of the casebook's. */
  readonly own: RecordType;
  readonly elsewhere: RecordType;
  /** The first date on it: when it took place. */
  readonly date?: ItemType;
}

export interface ItemScope extends ItemDescription {
  readonly name: string;
  readonly form: string;
  /** Whether it stands in a repeating group. */
  readonly inRows: boolean;
  readonly celType: Type;
}

/**
 * The last part of an OID, by which expressions call an item or a group: `WEIGHT` for `I.FU.WEIGHT`.
 * What is then no CEL identifier, or no longer unique in its form, expressions cannot name.
 */
export function shortName(oid: string): string {
  return oid.slice(oid.lastIndexOf('.') + 1);
}

export function environmentOf(
  study: StudyDescription,
  constants: Readonly<Record<string, Constant>> = {},
): Environment {
  const codeLists = new Map(study.codeLists.map((list) => [list.oid, codesOf(list.oid, list.codes)]));
  const items = new Map(
    study.forms.flatMap((form) =>
      itemsOf(form, codeLists).map((item): [string, ItemScope] => [item.oid, item]),
    ),
  );
  return {
    visits: new Map(study.visits.map((visit, order) => [visit.oid, { ...visit, order }])),
    forms: new Map(study.forms.map((form) => [form.oid, formScope(form, items)])),
    items,
    arms: codesOf('arms', study.arms),
    constants,
  };
}

function codesOf(oid: string, codes: readonly CodeDescription[]): Codes {
  return { oid, labels: new Map(codes.map(({ code, label }) => [code, label])) };
}

function itemsOf(form: FormDescription, codeLists: ReadonlyMap<string, Codes>): ItemScope[] {
  return form.groups.flatMap((group) =>
    group.items.map((item) => ({
      ...item,
      name: shortName(item.oid),
      form: form.oid,
      inRows: group.repeating,
      celType: celType(item, item.codeList === undefined ? undefined : codeLists.get(item.codeList)),
    })),
  );
}

function celType(item: ItemDescription, codes: Codes | undefined): Type {
  const code: Type = codes ? { kind: 'string', codes } : TEXT;
  switch (item.type) {
    case 'integer':
      return INT;
    case 'decimal':
      return DOUBLE;
    case 'date':
    case 'partialDate':
      return DATE;
    case 'code':
      return code;
    case 'codes':
      return listOf(code);
    case 'text':
      return TEXT;
  }
}

function formScope(form: FormDescription, items: ReadonlyMap<string, ItemScope>): FormScope {
  const single = form.groups.filter((group) => !group.repeating).flatMap((group) => group.items);
  const date = single.find((item) => item.type === 'date' || item.type === 'partialDate');
  const own = formRecord(form, items, true);
  const dated = date && own.items.get(shortName(date.oid));
  return {
    oid: form.oid,
    repeating: form.repeating,
    own,
    elsewhere: formRecord(form, items, false),
    ...(dated && { date: dated }),
  };
}

function formRecord(form: FormDescription, items: ReadonlyMap<string, ItemScope>, own: boolean): RecordType {
  const groups = form.groups.filter((group) => group.repeating);
  return {
    kind: 'record',
    name: form.oid,
    own,
    items: itemTypes(
      form.groups.filter((group) => !group.repeating).flatMap((group) => group.items),
      items,
    ),
    groups: byName(
      groups.map((group) => ({
        kind: 'record',
        name: `${form.oid}.${shortName(group.oid)}`,
        own,
        items: itemTypes(group.items, items),
        groups: new Map(),
      })),
      ({ name }) => shortName(name),
    ),
  };
}

function itemTypes(
  descriptions: readonly ItemDescription[],
  items: ReadonlyMap<string, ItemScope>,
): ReadonlyMap<string, ItemType> {
  const types = descriptions.flatMap(({ oid }) => items.get(oid) ?? []);
  return byName(
    types.map(({ oid, name, celType }) => ({ oid, name, type: celType })),
    ({ name }) => name,
  );
}

function byName<T>(list: readonly T[], nameOf: (entry: T) => string): ReadonlyMap<string, T> {
  const named = grouped(list, nameOf);
  return new Map(
    [...named].flatMap(([name, entries]) => (entries.length === 1 ? [[name, entries[0]!]] : [])),
  );
}

/** What an expression can ask of the visit at which its form is filled in. */
export const VISIT: RecordType = {
  kind: 'record',
  name: 'visit',
  own: true,
  groups: new Map(),
  items: new Map<string, ItemType>(
    (
      [
        ['oid', TEXT],
        ['repeat', INT],
        ['day', INT],
        ['before', INT],
        ['after', INT],
        ['scheduled', BOOL],
      ] as const
    ).map(([name, type]) => [name, { name, type }]),
  ),
};
