import { type Fault, pointerTo } from '#problem';
import { isCompleteDate } from '#values';
import type {
  Bounds,
  DateSource,
  Definition,
  EventSource,
  GroupDefinition,
  ItemDefinition,
  ItemType,
} from './definition.js';

/** Input that claims to be a T: its shape is judged elsewhere, so any part may be missing here. */
type Claimed<T> = T extends (infer E)[]
  ? Claimed<E>[] | undefined
  : T extends object
    ? { [K in keyof T]?: Claimed<T[K]> } | undefined
    : T | undefined;

interface Placed<T> {
  value: T;
  pointer: string;
}

interface Parts {
  groups: Placed<Claimed<GroupDefinition>>[];
  items: Placed<Claimed<ItemDefinition>>[];
  itemsByOid: Map<string | undefined, Claimed<ItemDefinition>>;
  groupOf: Map<string | undefined, ItemsGroup>;
}

/** Where an item stands: in a group of a form, which may be entered in rows. */
interface ItemsGroup {
  form: string | undefined;
  rows: boolean | undefined;
}

/** Names that are given twice or lead nowhere, and properties that contradict each other. */
export function referenceFaults(input: unknown): Fault[] {
  const definition = input as Claimed<Definition>;
  const groups = each(definition?.forms, '/forms').flatMap((form) =>
    each(form.value?.groups, `${form.pointer}/groups`),
  );
  const items = groups.flatMap((group) => each(group.value?.items, `${group.pointer}/items`));
  const itemsByOid = new Map(items.map(({ value }) => [value?.oid, value]));
  const parts: Parts = { groups, items, itemsByOid, groupOf: groupsByItem(definition) };
  return [
    ...duplicateFaults(definition, parts),
    ...groups.flatMap(groupFaults),
    ...itemFaults(definition, parts),
    ...visitFaults(definition, parts),
    ...milestoneFaults(definition, parts),
    ...endpointFaults(definition, parts),
  ];
}

function groupsByItem(definition: Claimed<Definition>): Parts['groupOf'] {
  return new Map(
    each(definition?.forms, '').flatMap(({ value: form }) =>
      each(form?.groups, '').flatMap(({ value: group }) => {
        const standing: ItemsGroup = { form: form?.oid, rows: group?.repeating };
        return each(group?.items, '').map(({ value }) => [value?.oid, standing] as const);
      }),
    ),
  );
}

function duplicateFaults(definition: Claimed<Definition>, { groups, items }: Parts): Fault[] {
  const codeLists = each(definition?.codeLists, '/codeLists');
  const visits = each(definition?.visits, '/visits');
  const named = [visits, each(definition?.forms, '/forms'), groups, items, codeLists];
  const coded = codeLists.map((list) => each(list.value?.codes, `${list.pointer}/codes`));
  return [
    ...named.flatMap((list) => duplicatesBy('oid', list)),
    ...duplicatesBy('oid', each(definition?.endpoints, '/endpoints')),
    ...[each(definition?.arms, '/arms'), ...coded].flatMap((list) => duplicatesBy('code', list)),
    ...visits.flatMap((visit) => duplicates(each(visit.value?.forms, `${visit.pointer}/forms`))),
  ];
}

function groupFaults({ value: group, pointer }: Placed<Claimed<GroupDefinition>>): Fault[] {
  return group?.maxRows !== undefined && group.repeating === false
    ? [notApplicable(`${pointer}/maxRows`, 'Only a repeating group has rows')]
    : [];
}

function itemFaults(definition: Claimed<Definition>, { items }: Parts): Fault[] {
  const codeLists = new Set(each(definition?.codeLists, '').map((list) => list.value?.oid));
  return items.flatMap(({ value: item, pointer }) => {
    const faults: Fault[] = [];
    const coded = item?.type === 'code' || item?.type === 'codes';
    if (coded && item.codeList === undefined)
      faults.push({
        pointer: `${pointer}/codeList`,
        code: 'missing',
        message: 'Coded items need a code list',
      });
    if (item?.codeList !== undefined && !coded)
      faults.push(notApplicable(`${pointer}/codeList`, 'Only code and codes have a code list'));
    else if (item?.codeList !== undefined && !codeLists.has(item.codeList))
      faults.push(dangling(`${pointer}/codeList`, 'code list', item.codeList));
    if (item?.range !== undefined && item.type !== 'integer' && item.type !== 'decimal')
      faults.push(notApplicable(`${pointer}/range`, 'Only numbers have a range'));
    if (item?.length !== undefined && item.type !== 'text')
      faults.push(notApplicable(`${pointer}/length`, 'Only text has a length'));
    if (item?.showIf !== undefined && (item.presence === 'mandatory' || item.derived))
      faults.push(
        notApplicable(
          `${pointer}/showIf`,
          'Only what is entered and not mandatory throughout has a condition',
        ),
      );
    faults.push(...boundsFaults(item?.range?.soft, `${pointer}/range/soft`));
    faults.push(...boundsFaults(item?.range?.hard, `${pointer}/range/hard`));
    return faults;
  });
}

function boundsFaults(bounds: Claimed<Bounds>, pointer: string): Fault[] {
  return bounds?.min !== undefined && bounds.max !== undefined && bounds.min > bounds.max
    ? [{ pointer, code: 'range-order', message: 'min is greater than max' }]
    : [];
}

function visitFaults(definition: Claimed<Definition>, parts: Parts): Fault[] {
  const forms = new Set(each(definition?.forms, '').map((form) => form.value?.oid));
  const arms = new Set(each(definition?.arms, '').map((arm) => arm.value?.code));
  return each(definition?.visits, '/visits').flatMap(({ value: visit, pointer }) => [
    ...each(visit?.forms, `${pointer}/forms`)
      .filter((form) => !forms.has(form.value))
      .map((form) => dangling(form.pointer, 'form', form.value)),
    ...itemReferenceFaults(visit?.target?.from, `${pointer}/target/from`, DATES, parts),
    ...each(visit?.target?.arms, `${pointer}/target/arms`)
      .filter((arm) => !arms.has(arm.value))
      .map((arm) => dangling(arm.pointer, 'arm', arm.value)),
  ]);
}

const DATES: ItemType[] = ['date', 'partialDate'];

function milestoneFaults(definition: Claimed<Definition>, parts: Parts): Fault[] {
  const milestones = definition?.milestones;
  const causes = each(milestones?.causeOfDeath, '/milestones/causeOfDeath');
  const alive = each(milestones?.lastAlive, '/milestones/lastAlive');
  return [
    ...itemReferenceFaults(milestones?.inclusion, '/milestones/inclusion', DATES, parts),
    ...itemReferenceFaults(milestones?.death, '/milestones/death', DATES, parts),
    ...causes.flatMap(({ value, pointer }) => itemReferenceFaults(value, pointer, ['code'], parts)),
    ...alive.flatMap(({ value, pointer }) => itemReferenceFaults(value, pointer, DATES, parts)),
  ];
}

function itemReferenceFaults(
  oid: string | undefined,
  pointer: string,
  types: ItemType[],
  { itemsByOid }: Parts,
): Fault[] {
  if (oid === undefined) return [];
  if (!itemsByOid.has(oid)) return [dangling(pointer, 'item', oid)];
  const type = itemsByOid.get(oid)?.type;
  return type !== undefined && types.includes(type)
    ? []
    : [{ pointer, code: 'wrong-item-type', message: `${oid} is not of type ${types.join(' or ')}` }];
}

/** A cause is a code of any list that a cause of death uses. */
function endpointFaults(definition: Claimed<Definition>, parts: Parts): Fault[] {
  const arms = new Set(each(definition?.arms, '').map((arm) => arm.value?.code));
  return each(definition?.endpoints, '/endpoints').flatMap(({ value: endpoint, pointer }) => [
    ...each(endpoint?.arms, `${pointer}/arms`)
      .filter((arm) => !arms.has(arm.value))
      .map((arm) => dangling(arm.pointer, 'arm', arm.value)),
    ...itemReferenceFaults(endpoint?.start?.date, `${pointer}/start/date`, ['date'], parts),
    ...sourceFaults(definition, { value: endpoint?.start, pointer: `${pointer}/start` }, parts),
    ...(['events', 'competing', 'censoring'] as const)
      .flatMap((part) => each(endpoint?.[part], `${pointer}/${part}`))
      .flatMap((source) => [
        ...itemReferenceFaults(source.value?.date, `${source.pointer}/date`, DATES, parts),
        ...sourceFaults(definition, source, parts),
        ...causeFaults(definition, source, parts),
      ]),
    ...(endpoint?.cutOff !== undefined && !isCompleteDate(endpoint.cutOff)
      ? [{ pointer: `${pointer}/cutOff`, code: 'invalid', message: 'must be a complete date, YYYY-MM-DD' }]
      : []),
  ]);
}

/** What a date is read with must stand in the same form, and if in rows, then in the same row. */
function sourceFaults(
  definition: Claimed<Definition>,
  { value: source, pointer }: Placed<Claimed<DateSource>>,
  parts: Parts,
): Fault[] {
  const { groupOf, itemsByOid } = parts;
  const own = groupOf.get(source?.date);
  const apart = (oid: string) => {
    const group = groupOf.get(oid);
    const together = group === own || (group?.form === own?.form && !group?.rows);
    return own && group && !together
      ? [notApplicable(placeOf(oid), `${oid} does not stand with ${source?.date}`)]
      : [];
  };
  const placeOf = (oid: string) =>
    oid === source?.ifMissing ? `${pointer}/ifMissing` : pointerTo(`${pointer}/where`, oid);
  const conditions = Object.entries(source?.where ?? {});
  return [
    ...itemReferenceFaults(source?.ifMissing, `${pointer}/ifMissing`, DATES, parts),
    ...[source?.ifMissing ?? [], ...conditions.map(([oid]) => oid)].flat().flatMap(apart),
    ...(itemsByOid.get(source?.date)?.identifying
      ? [notApplicable(`${pointer}/date`, `${source?.date} identifies the subject and cannot be read`)]
      : []),
    ...conditions.flatMap(([oid, codes]) => {
      const place = pointerTo(`${pointer}/where`, oid);
      const known = codesOf(definition, [itemsByOid.get(oid)?.codeList]);
      const faults = itemReferenceFaults(oid, place, ['code', 'codes'], parts);
      return faults.length > 0 ? faults : unknownCodes(each(codes, place), known, `code of ${oid}`);
    }),
  ];
}

function causeFaults(
  definition: Claimed<Definition>,
  { value: source, pointer }: Placed<Claimed<EventSource>>,
  { itemsByOid }: Parts,
): Fault[] {
  if (source?.causes === undefined) return [];
  const { death, causeOfDeath } = definition?.milestones ?? {};
  if (source.date !== death)
    return [notApplicable(`${pointer}/causes`, 'Only the milestone death has causes')];
  const lists = each(causeOfDeath, '').map((cause) => itemsByOid.get(cause.value)?.codeList);
  return unknownCodes(each(source.causes, `${pointer}/causes`), codesOf(definition, lists), 'cause of death');
}

function codesOf(definition: Claimed<Definition>, lists: (string | undefined)[]) {
  return new Set(
    each(definition?.codeLists, '')
      .filter((list) => lists.includes(list.value?.oid))
      .flatMap((list) => each(list.value?.codes, ''))
      .map((coded) => coded.value?.code),
  );
}

function unknownCodes(
  codes: Placed<string | undefined>[],
  known: ReadonlySet<string | undefined>,
  what: string,
): Fault[] {
  return codes
    .filter(({ value }) => !known.has(value))
    .map(({ value, pointer }) => dangling(pointer, what, value));
}

function duplicatesBy<Key extends string>(key: Key, list: Placed<{ [K in Key]?: unknown } | undefined>[]) {
  return duplicates(
    list.map(({ value, pointer }) => ({ value: value?.[key], pointer: pointerTo(pointer, key) })),
  );
}

function duplicates(list: Placed<unknown>[]): Fault[] {
  const seen = new Set<unknown>();
  return list.flatMap(({ value, pointer }) => {
    if (value !== undefined && seen.has(value))
      return [{ pointer, code: 'duplicate', message: `${value} is given twice` }];
    seen.add(value);
    return [];
  });
}

function dangling(pointer: string, what: string, name: unknown): Fault {
  return { pointer, code: 'dangling', message: `There is no ${what} ${name}` };
}

function notApplicable(pointer: string, message: string): Fault {
  return { pointer, code: 'not-applicable', message };
}

/** The elements with their places; none of what is no array. */
function each<T>(list: T[] | undefined, pointer: string): Placed<T>[] {
  return Array.isArray(list)
    ? list.map((value, index) => ({ value, pointer: pointerTo(pointer, index) }))
    : [];
}
