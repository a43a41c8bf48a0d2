import type { FormDef, ItemGroupDef, ItemGroupRef, ItemRef, MetaDataVersion, Study } from '#odm';
import { isOid } from '#values';
import type {
  CodeList,
  Definition,
  FormDefinition,
  GroupDefinition,
  VisitDefinition,
} from '../definition/definition.js';
import { checkOf, derivationOf, showIfOf } from './odm-expressions.js';
import { extensionOf } from './odm-extension.js';
import { codeListFromOdm, type ItemSources, inOrder, itemFromOdm } from './odm-import-item.js';
import { type Kind, type OdmOids, OidMaker, plainOid } from './odm-oids.js';
import type { Place } from './odm-place.js';
import { paragraphOf, textOf } from './odm-texts.js';

const KEPT = 'kept for exports, but not applied';
const MOST_ROWS = 999;

/** What a study of an ODM document is as a definition. */
export interface Imported {
  definition: Definition;
  /** ODM's OIDs of the definition's elements. */
  oids: OdmOids;
}

/** Reads the one MetaDataVersion of a study as a definition; faults and losses are noted at `place`, the study's. */
export function importStudy(study: Study, place: Place): Imported {
  const version = study.metaDataVersions[0]!;
  return new Import(study, version, place.in('MetaDataVersion', version.oid)).run(place);
}

class Import {
  private readonly maker: OidMaker;
  private readonly index: ReturnType<typeof indexOf>;
  /** By their OIDs in ODM; those without codes are not here. */
  private readonly codeLists = new Map<string, CodeList>();
  private readonly sources: ItemSources;
  private yesNo: CodeList | undefined;

  constructor(
    private readonly study: Study,
    private readonly metadata: MetaDataVersion,
    private readonly place: Place,
  ) {
    this.maker = new OidMaker(metadata);
    this.index = indexOf(metadata);
    const units = new Map((study.measurementUnits ?? []).map((unit) => [unit.oid, unit]));
    this.sources = {
      unit: (oid) => textOf(units.get(oid)?.symbol) ?? units.get(oid)?.name,
      codeList: (oid) => this.codeLists.get(oid)?.oid,
      booleans: () => this.booleans().oid,
    };
  }

  run(place: Place): Imported {
    const { name, description, oid } = this.study;
    for (const list of this.metadata.codeLists) this.addCodeList(list);
    const forms = this.metadata.forms.flatMap((form) => this.form(form) ?? []);
    const visits = this.visits(new Map(forms.map((form) => [this.maker.oids.form.get(form.oid)!, form.oid])));
    const { oid: own, ...extension } = extensionOf(this.metadata.protocol ?? {});
    const studyOid = isOid(own) ? own : isOid(oid) ? oid : plainOid(oid);
    if (studyOid !== oid) place.note('@OID', `called ${studyOid} here`);
    return {
      definition: {
        study: {
          oid: studyOid,
          name: place.line(name),
          description: paragraphOf(textOf(description) ?? ''),
        },
        arms: [],
        milestones: { causeOfDeath: [], lastAlive: [] },
        visits,
        forms,
        codeLists: [...this.codeLists.values(), ...(this.yesNo ? [this.yesNo] : [])],
        endpoints: [],
        ...this.expressions(),
        ...extension,
      },
      oids: this.maker.oids,
    };
  }

  private addCodeList(list: MetaDataVersion['codeLists'][number]): void {
    const place = this.place.in('CodeList', list.oid);
    const oid = list.items?.length ? this.name('codeList', list, place) : '';
    const made = codeListFromOdm(oid, list, place);
    if (made) this.codeLists.set(list.oid, made);
    else place.note('ExternalCodeList', `codes that are not in the document are not checked`);
  }

  /** The code list of a yes or no, which ODM has as a type. */
  private booleans(): CodeList {
    this.yesNo ??= {
      oid: this.maker.name('codeList', 'BOOLEAN'),
      label: 'Yes or no',
      codes: [
        { code: 'true', label: 'Yes' },
        { code: 'false', label: 'No' },
      ],
    };
    return this.yesNo;
  }

  private form(form: FormDef): FormDefinition | undefined {
    const place = this.place.in('FormDef', form.oid);
    const groups = this.groupsOf(form, place);
    if (groups.length === 0) {
      place.note('ItemGroupRef', `a form without items is ${KEPT}`);
      return undefined;
    }
    const { oid: _, ...extension } = extensionOf(form);
    if (form.repeating === 'Dynamic' || form.repeating === 'Static')
      place.note('@Repeating', `what drives the repeats is ${KEPT}`);
    return {
      oid: this.name('form', form, place),
      label: place.line(textOf(form.description) ?? form.name),
      repeating: form.repeating !== 'No',
      groups,
      ...extension,
    };
  }

  /** The groups of a form, those within groups after them, and one for items of the form's own. */
  private groupsOf(form: FormDef, place: Place): GroupDefinition[] {
    const own = form.itemRefs?.length
      ? [this.group({ ...form, oid: ownItemsOid(form), repeating: 'No' }, place)]
      : [];
    return [...own, ...this.groups(form.itemGroupRefs, place, new Set())].filter(
      (group) => group.items.length > 0,
    );
  }

  private groups(
    refs: readonly ItemGroupRef[] | undefined,
    place: Place,
    within: ReadonlySet<string>,
  ): GroupDefinition[] {
    return inOrder(refs ?? []).flatMap((ref) => {
      const { itemGroupOid } = ref;
      const def = this.index.groups.get(itemGroupOid);
      if (!def) {
        place.fault('ItemGroupRef', 'dangling', `There is no ItemGroupDef ${itemGroupOid}.`);
        return [];
      }
      if (within.has(itemGroupOid)) {
        place.fault('ItemGroupRef', 'circle', `ItemGroupDef ${itemGroupOid} contains itself.`);
        return [];
      }
      noteCondition(ref, 'ItemGroupRef', place);
      const at = this.place.in('ItemGroupDef', itemGroupOid);
      if (def.itemGroupRefs?.length) at.note('ItemGroupRef', 'groups within a group are shown after it');
      return [this.group(def, at), ...this.groups(def.itemGroupRefs, at, new Set([...within, itemGroupOid]))];
    });
  }

  private group(def: ItemGroupDef, place: Place): GroupDefinition {
    const { oid: own, ...extension } = extensionOf(def);
    const repeating = def.repeating !== 'No';
    const items = inOrder(def.itemRefs ?? []).flatMap((ref) => this.item(ref, place) ?? []);
    if (items.length === 0) place.note('ItemRef', `a group without items is ${KEPT}`);
    if (def.repeating === 'Dynamic' || def.repeating === 'Static')
      place.note('@Repeating', `what drives the repeats is ${KEPT}`);
    return {
      oid: items.length > 0 ? this.name('group', def, place, own) : def.oid,
      label: place.line(textOf(def.description) ?? def.name),
      repeating,
      ...(repeating &&
        def.repeatingLimit !== undefined && { maxRows: Math.min(def.repeatingLimit, MOST_ROWS) }),
      items,
      ...extension,
    };
  }

  private item(ref: ItemRef, group: Place) {
    const item = this.index.items.get(ref.itemOid);
    if (!item) {
      group.fault('ItemRef', 'dangling', `There is no ItemDef ${ref.itemOid}.`);
      return undefined;
    }
    const condition = this.index.conditions.get(ref.collectionExceptionConditionOid ?? '');
    const showIf = condition && showIfOf(condition);
    if (showIf === undefined) noteCondition(ref, 'ItemRef', group);
    const place = this.place.in('ItemDef', item.oid);
    if (item.codeListOid !== undefined && !this.index.codeLists.has(item.codeListOid))
      place.fault('CodeListRef', 'dangling', `There is no CodeList ${item.codeListOid}.`);
    const oid = this.name('item', item, place);
    if (showIf !== undefined) this.maker.oids.condition.set(oid, condition!.oid);
    return {
      ...itemFromOdm(oid, item, ref, this.sources, place),
      ...(showIf !== undefined && { showIf }),
    };
  }

  /** In the order of the protocol, as far as it names them. */
  private visits(forms: ReadonlyMap<string, string>): VisitDefinition[] {
    const named = inOrder(this.metadata.protocol?.studyEventRefs ?? []);
    const place = this.place.in('Protocol');
    for (const ref of named) {
      noteCondition(ref, 'StudyEventRef', place);
      if (!this.index.visits.has(ref.studyEventOid))
        place.fault('StudyEventRef', 'dangling', `There is no StudyEventDef ${ref.studyEventOid}.`);
    }
    const order = new Set([...named.map((ref) => ref.studyEventOid), ...this.index.visits.keys()]);
    return [...order].flatMap((oid) => {
      const visit = this.index.visits.get(oid);
      if (!visit) return [];
      const at = this.place.in('StudyEventDef', oid);
      const { oid: _, ...extension } = extensionOf(visit);
      return {
        oid: this.name('visit', visit, at),
        label: at.line(textOf(visit.description) ?? visit.name),
        type: visit.type.toLowerCase() as VisitDefinition['type'],
        repeating: visit.repeating,
        forms: inOrder(visit.formRefs ?? []).flatMap((ref) => {
          noteCondition(ref, 'FormRef', at);
          if (!this.index.forms.has(ref.formOid))
            at.fault('FormRef', 'dangling', `There is no FormDef ${ref.formOid}.`);
          return forms.get(ref.formOid) ?? [];
        }),
        ...extension,
      };
    });
  }

  private name(
    kind: Kind,
    element: { oid: string; aliases?: { context: string; name: string }[] },
    place: Place,
    own: unknown = extensionOf(element).oid,
  ): string {
    const oid = this.maker.name(kind, element.oid, own);
    if (oid !== element.oid && oid !== own) place.note('@OID', `called ${oid} here`);
    return oid;
  }

  /** Conditions and methods of our own are checks and derivations; others are kept. */
  private expressions(): Pick<Definition, 'checks' | 'derivations'> {
    const { conditions, methods, imputationMethods = [] } = this.metadata;
    const checks = conditions.flatMap((condition) => {
      if (showIfOf(condition) !== undefined) return [];
      const place = this.place.in('ConditionDef', condition.oid);
      const check = checkOf(condition, (own) => this.name('check', condition, place, own));
      if (!check) place.note('FormalExpression', `conditions are ${KEPT}`);
      return check ?? [];
    });
    const derivations = methods.flatMap((method) => {
      const derivation = derivationOf(method);
      if (derivation) this.maker.oids.derivation.set(derivation.item, method.oid);
      else this.place.in('MethodDef', method.oid).note('FormalExpression', `methods are ${KEPT}`);
      return derivation ?? [];
    });
    for (const { oid } of imputationMethods)
      this.place.in('ImputationMethod', oid).note('text()', `methods are ${KEPT}`);
    return { ...(checks.length > 0 && { checks }), ...(derivations.length > 0 && { derivations }) };
  }
}

/** Of the group for the items that stand in a form itself (ODM 2.0). */
export function ownItemsOid(form: { oid: string }): string {
  return `${form.oid}.ITEMS`;
}

function indexOf({ studyEvents, forms, itemGroups, items, codeLists, conditions }: MetaDataVersion) {
  return {
    visits: byOid(studyEvents),
    forms: byOid(forms),
    groups: byOid(itemGroups),
    items: byOid(items),
    codeLists: byOid(codeLists),
    conditions: byOid(conditions),
  };
}

function byOid<T extends { oid: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((element) => [element.oid, element]));
}

function noteCondition(
  { collectionExceptionConditionOid }: { collectionExceptionConditionOid?: string },
  element: string,
  place: Place,
): void {
  if (collectionExceptionConditionOid !== undefined)
    place.in(element).note('@CollectionExceptionConditionOID', `conditions are ${KEPT}`);
}
