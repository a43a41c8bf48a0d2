import { type CompiledExpressions, compileExpressions } from './compile-expressions.js';
import type {
  CodeList,
  Definition,
  FormDefinition,
  GroupDefinition,
  ItemDefinition,
  VisitDefinition,
} from './definition.js';
import { type VerificationPlan, verificationPlan } from './verification-plan.js';

/** One version of a definition, ready for look-ups; nothing in it can be changed. */
export interface CompiledStudy {
  readonly version: number;
  readonly definition: Definition;
  visit(oid: string): CompiledVisit | undefined;
  form(oid: string): CompiledForm | undefined;
  group(oid: string): CompiledGroup | undefined;
  item(oid: string): CompiledItem | undefined;
  readonly expressions: CompiledExpressions;
  readonly verification: VerificationPlan;
}

export interface CompiledVisit extends Omit<VisitDefinition, 'forms'> {
  /** In their order. */
  readonly forms: readonly CompiledForm[];
}

export interface CompiledForm extends Omit<FormDefinition, 'groups'> {
  readonly groups: readonly CompiledGroup[];
  /** Those of all groups, in their order. */
  readonly items: readonly CompiledItem[];
}

export interface CompiledGroup extends Omit<GroupDefinition, 'items'> {
  readonly formOid: string;
  readonly items: readonly CompiledItem[];
}

export interface CompiledItem extends ItemDefinition {
  readonly formOid: string;
  readonly groupOid: string;
  /** Labels by code, in the list's order; only for `code` and `codes`. */
  readonly codes?: ReadonlyMap<string, string>;
}

/** Builds the look-ups of a valid definition, once a version. The definition itself is copied. */
export function compile(source: Definition, version: number): CompiledStudy {
  const definition = structuredClone(source);
  const codeLists = new Map(definition.codeLists.map((list) => [list.oid, codesOf(list)]));
  const forms = byOid(definition.forms.map((form) => compileForm(form, codeLists)));
  const visits = byOid(definition.visits.map((visit) => compileVisit(visit, forms)));
  const groups = byOid([...forms.values()].flatMap((form) => form.groups));
  const items = byOid([...forms.values()].flatMap((form) => form.items));
  const study: CompiledStudy = {
    version,
    definition,
    visit: (oid) => visits.get(oid),
    form: (oid) => forms.get(oid),
    group: (oid) => groups.get(oid),
    item: (oid) => items.get(oid),
    expressions: compileExpressions(definition),
    verification: verificationPlan(definition),
  };
  for (const part of [study, ...visits.values(), ...forms.values()]) deepFreeze(part);
  return study;
}

type CodesByList = ReadonlyMap<string, ReadonlyMap<string, string>>;

function codesOf(list: CodeList): ReadonlyMap<string, string> {
  return new Map(list.codes.map(({ code, label }) => [code, label]));
}

function compileForm(form: FormDefinition, codeLists: CodesByList): CompiledForm {
  const groups = form.groups.map((group) => ({
    ...group,
    formOid: form.oid,
    items: group.items.map((item) => compileItem(item, form.oid, group.oid, codeLists)),
  }));
  return { ...form, groups, items: groups.flatMap((group) => group.items) };
}

function compileItem(
  item: ItemDefinition,
  formOid: string,
  groupOid: string,
  codeLists: CodesByList,
): CompiledItem {
  const codes = item.codeList === undefined ? undefined : codeLists.get(item.codeList);
  return { ...item, formOid, groupOid, ...(codes && { codes }) };
}

function compileVisit(visit: VisitDefinition, forms: ReadonlyMap<string, CompiledForm>): CompiledVisit {
  return { ...visit, forms: visit.forms.flatMap((oid) => forms.get(oid) ?? []) };
}

function byOid<T extends { oid: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((entry) => [entry.oid, entry]));
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}
