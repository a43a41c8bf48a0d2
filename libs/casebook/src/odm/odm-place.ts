import type { ItemData, FormData as OdmForm, StudyEventData, SubjectData, Traced } from '#odm';
import type { CompiledStudy, OdmOids } from '#study';
import { grouped, parseKey } from '#values';
import type { FormAddress, ItemAddress } from '../address.js';
import { placeTellsArms } from '../form/plan.js';
import { isThereFor, type Reader } from '../form/view.js';
import type { LockPlace } from '../lock/lock-state.js';

/** In whose terms, and for whom, places are named. */
export interface PlaceSetting {
  readonly study: CompiledStudy;
  readonly oids: OdmOids;
  readonly reader: Reader;
}

/** What is said at a place: by whom, with which signature, remarks and queries. */
export type Told = Pick<Traced, 'auditRecord' | 'signature' | 'annotations' | 'queries'>;

export type SubjectContent = Pick<SubjectData, 'studyEvents' | keyof Told>;

/** An item of a form, and what is said of it. */
export interface PlacedItem extends ItemAddress {
  readonly data: Omit<ItemData, 'itemOid'>;
}

/**
 * What is said of the whole casebook, of a visit, a form, or an item, at its place. An item of a repeating group
 * without its row stands for the item in every row.
 */
export function toldAt(place: LockPlace, told: Told, setting: PlaceSetting): SubjectContent {
  const { visit, form, item, group, row } = place;
  if (visit === undefined) return told;
  if (form === undefined) return { studyEvents: [{ ...visitAt(visit, setting), ...told }] };
  const at = { visit, form };
  if (item === undefined) return inForms([{ at, content: told }], setting);
  const address = { item, ...(group !== undefined && { group }), ...(row !== undefined && { row }) };
  const data = { transactionType: 'Context' as const, ...told };
  return inForms([{ at, content: itemsIn([{ ...address, data }], setting) }], setting);
}

/** What is said of several forms, visit by visit. */
export function inForms(
  forms: readonly { readonly at: FormAddress; readonly content: Partial<OdmForm> }[],
  setting: PlaceSetting,
): { studyEvents: StudyEventData[] } {
  const visits = grouped(forms, ({ at }) => at.visit);
  return {
    studyEvents: [...visits].map(([visit, own]) => ({
      ...visitAt(visit, setting),
      forms: own.map(({ at, content }) => ({ ...formAt(at, setting), ...content })),
    })),
  };
}

/** Items in their groups and rows, in the order in which these first come. */
export function itemsIn(
  items: readonly PlacedItem[],
  { study, oids }: PlaceSetting,
): Pick<OdmForm, 'itemGroups'> {
  const placed = items.map((one) => ({ ...one, group: one.group ?? study.item(one.item)!.groupOid }));
  const groups = grouped(placed, ({ group, row = '' }) => `${group}/${row}`);
  return {
    itemGroups: [...groups.values()].map((own) => {
      const { group, row } = own[0]!;
      return {
        itemGroupOid: oids.group.get(group) ?? group,
        ...(row !== undefined && { repeatKey: row }),
        transactionType: own.every(isContext) ? ('Context' as const) : ('Upsert' as const),
        items: own.map(({ item, data }) => ({ itemOid: oids.item.get(item) ?? item, ...data })),
      };
    }),
  };
}

const isContext = ({ data }: PlacedItem) => data.transactionType === 'Context';

/**
 * Whether a reader may be told of a place. What tells the arms apart by being there, and an item that the reader
 * must not know of, are as if they were not.
 */
export function isPlaceTold(
  { item: oid, ...place }: LockPlace,
  { study, reader }: Pick<PlaceSetting, 'study' | 'reader'>,
): boolean {
  if (!reader.arms && placeTellsArms(place, study)) return false;
  if (oid === undefined) return true;
  const item = study.item(oid);
  return item !== undefined && isThereFor(reader, item);
}

function formAt({ form }: FormAddress, { oids, study }: PlaceSetting): OdmForm {
  const { oid, repeat } = parseKey(form)!;
  return {
    formOid: oids.form.get(oid) ?? oid,
    ...((repeat > 1 || study.form(oid)?.repeating) && { repeatKey: String(repeat) }),
    transactionType: 'Upsert',
  };
}

function visitAt(visit: string, { oids, study }: PlaceSetting): StudyEventData {
  const { oid, repeat } = parseKey(visit)!;
  return {
    studyEventOid: oids.visit.get(oid) ?? oid,
    ...((repeat > 1 || study.visit(oid)?.repeating) && { repeatKey: String(repeat) }),
    transactionType: 'Upsert',
  };
}
