import type { DerivationDefinition } from '#checks';
import type {
  DataType,
  ItemDef,
  ItemRef,
  MetaDataVersion,
  CodeList as OdmCodeList,
  OdmVersion,
  RangeCheck,
  Study,
} from '#odm';
import type {
  CodeList,
  Definition,
  FormDefinition,
  GroupDefinition,
  ItemDefinition,
  VisitDefinition,
} from '../definition/definition.js';
import { DEFAULT_LENGTH } from '../definition/item-value.js';
import { conditionOf, exceptionOf, methodOf } from './odm-expressions.js';
import { aliasesOf } from './odm-extension.js';
import type { OdmOidMaker } from './odm-oids.js';

/** What the definition alone says, as an ODM study. */
export function exportStudy(
  { odm: _, ...definition }: Definition,
  version: OdmVersion,
  identity: { studyOid: string; metaDataVersion: { oid: string; name: string } },
  maker: OdmOidMaker,
): Study {
  return new Export(definition, version, identity, maker).study();
}

const unitOid = (unit: string) => `MU.${unit}`;

class Export {
  private readonly units = new Set<string>();
  private readonly added = new Set<string>();
  private readonly metadata: MetaDataVersion;

  constructor(
    private readonly definition: Definition,
    private readonly version: OdmVersion,
    private readonly identity: Parameters<typeof exportStudy>[2],
    private readonly maker: OdmOidMaker,
  ) {
    this.metadata = {
      ...identity.metaDataVersion,
      studyEvents: [],
      forms: [],
      itemGroups: [],
      items: [],
      codeLists: [],
      conditions: [],
      methods: [],
    };
  }

  study(): Study {
    const { study, visits, forms, codeLists, arms, milestones, endpoints, ...rest } = this.definition;
    const { checks = [], derivations = [], ...others } = rest;
    const lists = new Map(codeLists.map((list) => [list.oid, this.maker.name('codeList', list.oid)]));
    const formOids = new Map(forms.map((form) => [form.oid, this.maker.name('form', form.oid)]));
    const oids = visits.map((visit) => this.maker.name('visit', visit.oid));
    for (const [i, visit] of visits.entries()) this.addVisit(visit, oids[i]!, formOids);
    for (const form of forms) this.addForm(form, formOids.get(form.oid)!, lists);
    for (const list of codeLists) this.addCodeList(list, lists.get(list.oid)!);
    this.metadata.conditions.push(
      ...checks.map((check) => conditionOf(check, this.maker.name('check', check.oid))),
    );
    for (const derivation of derivations) this.addMethod(derivation);
    const { oid, name, description } = study;
    this.metadata.protocol = {
      ...(visits.length > 0 && {
        studyEventRefs: visits.map(({ type }, i) => ({
          studyEventOid: oids[i]!,
          mandatory: type === 'scheduled',
        })),
      }),
      ...aliasesOf({
        oid: own(oid, this.identity.studyOid),
        arms: some(arms),
        milestones: Object.values(milestones).flat().length > 0 ? milestones : undefined,
        endpoints: some(endpoints),
        ...others,
      }),
    };
    return {
      oid: this.identity.studyOid,
      name,
      protocolName: name,
      ...(description !== '' && { description: { '': description } }),
      ...(this.units.size > 0 && { measurementUnits: [...this.units].map(measurementUnit) }),
      metaDataVersions: [this.metadata],
    };
  }

  private addVisit(visit: VisitDefinition, odmOid: string, formOids: ReadonlyMap<string, string>): void {
    const { oid, label, type, repeating, forms, ...rest } = visit;
    this.metadata.studyEvents.push({
      oid: odmOid,
      name: label,
      repeating,
      type: ({ scheduled: 'Scheduled', unscheduled: 'Unscheduled', common: 'Common' } as const)[type],
      ...(forms.length > 0 && {
        formRefs: forms.map((form) => ({ formOid: formOids.get(form)!, mandatory: type === 'scheduled' })),
      }),
      ...aliasesOf({ oid: own(oid, odmOid), ...rest }),
    });
  }

  private addForm(form: FormDefinition, odmOid: string, lists: ReadonlyMap<string, string>): void {
    const { oid, label, repeating, groups, ...rest } = form;
    this.metadata.forms.push({
      oid: odmOid,
      name: label,
      repeating: repeating ? 'Simple' : 'No',
      itemGroupRefs: groups.map((group) => ({
        itemGroupOid: this.addGroup(group, lists),
        mandatory: true,
      })),
      ...aliasesOf({ oid: own(oid, odmOid), ...rest }),
    });
  }

  private addGroup(group: GroupDefinition, lists: ReadonlyMap<string, string>): string {
    const { oid, label, repeating, maxRows, items, ...rest } = group;
    const odmOid = this.maker.name('group', oid);
    const native = this.version === '2.0';
    this.addOnce('itemGroups', {
      oid: odmOid,
      name: label,
      repeating: repeating ? 'Simple' : 'No',
      ...(maxRows !== undefined && native && { repeatingLimit: maxRows }),
      itemRefs: items.map((item) => this.addItem(item, lists)),
      ...aliasesOf({
        oid: own(oid, odmOid),
        maxRows: native ? undefined : maxRows,
        ...rest,
      }),
    });
    return odmOid;
  }

  private addItem(item: ItemDefinition, lists: ReadonlyMap<string, string>): ItemRef {
    const { oid, label, type, unit, length, codeList, range, presence, showIf, ...rest } = item;
    const odmOid = this.maker.name('item', oid);
    const native = this.version === '1.3.2';
    if (unit !== undefined && native) this.units.add(unit);
    const rangeChecks = [...checksOf('Soft', range?.soft), ...checksOf('Hard', range?.hard)];
    const def: ItemDef = {
      oid: odmOid,
      name: label,
      dataType: dataTypes[type],
      ...(type === 'text' && { length: length ?? DEFAULT_LENGTH }),
      question: { '': label },
      ...(unit !== undefined && native && { measurementUnitOids: [unitOid(unit)] }),
      ...(rangeChecks.length > 0 && { rangeChecks }),
      ...(codeList !== undefined && { codeListOid: lists.get(codeList)! }),
      ...aliasesOf({
        oid: own(oid, odmOid),
        type: type === 'codes' ? type : undefined,
        unit: native ? undefined : unit,
        presence: presence === 'conditional' && showIf === undefined ? presence : undefined,
        ...rest,
      }),
    };
    this.addOnce('items', def);
    const conditional = showIf !== undefined && presence === 'conditional';
    return {
      itemOid: odmOid,
      mandatory: presence === 'mandatory' || conditional,
      ...(showIf !== undefined && { collectionExceptionConditionOid: this.addCondition(oid, showIf) }),
    };
  }

  private addCondition(item: string, showIf: string): string {
    const odmOid = this.maker.name('condition', item);
    this.metadata.conditions.push(exceptionOf(item, showIf, odmOid));
    return odmOid;
  }

  private addCodeList({ oid, label, codes, ...rest }: CodeList, odmOid: string): void {
    const list: OdmCodeList = {
      oid: odmOid,
      name: label,
      dataType: 'text',
      items: codes.map(({ code, label: text }) => ({ codedValue: code, decode: { '': text } })),
      ...aliasesOf({ oid: own(oid, odmOid), ...rest }),
    };
    this.metadata.codeLists.push(list);
  }

  /** The method of a derived item, which the references to the item name. */
  private addMethod(derivation: DerivationDefinition): void {
    const odmOid = this.maker.name('derivation', derivation.item);
    const item = this.maker.oids.item.get(derivation.item);
    this.metadata.methods.push(methodOf(derivation, odmOid));
    for (const { itemRefs = [] } of this.metadata.itemGroups) {
      for (const ref of itemRefs) if (ref.itemOid === item) ref.methodOid = odmOid;
    }
  }

  /** What ODM uses in several places is one element there. */
  private addOnce<List extends 'items' | 'itemGroups'>(
    list: List,
    element: MetaDataVersion[List][number],
  ): void {
    if (this.added.has(element.oid)) return;
    this.added.add(element.oid);
    (this.metadata[list] as unknown[]).push(element);
  }
}

const dataTypes: Readonly<Record<ItemDefinition['type'], DataType>> = {
  text: 'text',
  integer: 'integer',
  decimal: 'decimal',
  date: 'date',
  partialDate: 'partialDate',
  code: 'text',
  codes: 'text',
};

function checksOf(softHard: 'Soft' | 'Hard', bounds: { min?: number; max?: number } = {}): RangeCheck[] {
  const { min, max } = bounds;
  return [
    ...(min === undefined ? [] : [{ comparator: 'GE' as const, softHard, values: [String(min)] }]),
    ...(max === undefined ? [] : [{ comparator: 'LE' as const, softHard, values: [String(max)] }]),
  ];
}

function measurementUnit(unit: string) {
  return { oid: unitOid(unit), name: unit, symbol: { '': unit } };
}

/** The definition's OID where ODM has another. */
function own(oid: string, odmOid: string): string | undefined {
  return oid === odmOid ? undefined : oid;
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
